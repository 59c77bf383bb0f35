//! Reading lines with what belongs to them, many with one statement and by place, since names cost more than values.
//!
//! Nothing is filtered by who may see it: the index holds everything and each question applies its own rule.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::enums::Visibility;
use sea_orm::{DbErr, FromQueryResult, QueryResult, Value};
use uuid::Uuid;

use crate::platform::{
    db::{Db, Dialect},
    fault::Outcome,
};

/// What the index needs of one revision of a line.
#[derive(Clone, Debug)]
pub(super) struct Revision {
    pub(super) id: Uuid,
    pub(super) revision: i32,
    pub(super) certificate: Uuid,
    pub(super) lab: Uuid,
    pub(super) agency: String,
    pub(super) field: String,
    pub(super) object: String,
    pub(super) parameter: String,
    pub(super) method: String,
    pub(super) standard: Option<String>,
    pub(super) year: Option<i32>,
    pub(super) limited: bool,
    pub(super) visibility: Visibility,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    /// Where the row lies in its table, as the database counts.
    pub(super) place: i64,
}

const COLUMNS: &str = "s.id, s.revision, s.certificate_id, s.lab_id, s.agency, s.field, s.object, s.parameter, s.method, \
     s.standard_key, s.standard_year, CASE WHEN s.limits IS NULL THEN 0 ELSE 1 END, s.visibility, s.effective_from, \
     s.effective_to";

impl FromQueryResult for Revision {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let limited: i32 = row.try_get_by_index(11)?;
        let visibility: String = row.try_get_by_index(12)?;
        Ok(Self {
            id: row.try_get_by_index(0)?,
            revision: row.try_get_by_index(1)?,
            certificate: row.try_get_by_index(2)?,
            lab: row.try_get_by_index(3)?,
            agency: row.try_get_by_index(4)?,
            field: row.try_get_by_index(5)?,
            object: row.try_get_by_index(6)?,
            parameter: row.try_get_by_index(7)?,
            method: row.try_get_by_index(8)?,
            standard: row.try_get_by_index(9)?,
            year: row.try_get_by_index(10)?,
            limited: limited != 0,
            // What cannot be read is shown to nobody but its owner.
            visibility: visibility.parse().unwrap_or(Visibility::Own),
            from: row.try_get_by_index(13)?,
            to: row.try_get_by_index(14)?,
            place: row.try_get_by_index(15)?,
        })
    }
}

/// All revisions of lines.
pub(super) async fn revisions(db: &Db, ids: &[Uuid]) -> Outcome<Vec<Revision>> {
    let columns = format!("{COLUMNS}, CAST(0 AS bigint)");
    let mut found: Vec<Revision> = by_line(db, ("competence_scope s", &columns, "s.id"), ids).await?;
    found.sort_by_key(|row| (row.id, row.revision));
    Ok(found)
}

/// Rows of lines, line by line through a tree: asked for thousands of lines at once, PostgreSQL would rather read the whole
/// table.
async fn by_line<T: FromQueryResult + Send>(
    db: &Db,
    (table, columns, line): (&str, &str, &str),
    ids: &[Uuid],
) -> Outcome<Vec<T>> {
    let keys = db.dialect().keys_table(1);
    let sql = match db.dialect() {
        Dialect::Sqlite => format!("SELECT {columns} FROM {keys} k CROSS JOIN {table} WHERE {line} = k.id"),
        Dialect::Postgres => format!(
            "SELECT found.* FROM {keys} k, LATERAL (SELECT {columns} FROM {table} WHERE {line} = k.id OFFSET 0) found"
        ),
    };
    db.sql_in_background(&sql, vec![db.dialect().keys(ids.iter().copied())]).await
}

/// A part of all lines in the order in which the database keeps them, which is the fastest to read.
pub(super) struct Stretch {
    /// Where it ends; `None` behind the last.
    pub(super) next: Option<i64>,
    pub(super) revisions: Vec<Revision>,
}

/// Pages of eight kilobytes that are read at once on PostgreSQL; about two hundred thousand would be the whole of ten
/// million lines.
const PAGES: i64 = 256;
/// Rows that are read at once on SQLite.
const ROWS: i64 = 8_000;

/// The stretch of the table that begins at `from`, 0 to begin with.
pub(super) async fn stretch(db: &Db, from: i64) -> Outcome<Stretch> {
    match db.dialect() {
        Dialect::Sqlite => {
            let sql = format!(
                "SELECT {COLUMNS}, s.rowid FROM competence_scope s WHERE s.rowid > ? ORDER BY s.rowid LIMIT {ROWS}"
            );
            let revisions: Vec<Revision> = db.sql_in_background(&sql, vec![Value::from(from)]).await?;
            let next = revisions.last().filter(|_| revisions.len() as i64 == ROWS).map(|last| last.place);
            Ok(Stretch { next, revisions })
        }
        Dialect::Postgres => {
            let to = from + PAGES;
            let sql = format!(
                "SELECT {COLUMNS}, (SELECT pg_relation_size('competence_scope') / current_setting('block_size')::int8) \
                 FROM competence_scope s WHERE s.ctid >= '({from},0)'::tid AND s.ctid < '({to},0)'::tid"
            );
            let revisions: Vec<Revision> = db.sql_in_background(&sql, Vec::new()).await?;
            let pages = match revisions.first() {
                Some(first) => first.place,
                None => relation_pages(db).await?,
            };
            Ok(Stretch { next: (to < pages).then_some(to), revisions })
        }
    }
}

#[derive(FromQueryResult)]
struct Pages {
    pages: i64,
}

async fn relation_pages(db: &Db) -> Outcome<i64> {
    let sql = "SELECT pg_relation_size('competence_scope') / current_setting('block_size')::int8 AS pages";
    let found: Vec<Pages> = db.unasked(sql).await?;
    Ok(found.first().map_or(0, |row| row.pages))
}

/// A link of a line: the item or person, first day, first day without.
pub(super) type LinkRow = (Uuid, NaiveDate, NaiveDate);

/// The links of lines to equipment.
pub(super) async fn equipment_links(db: &Db, lines: &[Uuid]) -> Outcome<HashMap<Uuid, Vec<LinkRow>>> {
    links(db, ("equipment_scope", "equipment_id"), lines).await
}

/// The links of lines to signatories.
pub(super) async fn signatory_links(db: &Db, lines: &[Uuid]) -> Outcome<HashMap<Uuid, Vec<LinkRow>>> {
    links(db, ("signatory_scope", "signatory_id"), lines).await
}

async fn links(db: &Db, (table, to): (&str, &str), lines: &[Uuid]) -> Outcome<HashMap<Uuid, Vec<LinkRow>>> {
    let columns = format!("scope_id, {to}, effective_from, effective_to");
    let mut links: HashMap<Uuid, Vec<LinkRow>> = HashMap::new();
    for row in by_line::<Linked>(db, (table, &columns, "scope_id"), lines).await? {
        links.entry(row.line).or_default().push(row.link);
    }
    Ok(links)
}

struct Linked {
    line: Uuid,
    link: LinkRow,
}

impl FromQueryResult for Linked {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let link = (row.try_get_by_index(1)?, row.try_get_by_index(2)?, row.try_get_by_index(3)?);
        Ok(Self { line: row.try_get_by_index(0)?, link })
    }
}
