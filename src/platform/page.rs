//! Keyset pages: over a whole table, and of the children of many parents at once with one statement.
//!
//! A cursor carries the sort key of a row, so a page begins where the last one ended whatever was inserted or removed
//! in between, and the tenth page costs what the first does.

use std::{collections::HashMap, fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, ColumnType, DbErr, EntityTrait, FromQueryResult, IdenStatic, Order, QueryOrder, QueryResult,
    QuerySelect, QueryTrait, Select, Value,
    sea_query::{Alias, Asterisk, Expr, ExprTrait, PostgresQueryBuilder, SelectStatement, SqliteQueryBuilder},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    db::{Db, Dialect},
    fault::{Fault, Outcome, Problems},
};

/// Rows of a page where the caller does not say.
pub const USUAL: u64 = 20;
/// Most rows of a page.
pub const MOST: u64 = 200;

/// One part of a sort key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SortValue {
    /// A number.
    Int(i64),
    /// A calendar date.
    Date(NaiveDate),
    /// Text in the database's collation.
    Text(String),
    /// An id.
    Id(Uuid),
}

impl SortValue {
    /// Whether a column of that type can be compared with it.
    fn is_of(&self, kind: &ColumnType) -> bool {
        matches!(
            (self, kind),
            (Self::Int(_), ColumnType::SmallInteger | ColumnType::Integer | ColumnType::BigInteger)
                | (Self::Date(_), ColumnType::Date)
                | (Self::Text(_), ColumnType::Text | ColumnType::String(_) | ColumnType::Char(_))
                | (Self::Id(_), ColumnType::Uuid)
        )
    }

    fn bound(&self) -> Value {
        match self {
            Self::Int(number) => Value::from(*number),
            Self::Date(date) => Value::from(*date),
            Self::Text(text) => Value::from(text.as_str()),
            Self::Id(id) => Value::from(*id),
        }
    }
}

/// Where a page begins or ends: the sort key of a row in a named order. Opaque to callers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor(String, Vec<SortValue>);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_vec(self).map_err(|_| fmt::Error)?;
        f.write_str(&URL_SAFE_NO_PAD.encode(json))
    }
}

impl Cursor {
    /// Reads a cursor that an earlier page gave.
    ///
    /// # Errors
    /// `INVALID` at `path` for anything else.
    pub fn parse(text: &str, path: &str) -> Outcome<Self> {
        let bad = || Fault::invalid(path, "CURSOR", "Pass a cursor as an earlier page gave it.");
        if text.len() > 2_048 {
            return Err(bad());
        }
        let json = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
        serde_json::from_slice(&json).map_err(|_| bad())
    }
}

/// Which part of an ordered list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    limit: u64,
    backward: bool,
    after: Option<Cursor>,
    before: Option<Cursor>,
}

impl Default for Window {
    fn default() -> Self {
        Self { limit: USUAL, backward: false, after: None, before: None }
    }
}

impl Cursor {
    /// The place of a row in a named order.
    pub fn new(order: &str, values: Vec<SortValue>) -> Self {
        Self(order.to_owned(), values)
    }

    /// The values of the sort key, where the cursor is of that order.
    pub fn of_order(&self, order: &str) -> Option<&[SortValue]> {
        (self.0 == order).then_some(self.1.as_slice())
    }
}

/// A cursor of another order, as a fault.
pub fn other_order(path: &str) -> Fault {
    Fault::invalid(path, "CURSOR_ORDER", "This cursor belongs to another order; begin again without it.")
}

impl Window {
    /// How many rows.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Whether the last rows are wanted rather than the first.
    pub fn is_backward(&self) -> bool {
        self.backward
    }

    /// Behind which place.
    pub fn after(&self) -> Option<&Cursor> {
        self.after.as_ref()
    }

    /// Before which place.
    pub fn before(&self) -> Option<&Cursor> {
        self.before.as_ref()
    }

    /// The first `limit` rows.
    pub fn first(limit: u64) -> Self {
        Self { limit, ..Self::default() }
    }

    /// The next `limit` rows after a cursor.
    pub fn next(limit: u64, after: Cursor) -> Self {
        Self { limit, after: Some(after), ..Self::default() }
    }

    /// From the arguments of a Relay connection.
    ///
    /// # Errors
    /// `INVALID` for `first` with `last`, sizes outside 0 to [`MOST`], and cursors that are none.
    pub fn from_args(
        first: Option<i32>,
        after: Option<&str>,
        last: Option<i32>,
        before: Option<&str>,
    ) -> Outcome<Self> {
        let mut problems = Problems::default();
        if first.is_some() && last.is_some() {
            problems.add("last", "PAGE_ARGUMENTS", "Pass first or last, not both.");
        }
        for (name, size) in [("first", first), ("last", last)] {
            if size.is_some_and(|size| size < 0 || i64::from(size) > MOST.cast_signed()) {
                problems.add(name, "PAGE_SIZE", format!("Ask for 0 to {MOST} rows, then for the next page."));
            }
        }
        problems.finish()?;
        Ok(Self {
            limit: first.or(last).map_or(USUAL, |size| u64::try_from(size).unwrap_or(0)),
            backward: last.is_some(),
            after: after.map(|text| Cursor::parse(text, "after")).transpose()?,
            before: before.map(|text| Cursor::parse(text, "before")).transpose()?,
        })
    }
}

/// An order of rows that is total: the last column is unique among the rows listed.
pub struct Sort<E: EntityTrait> {
    /// Name in cursors; a cursor of one order is refused by another.
    pub name: &'static str,
    /// The columns, none of them nullable, the last one unique.
    pub columns: Vec<E::Column>,
    /// Whether the order runs downwards.
    pub descending: bool,
    /// The values of the columns in a row.
    pub key: KeyOf<E::Model>,
}

/// A page of rows. Their cursors are made when somebody asks for them.
#[derive(Clone, Debug)]
pub struct Page<M> {
    /// The rows, in order.
    pub rows: Vec<Arc<M>>,
    /// Whether rows follow.
    pub has_next: bool,
    /// Whether rows precede.
    pub has_previous: bool,
    order: Option<(&'static str, KeyOf<M>)>,
}

/// The values by which a row stands where it stands.
type KeyOf<M> = fn(&M) -> Vec<SortValue>;

impl<M> Page<M> {
    /// A page without rows.
    pub fn empty() -> Self {
        Self { rows: Vec::new(), has_next: false, has_previous: false, order: None }
    }

    /// The cursor of the row at a place of the page.
    pub fn cursor(&self, at: usize) -> Option<Cursor> {
        let (name, key) = self.order?;
        self.rows.get(at).map(|row| Cursor(name.to_owned(), key(row)))
    }

    /// The cursor of the last row.
    pub fn end(&self) -> Option<Cursor> {
        self.cursor(self.rows.len().checked_sub(1)?)
    }
}

/// The part of `select` that `window` asks for, in the order of `sort`.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn fetch<E: EntityTrait>(
    db: &Db,
    select: Select<E>,
    sort: &Sort<E>,
    window: &Window,
) -> Outcome<Page<E::Model>> {
    let rows = db.all(windowed(select, sort, window)?).await?;
    Ok(cut(rows, sort, window))
}

/// The next rows of a walk through all that `select` finds, in the order of `id`, behind the row that was last.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn walk<E: EntityTrait>(
    db: &Db,
    select: Select<E>,
    id: E::Column,
    (after, most): (Option<Uuid>, u64),
) -> Outcome<Vec<E::Model>> {
    let behind = match after {
        Some(after) => sea_orm::QueryFilter::filter(select, id.gt(after)),
        None => select,
    };
    db.all(behind.order_by_asc(id).limit(most)).await
}

/// The key of the parent inside a select given to [`children`] or [`count_children`].
pub fn parent() -> Expr {
    Expr::col((Alias::new("k"), Alias::new("id")))
}

/// For each parent the part of its children that `window` asks for, with one statement.
///
/// `select` finds the children of the one parent [`parent()`], for example
/// `Entity::find().filter(Expr::col(Column::LabId).eq(parent()))`, through a link table where need be.
///
/// # Errors
/// As [`fetch`].
pub async fn children<E: EntityTrait>(
    db: &Db,
    parents: &[Uuid],
    select: Select<E>,
    sort: &Sort<E>,
    window: &Window,
) -> Outcome<HashMap<Uuid, Page<E::Model>>> {
    if parents.is_empty() {
        return Ok(HashMap::new());
    }
    let table = E::default().to_string();
    let mut inner = windowed(select, sort, window)?.into_query();
    inner.clear_selects();
    let keys = db.dialect().keys(parents.iter().copied());
    let (sql, values) = match db.dialect() {
        Dialect::Postgres => {
            inner.column((Alias::new(&table), Asterisk));
            let (inner, mut values) = built(&inner, Dialect::Postgres);
            values.push(keys);
            let keys = Dialect::Postgres.keys_table(values.len());
            (format!("SELECT k.id AS parent_key, s.* FROM {keys} k CROSS JOIN LATERAL ({inner}) s"), values)
        }
        // SQLite has no LATERAL; a correlated list of row ids does the same.
        Dialect::Sqlite => {
            inner.expr(Expr::cust(format!("\"{table}\".rowid")));
            let (inner, mut values) = built(&inner, Dialect::Sqlite);
            values.insert(0, keys);
            let keys = Dialect::Sqlite.keys_table(1);
            (
                format!(
                    "SELECT k.id AS parent_key, s.* FROM {keys} k CROSS JOIN \"{table}\" s ON s.rowid IN ({inner})"
                ),
                values,
            )
        }
    };
    let direction = if sort.descending == window.backward { "ASC" } else { "DESC" };
    let order: Vec<String> =
        sort.columns.iter().map(|column| format!("s.\"{}\" {direction}", column.as_str())).collect();
    let sql = format!("{sql} ORDER BY {}", order.join(", "));
    let mut families: HashMap<Uuid, Vec<E::Model>> = HashMap::new();
    for child in db.sql::<Child<E::Model>>(&sql, values).await? {
        families.entry(child.parent).or_default().push(child.row);
    }
    Ok(families.into_iter().map(|(parent, rows)| (parent, cut(rows, sort, window))).collect())
}

/// For each parent the number of its children, with one statement. `select` as for [`children`].
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count_children<E: EntityTrait>(
    db: &Db,
    parents: &[Uuid],
    select: Select<E>,
) -> Outcome<HashMap<Uuid, u64>> {
    let mut inner = select.into_query();
    inner.clear_selects().expr(Expr::cust("COUNT(*)"));
    let dialect = db.dialect();
    let (inner, mut values) = built(&inner, dialect);
    let keys = dialect.keys(parents.iter().copied());
    // PostgreSQL numbers its parameters, SQLite takes them as they come: there the keys stand last as well.
    values.push(keys);
    let keys = dialect.keys_table(values.len());
    let sql = format!("SELECT k.id AS parent_key, ({inner}) AS count FROM {keys} k");
    Ok(db
        .sql::<Count>(&sql, values)
        .await?
        .into_iter()
        .map(|row| (row.parent_key, row.count.cast_unsigned()))
        .collect())
}

fn windowed<E: EntityTrait>(mut select: Select<E>, sort: &Sort<E>, window: &Window) -> Outcome<Select<E>> {
    for (cursor, is_after, path) in [(&window.after, true, "after"), (&window.before, false, "before")] {
        let Some(Cursor(order, values)) = cursor else { continue };
        let fits = values.len() == sort.columns.len()
            && values.iter().zip(&sort.columns).all(|(value, column)| value.is_of(column.def().get_column_type()));
        if order != sort.name || !fits {
            return Err(other_order(path));
        }
        let columns = Expr::tuple(sort.columns.iter().map(|column| Expr::col((E::default(), *column))));
        let bound = Expr::tuple(values.iter().map(|value| Expr::val(value.bound())));
        let beyond = if is_after != sort.descending { columns.gt(bound) } else { columns.lt(bound) };
        select = sea_orm::QueryFilter::filter(select, beyond);
    }
    let order = if sort.descending == window.backward { Order::Asc } else { Order::Desc };
    for column in &sort.columns {
        select = select.order_by(*column, order.clone());
    }
    Ok(select.limit(window.limit + 1))
}

/// Takes off the row that was read to see whether there are more, and turns a backward page round.
fn cut<E: EntityTrait>(mut rows: Vec<E::Model>, sort: &Sort<E>, window: &Window) -> Page<E::Model> {
    let more = rows.len() as u64 > window.limit;
    rows.truncate(usize::try_from(window.limit).unwrap_or(usize::MAX));
    if window.backward {
        rows.reverse();
    }
    let (has_next, has_previous) =
        if window.backward { (window.before.is_some(), more) } else { (more, window.after.is_some()) };
    let rows = rows.into_iter().map(Arc::new).collect();
    Page { rows, has_next, has_previous, order: Some((sort.name, sort.key)) }
}

fn built(select: &SelectStatement, dialect: Dialect) -> (String, Vec<Value>) {
    let (sql, values) = match dialect {
        Dialect::Postgres => select.build(PostgresQueryBuilder),
        Dialect::Sqlite => select.build(SqliteQueryBuilder),
    };
    (sql, values.0)
}

struct Child<M> {
    parent: Uuid,
    row: M,
}

impl<M: FromQueryResult> FromQueryResult for Child<M> {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self { parent: row.try_get("", "parent_key")?, row: M::from_query_result(row, prefix)? })
    }
}

#[derive(FromQueryResult)]
struct Count {
    parent_key: Uuid,
    count: i64,
}
