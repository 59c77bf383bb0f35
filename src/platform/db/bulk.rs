//! Many rows into one table, by the shortest way that each database has: the text of the statement never changes with
//! the rows, so it is prepared once per connection.
//!
//! PostgreSQL takes one array per column and unfolds them; SQLite takes a few rows per statement, because there the
//! cost lies in the text and in the steps between the rows, not in the way to a server.

use entity::Record;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, IdenStatic, Iterable,
    Statement, Value, sea_query::ArrayType,
};

use super::Dialect;

/// Rows of one statement on PostgreSQL: bounds what is held twice while it is under way.
const UNFOLDED: usize = 2_000;

/// Rows of one statement on SQLite, then one by one for the rest.
const ABREAST: usize = 32;

/// Writes new rows.
///
/// # Errors
/// Those of the database; then some of the rows may be written, and the transaction must end.
pub(super) async fn insert<M: Record>(conn: &DatabaseTransaction, dialect: Dialect, rows: Vec<M>) -> Result<(), DbErr> {
    let columns: Vec<ColumnOf<M>> = ColumnOf::<M>::iter().collect();
    match dialect {
        Dialect::Postgres => unfolded(conn, &columns, rows).await,
        Dialect::Sqlite => abreast(conn, &columns, rows).await,
    }
}

type ColumnOf<M> = <<M as sea_orm::ModelTrait>::Entity as EntityTrait>::Column;

#[expect(clippy::disallowed_methods, reason = "this is how a transaction writes many rows")]
async fn unfolded<M: Record>(conn: &DatabaseTransaction, columns: &[ColumnOf<M>], rows: Vec<M>) -> Result<(), DbErr> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let many = rows.len().min(UNFOLDED);
        let mut lists: Vec<Vec<Value>> = columns.iter().map(|_| Vec::with_capacity(many)).collect();
        let mut absences = Vec::with_capacity(many);
        for row in rows.by_ref().take(UNFOLDED) {
            absences.push(Value::from(spread(row, columns, &mut lists)?));
        }
        let kinds = lists.iter().map(|list| kind(&list[0])).collect::<Result<Vec<_>, _>>()?;
        let sql = unfolding::<M>(columns, &kinds);
        let arrays = lists.into_iter().zip(kinds).map(|(list, (kind, _))| Value::Array(kind, Some(Box::new(list))));
        let absent = Value::Array(ArrayType::BigInt, Some(Box::new(absences)));
        let values: Vec<Value> = arrays.chain([absent]).collect();
        conn.execute_raw(Statement::from_sql_and_values(Dialect::Postgres.backend(), sql, values)).await?;
    }
    Ok(())
}

/// Puts each value of a row on its column's list. Arrays are bound without nulls, so an absent value leaves a filler
/// there and its bit in the answer.
fn spread<M: Record>(row: M, columns: &[ColumnOf<M>], lists: &mut [Vec<Value>]) -> Result<i64, DbErr> {
    let (mut active, mut absent) = (row.into_active_model(), 0);
    for (at, (column, list)) in columns.iter().zip(lists).enumerate() {
        let value = taken::<M>(&mut active, *column)?;
        if is_absent(&value) {
            absent |= 1_i64 << at;
            list.push(value.dummy_value());
        } else {
            list.push(value);
        }
    }
    Ok(absent)
}

fn unfolding<M: Record>(columns: &[ColumnOf<M>], kinds: &[(ArrayType, &str)]) -> String {
    let count = columns.len();
    let arrays: Vec<String> =
        kinds.iter().enumerate().map(|(at, (_, name))| format!("${}::{name}[]", at + 1)).collect();
    let aliases: Vec<String> = (0..count).map(|at| format!("c{at}")).collect();
    let picked: Vec<String> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| match column.def().is_null() {
            true => format!("CASE WHEN (absent >> {at}) & 1 = 0 THEN c{at} END"),
            false => format!("c{at}"),
        })
        .collect();
    format!(
        "{} SELECT {} FROM unnest({}, ${}::int8[]) AS u({}, absent)",
        into::<M>(columns),
        picked.join(", "),
        arrays.join(", "),
        count + 1,
        aliases.join(", ")
    )
}

#[expect(clippy::disallowed_methods, reason = "this is how a transaction writes many rows")]
async fn abreast<M: Record>(conn: &DatabaseTransaction, columns: &[ColumnOf<M>], rows: Vec<M>) -> Result<(), DbErr> {
    let row = format!("({})", vec!["?"; columns.len()].join(", "));
    let many = format!("{} VALUES {}", into::<M>(columns), vec![row.as_str(); ABREAST].join(", "));
    let one = format!("{} VALUES {row}", into::<M>(columns));
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let (sql, count) = if rows.len() >= ABREAST { (&many, ABREAST) } else { (&one, 1) };
        let mut values = Vec::with_capacity(count * columns.len());
        for row in rows.by_ref().take(count) {
            let mut active = row.into_active_model();
            for column in columns {
                values.push(taken::<M>(&mut active, *column)?);
            }
        }
        conn.execute_raw(Statement::from_sql_and_values(Dialect::Sqlite.backend(), sql, values)).await?;
    }
    Ok(())
}

fn into<M: Record>(columns: &[ColumnOf<M>]) -> String {
    let names: Vec<String> = columns.iter().map(|column| format!("\"{}\"", column.as_str())).collect();
    format!("INSERT INTO \"{}\" ({})", M::Entity::default().as_str(), names.join(", "))
}

fn taken<M: Record>(active: &mut M::Active, column: ColumnOf<M>) -> Result<Value, DbErr> {
    active.take(column).into_value().ok_or_else(|| DbErr::AttrNotSet(column.as_str().to_owned()))
}

/// The array type of a value, for the driver and as PostgreSQL writes it.
fn kind(value: &Value) -> Result<(ArrayType, &'static str), DbErr> {
    Ok(match value {
        Value::Bool(_) => (ArrayType::Bool, "bool"),
        Value::Int(_) => (ArrayType::Int, "int4"),
        Value::BigInt(_) => (ArrayType::BigInt, "int8"),
        Value::Double(_) => (ArrayType::Double, "float8"),
        Value::String(_) => (ArrayType::String, "text"),
        Value::Bytes(_) => (ArrayType::Bytes, "bytea"),
        Value::Json(_) => (ArrayType::Json, "jsonb"),
        Value::ChronoDate(_) => (ArrayType::ChronoDate, "date"),
        Value::ChronoDateTimeUtc(_) => (ArrayType::ChronoDateTimeUtc, "timestamptz"),
        Value::Uuid(_) => (ArrayType::Uuid, "uuid"),
        other => return Err(DbErr::Type(format!("no array is known for {other:?}"))),
    })
}

fn is_absent(value: &Value) -> bool {
    matches!(
        value,
        Value::Bool(None)
            | Value::Int(None)
            | Value::BigInt(None)
            | Value::Double(None)
            | Value::String(None)
            | Value::Bytes(None)
            | Value::Json(None)
            | Value::ChronoDate(None)
            | Value::ChronoDateTimeUtc(None)
            | Value::Uuid(None)
    )
}
