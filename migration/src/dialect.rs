//! The one place that knows how the two databases differ in their schemas.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::{SchemaManager, sea_orm};

/// PostgreSQL's word, SQLite's word. Dates are text in SQLite, ids are 16 bytes.
const WORDS: [(&str, &str); 6] = [
    (" uuid", " BLOB"),
    (" jsonb", " TEXT"),
    (" timestamptz", " TEXT"),
    (" date", " TEXT"),
    (" bytea", " BLOB"),
    (" double precision", " REAL"),
];

#[expect(clippy::disallowed_methods, reason = "migrations are the other place that may write")]
/// Runs statements, separated by `;` at the end of a line, on whichever database this is.
pub(crate) async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
    let db = manager.get_connection();
    for statement in sql.split(";\n").map(str::trim).filter(|each| !each.is_empty()) {
        let text = if sqlite { translated(statement) } else { statement.to_owned() };
        db.execute_raw(sea_orm::Statement::from_string(manager.get_database_backend(), text)).await?;
    }
    Ok(())
}

/// Runs statements on PostgreSQL alone: for what the two databases have under different names, or one of them has not.
pub(crate) async fn run_on_postgres(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres { run(manager, sql).await } else { Ok(()) }
}

/// Runs statements on SQLite alone, as [`run_on_postgres`] does on the other.
pub(crate) async fn run_on_sqlite(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Sqlite { run(manager, sql).await } else { Ok(()) }
}

fn translated(statement: &str) -> String {
    // What an index carries besides its key is more of its key there.
    let statement: String = match statement.split_once(" INCLUDE (") {
        Some((key, carried)) => format!("{}, {carried}", key.strip_suffix(')').unwrap_or(key)),
        None => statement.to_owned(),
    };
    WORDS.iter().fold(statement, |text, (theirs, ours)| {
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(at) = rest.find(theirs) {
            let end = at + theirs.len();
            let whole = rest[end..].chars().next().is_none_or(|next| !next.is_alphanumeric() && next != '_');
            out.push_str(&rest[..at]);
            out.push_str(if whole { ours } else { theirs });
            rest = &rest[end..];
        }
        out.push_str(rest);
        out
    })
}
