//! What each database offers for loading many rows.

use std::{
    fmt::Write as _,
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
    process::Command,
};

use entity::competence_scope::Model;
use sqlx::{
    AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::rows;

const COLUMNS: &str = "id, revision, scope_version_id, certificate_id, lab_id, agency, serial, serial_key, field, object, \
     parameter, method, standard_key, standard_year, clause, limits, remarks, visibility, effective_from, effective_to, \
     recorded_at";

/// `COPY` in its text format, a lab's lines per message, in one transaction.
pub async fn copy(url: &str, lines: u64) {
    let mut connection = PgConnection::connect(url).await.expect("the database opens");
    let statement = format!("COPY competence_scope ({COLUMNS}) FROM STDIN");
    let mut sink = connection.copy_in_raw(&statement).await.expect("the copy begins");
    let mut text = String::new();
    for batch in rows::batches(lines) {
        text.clear();
        for row in &batch {
            written(&mut text, row);
        }
        sink.send(text.as_bytes()).await.expect("the rows are sent");
    }
    sink.finish().await.expect("the copy ends");
    connection.close().await.expect("the connection closes");
}

fn written(text: &mut String, row: &Model) {
    let or_null = |value: &Option<String>| value.clone().unwrap_or_else(|| "\\N".to_owned());
    let year = row.standard_year.map_or_else(|| "\\N".to_owned(), |year| year.to_string());
    writeln!(
        text,
        "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\tPARTNER\t{}\t{}\t{}",
        row.id.0,
        row.revision,
        row.scope_version_id.0,
        row.certificate_id.0,
        row.lab_id.0,
        row.agency.as_str(),
        row.serial,
        row.serial_key,
        row.field,
        row.object,
        row.parameter,
        row.method,
        or_null(&row.standard_key),
        year,
        or_null(&row.clause),
        or_null(&row.limits),
        or_null(&row.remarks),
        row.effective_from,
        row.effective_to,
        row.recorded_at.to_rfc3339(),
    )
    .expect("text can be written");
}

async fn sqlite(url: &str) -> SqliteConnection {
    let options: SqliteConnectOptions = url.parse().expect("a URL of SQLite");
    let options = options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .pragma("cache_size", "-16000")
        .pragma("temp_store", "MEMORY");
    SqliteConnection::connect_with(&options).await.expect("the database opens")
}

/// One prepared statement, row by row.
pub async fn prepared(url: &str, lines: u64) {
    let mut connection = sqlite(url).await;
    connection.execute("BEGIN IMMEDIATE").await.expect("begun");
    insert(&mut connection, "competence_scope", lines).await;
    connection.execute("COMMIT").await.expect("committed");
    connection.close().await.expect("the connection closes");
}

async fn insert(connection: &mut SqliteConnection, table: &str, lines: u64) {
    let marks = vec!["?"; 21].join(", ");
    let statement = format!("INSERT INTO {table} ({COLUMNS}) VALUES ({marks})");
    for batch in rows::batches(lines) {
        for row in batch {
            sqlx::query(AssertSqlSafe(statement.as_str()))
                .bind(row.id.0)
                .bind(row.revision)
                .bind(row.scope_version_id.0)
                .bind(row.certificate_id.0)
                .bind(row.lab_id.0)
                .bind(row.agency.0)
                .bind(row.serial)
                .bind(row.serial_key)
                .bind(row.field)
                .bind(row.object)
                .bind(row.parameter)
                .bind(row.method)
                .bind(row.standard_key)
                .bind(row.standard_year)
                .bind(row.clause)
                .bind(row.limits)
                .bind(row.remarks)
                .bind("PARTNER")
                .bind(row.effective_from)
                .bind(row.effective_to)
                .bind(row.recorded_at)
                .execute(&mut *connection)
                .await
                .expect("the row is written");
        }
    }
}

/// A file of its own with the rows, in a table without keys and indexes.
pub async fn prepare_source(url: &str, source: &Path, lines: u64) {
    let mut connection = sqlite(url).await;
    attach(&mut connection, source).await;
    let table = format!("CREATE TABLE source.line AS SELECT {COLUMNS} FROM competence_scope WHERE 0");
    connection.execute(AssertSqlSafe(table.as_str())).await.expect("the table is made");
    connection.execute("BEGIN IMMEDIATE").await.expect("begun");
    insert(&mut connection, "source.line", lines).await;
    connection.execute("COMMIT").await.expect("committed");
    connection.close().await.expect("the connection closes");
}

async fn attach(connection: &mut SqliteConnection, source: &Path) {
    // SQLite attaches what is there; an empty file is an empty database.
    std::fs::OpenOptions::new().append(true).create(true).open(source).expect("the file is made");
    let statement = format!("ATTACH DATABASE '{}' AS source", source.display());
    connection.execute(AssertSqlSafe(statement.as_str())).await.expect("attached");
}

/// `INSERT … SELECT` inside SQLite: no row passes through this program.
pub async fn attached(url: &str, source: &Path) {
    let mut connection = sqlite(url).await;
    attach(&mut connection, source).await;
    let statement = format!("INSERT INTO competence_scope ({COLUMNS}) SELECT {COLUMNS} FROM source.line");
    connection.execute(AssertSqlSafe(statement.as_str())).await.expect("the rows are written");
    connection.close().await.expect("the connection closes");
}

/// Writes the rows as `.import` takes them: every column, in the table's order.
pub fn write(path: &Path, lines: u64) {
    let mut out = BufWriter::new(File::create(path).expect("the file is made"));
    let mut text = String::new();
    for batch in rows::batches(lines) {
        text.clear();
        batch.iter().for_each(|row| written(&mut text, row));
        out.write_all(text.as_bytes()).expect("written");
    }
    out.flush().expect("written");
}

/// SQLite's own shell reads the file; it commits once.
pub fn shell(url: &str, file: &Path) {
    let database = url.trim_start_matches("sqlite://");
    let done = Command::new("sqlite3")
        .arg(database)
        .args(["-cmd", "PRAGMA synchronous = NORMAL", "-cmd", "PRAGMA cache_size = -16000", "-cmd", ".mode ascii"])
        .args(["-cmd", ".separator \"\\t\" \"\\n\""])
        .arg(format!(".import '{}' competence_scope", file.display()))
        .output()
        .expect("sqlite3 is on the machine");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
