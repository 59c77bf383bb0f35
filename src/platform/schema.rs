//! Which version the database is of.

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;

use super::{
    db::{Db, Dialect},
    fault::{Fault, Outcome},
};

/// Where a database stands against this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Changes that were made, oldest first.
    pub applied: Vec<String>,
    /// Changes that this program knows and the database lacks.
    pub pending: Vec<String>,
    /// Changes in the database that this program does not know.
    pub unknown: Vec<String>,
}

impl Status {
    /// # Errors
    /// `DATABASE_OLDER` when the database lacks changes that this program knows, and as [`Status::refuse_newer`].
    pub fn refuse_pending(&self) -> Outcome<()> {
        self.refuse_newer()?;
        if self.pending.is_empty() {
            return Ok(());
        }
        Err(Fault::rule(
            "DATABASE_OLDER",
            "The database is of an earlier version of labpact; run labpact migrate up first.",
            json!({ "pending": self.pending }),
        ))
    }

    /// # Errors
    /// `DATABASE_NEWER` when a later version of the program has changed the database.
    pub fn refuse_newer(&self) -> Outcome<()> {
        if self.unknown.is_empty() {
            return Ok(());
        }
        Err(Fault::rule(
            "DATABASE_NEWER",
            format!(
                "The database was changed by a newer version of labpact ({}); install that version.",
                self.unknown.join(", ")
            ),
            json!({ "unknown": self.unknown }),
        ))
    }
}

/// Compares the database with the program. Changes nothing.
///
/// # Errors
/// `UNAVAILABLE` when the database does not answer.
pub async fn status(db: &Db) -> Outcome<Status> {
    let exists = match db.dialect() {
        Dialect::Sqlite => "SELECT 1 AS found FROM sqlite_master WHERE name = 'seaql_migrations'",
        Dialect::Postgres => "SELECT 1 AS found FROM pg_catalog.pg_class WHERE oid = to_regclass('seaql_migrations')",
    };
    let rows = |sql: &'static str| async move {
        let statement = Statement::from_string(db.dialect().backend(), sql);
        db.connection().query_all_raw(statement).await.map_err(|cause| db.fault(cause))
    };
    let mut applied = Vec::new();
    if !rows(exists).await?.is_empty() {
        for row in rows("SELECT version FROM seaql_migrations ORDER BY version").await? {
            applied.push(row.try_get::<String>("", "version").map_err(Fault::internal)?);
        }
    }
    let known: Vec<String> = Migrator::migrations().iter().map(|each| each.name().to_owned()).collect();
    Ok(Status {
        pending: known.iter().filter(|name| !applied.contains(name)).cloned().collect(),
        unknown: applied.iter().filter(|name| !known.contains(name)).cloned().collect(),
        applied,
    })
}

/// Makes every pending change.
///
/// # Errors
/// `UNAVAILABLE` or `INTERNAL` with the cause in the log.
pub async fn up(db: &Db) -> Outcome<()> {
    Migrator::up(db.connection(), None).await.map_err(|cause| db.fault(cause))
}
