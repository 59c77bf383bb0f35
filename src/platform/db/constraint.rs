//! Constraints are named in the migrations after the code that a caller sees: `lab_code_taken` → `LAB_CODE_TAKEN`.
//!
//! PostgreSQL reports the name. SQLite reports the columns, so their names are read from its catalogue at start.

use std::{
    collections::HashMap,
    sync::{Mutex, OnceLock, PoisonError},
};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, RuntimeErr, SqlErr, Statement, sqlx};
use serde_json::json;

use crate::platform::{
    db::Dialect,
    fault::{Fault, Outcome},
};

/// SQLite's columns (`lab.agency, lab.code`) → name. Empty on PostgreSQL.
pub(super) type Names = HashMap<String, String>;

const UNIQUE_INDEXES: &str = "
    SELECT i.name AS name, m.sql AS sql, (
        SELECT group_concat(m.name || '.' || c.name, ', ') FROM pragma_index_info(i.name) c
    ) AS columns
    FROM sqlite_master m JOIN pragma_index_list(m.name) i ON i.\"unique\" = 1
    WHERE m.type = 'table'";

pub(super) async fn names(conn: &DatabaseConnection, dialect: Dialect) -> Outcome<Names> {
    if dialect == Dialect::Postgres {
        return Ok(Names::new());
    }
    let rows = conn
        .query_all_raw(Statement::from_string(dialect.backend(), UNIQUE_INDEXES))
        .await
        .map_err(|cause| fault(&Names::new(), cause))?;
    let mut names = Names::new();
    for row in &rows {
        let text = |column: &str| row.try_get::<String>("", column).map_err(Fault::internal);
        let (sql, columns, name) = (text("sql")?, text("columns")?, text("name")?);
        let key = primary_key(&sql).filter(|_| name.starts_with("sqlite_autoindex_"));
        names.insert(columns, key.map_or(name, str::to_owned));
    }
    Ok(names)
}

/// The name of a table's primary key: SQLite keeps it in the table's text only.
fn primary_key(sql: &str) -> Option<&str> {
    let (before, _) = sql.split_once(" PRIMARY KEY (")?;
    before.rsplit_once("CONSTRAINT ").map(|(_, name)| name.trim())
}

/// What a failed statement means for the caller.
pub(super) fn fault(names: &Names, cause: DbErr) -> Fault {
    match cause.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(text)) => {
            let name = constraint_name(&cause)
                .or_else(|| sqlite_columns(&text).and_then(|columns| names.get(columns).cloned()));
            name.filter(|name| name.ends_with("_taken")).map_or_else(|| Fault::internal(cause), |name| taken(&name))
        }
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => Fault::conflict(
            "REFERENCE_MISSING",
            "Something that this refers to does not exist (any more); read it again.",
            json!({ "constraint": constraint_name(&cause) }),
        ),
        _ if let Some(name) = excluded(&cause) => taken(name),
        _ if let Some(name) = exceeded(&cause) => exceeds(&name),
        _ if is_deadlock(&cause) => {
            Fault::Unavailable("Others wrote the same rows in another order; send it again.".to_owned())
        }
        _ if is_reversed_span(&cause) => Fault::invalid(
            "effectiveFrom",
            "SPAN_REVERSED",
            "The end would lie before the beginning; choose a later date.",
        ),
        _ if is_nul(&cause) => {
            Fault::invalid("", "CONTROL_CHARACTER", "Take the character U+0000 out of what you send; no text holds it.")
        }
        _ if is_connection(&cause) => {
            tracing::error!(error = %cause, "the database does not answer");
            Fault::Unavailable("The database does not answer; try again in a moment.".to_owned())
        }
        _ => Fault::internal(cause),
    }
}

fn taken(name: &str) -> Fault {
    let what = name.trim_end_matches("_taken").replace('_', " ");
    Fault::conflict(
        code(name),
        format!("This {what} is taken by another record; choose another, or edit that one."),
        json!({}),
    )
}

/// The code of a constraint, interned: there are as many as constraints in the schema.
fn code(name: &str) -> &'static str {
    static CODES: OnceLock<Mutex<HashMap<String, &'static str>>> = OnceLock::new();
    let mut codes = CODES.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    codes.entry(name.to_owned()).or_insert_with(|| name.to_uppercase().leak())
}

fn sqlite_columns(text: &str) -> Option<&str> {
    text.rsplit_once("UNIQUE constraint failed: ").map(|(_, columns)| columns.trim())
}

fn database_error(cause: &DbErr) -> Option<&dyn sqlx::error::DatabaseError> {
    match cause {
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            error.as_database_error()
        }
        _ => None,
    }
}

fn constraint_name(cause: &DbErr) -> Option<String> {
    database_error(cause)?.constraint().map(str::to_owned)
}

fn is_reversed_span(cause: &DbErr) -> bool {
    database_error(cause)
        .is_some_and(|error| error.is_check_violation() && error.to_string().contains("_span_reversed"))
}

/// The name of an exclusion that was violated: a constraint of PostgreSQL (SQLSTATE 23P01), a trigger of SQLite that says
/// the name and nothing else (SQLITE_CONSTRAINT_TRIGGER).
fn excluded(cause: &DbErr) -> Option<&str> {
    let error = database_error(cause)?;
    match error.code().as_deref() {
        Some("23P01") => error.constraint(),
        Some("1811") => Some(error.message()),
        _ => None,
    }
    .filter(|name| name.ends_with("_taken"))
}

/// The name of a check that was violated and says how much there is.
fn exceeded(cause: &DbErr) -> Option<String> {
    let error = database_error(cause).filter(|error| error.is_check_violation())?;
    let name = error.constraint().unwrap_or_else(|| error.message().rsplit(' ').next().unwrap_or_default());
    Some(name.to_owned()).filter(|name| name.ends_with("_exceeded"))
}

fn exceeds(name: &str) -> Fault {
    let what = name.trim_end_matches("_exceeded").replace('_', " ");
    Fault::conflict(code(name), format!("More of this {what} would be taken than there is."), json!({}))
}

/// PostgreSQL has undone one of several transactions that waited for each other (SQLSTATE 40P01).
fn is_deadlock(cause: &DbErr) -> bool {
    database_error(cause).is_some_and(|error| error.code().as_deref() == Some("40P01"))
}

/// PostgreSQL takes no U+0000 in a text (SQLSTATE 22021), whereas JSON can carry it.
fn is_nul(cause: &DbErr) -> bool {
    database_error(cause).is_some_and(|error| error.code().as_deref() == Some("22021"))
}

fn is_connection(cause: &DbErr) -> bool {
    matches!(cause, DbErr::Conn(_) | DbErr::ConnectionAcquire(_))
        || matches!(cause, DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))
            if matches!(**error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed))
}
