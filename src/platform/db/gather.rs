//! Writing that can wait, so that much of it is few statements: rows that nothing of their own transaction refers to, and edits
//! of rows that set the same columns to the same values, which is what the clock does to many at once.
//!
//! What waits is written before anything is read that names its table, and before the commit. The change log says of each row
//! what it would say without the wait.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
};

use entity::{Record, Versioned};
use futures_util::future::BoxFuture;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityName, EntityTrait, Iterable, QueryFilter, Value,
    sea_query::ValueType,
};
use uuid::Uuid;

use super::{Db, Tx, among, edit};
use crate::platform::fault::Outcome;

/// Rows and edits of one table that wait; more of them are written at once.
const MOST: usize = 500;

impl Tx {
    /// Writes everything that waits.
    pub(super) async fn write_gathered(&mut self) -> Outcome<()> {
        let lots = self.gathered.get_mut().all();
        self.write_lots(lots).await
    }

    /// Writes what waits of one table.
    pub(super) async fn write_gathered_of<M: Record>(&mut self) -> Outcome<()> {
        let lots = self.gathered.get_mut().of_table(table_of::<M>());
        self.write_lots(lots).await
    }

    /// Writes what waits of the tables that a statement names.
    pub(super) async fn write_named(&self, sql: impl FnOnce() -> String + Send) -> Outcome<()> {
        let mut gathered = self.gathered.lock().await;
        if gathered.is_empty() {
            return Ok(());
        }
        // Under the lock: who reads at the same time waits too.
        let lots = gathered.named_in(&sql());
        self.write_lots(lots).await
    }

    async fn write_lots(&self, lots: Vec<Lot>) -> Outcome<()> {
        for lot in lots {
            lot.write(&self.db, &self.conn).await?;
        }
        Ok(())
    }
}

/// What waits, by the kind of row, in the order in which the first of each came: so it is written in the same order each time.
#[derive(Default)]
pub(super) struct Gathered(Vec<(TypeId, Box<dyn Waits>)>);

/// Rows of one table that wait.
trait Waits: Any + Send {
    /// The table.
    fn table(&self) -> &'static str;

    /// Writes them.
    fn write<'t>(self: Box<Self>, db: &'t Db, conn: &'t DatabaseTransaction) -> BoxFuture<'t, Outcome<()>>;
}

impl Gathered {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Lets a new row wait. What has to be written now, because too much waits, comes back.
    pub(super) fn row<M: Record>(&mut self, row: M) -> Option<Lot> {
        let rows = self.of(|| Rows::<M>(Vec::new()))?;
        rows.0.push(row);
        if rows.0.len() >= MOST { self.take::<Rows<M>>() } else { None }
    }

    /// Lets an edit wait; what becomes of a row that waits already is one edit with it.
    pub(super) fn edit<M: Versioned>(&mut self, key: Uuid, before: M, after: M) -> Option<Lot> {
        let edits = self.of(|| Edits::<M>(HashMap::new()))?;
        match edits.0.get_mut(&key) {
            Some((_, last)) => *last = after,
            None => drop(edits.0.insert(key, (before, after))),
        }
        if edits.0.len() >= MOST { self.take::<Edits<M>>() } else { None }
    }

    /// What waits of a kind.
    fn of<W: Waits>(&mut self, new: impl FnOnce() -> W) -> Option<&mut W> {
        let at = self.0.iter().position(|(of, _)| *of == TypeId::of::<W>()).unwrap_or_else(|| {
            self.0.push((TypeId::of::<W>(), Box::new(new())));
            self.0.len() - 1
        });
        (self.0.get_mut(at)?.1.as_mut() as &mut dyn Any).downcast_mut()
    }

    fn take<W: Waits>(&mut self) -> Option<Lot> {
        let at = self.0.iter().position(|(of, _)| *of == TypeId::of::<W>())?;
        Some(Lot(self.0.remove(at).1))
    }

    fn named_in(&mut self, sql: &str) -> Vec<Lot> {
        self.taken(|table| names(sql, table))
    }

    fn of_table(&mut self, name: &str) -> Vec<Lot> {
        self.taken(|table| table == name)
    }

    fn all(&mut self) -> Vec<Lot> {
        self.taken(|_| true)
    }

    fn taken(&mut self, is_wanted: impl Fn(&str) -> bool) -> Vec<Lot> {
        self.0.extract_if(.., |(_, waiting)| is_wanted(waiting.table())).map(|(_, waiting)| Lot(waiting)).collect()
    }

    /// Forgets what waits.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// Something that has waited for long enough.
pub(super) struct Lot(Box<dyn Waits>);

impl Lot {
    /// Writes it.
    pub(super) async fn write(self, db: &Db, conn: &DatabaseTransaction) -> Outcome<()> {
        self.0.write(db, conn).await
    }
}

struct Rows<M>(Vec<M>);

#[expect(clippy::disallowed_methods, reason = "what waits here came through the place that the ban leads to")]
impl<M: Record> Waits for Rows<M> {
    fn table(&self) -> &'static str {
        table_of::<M>()
    }

    fn write<'t>(self: Box<Self>, db: &'t Db, conn: &'t DatabaseTransaction) -> BoxFuture<'t, Outcome<()>> {
        Box::pin(async move {
            let rows = self.0.into_iter().map(M::into_active_model);
            <M::Entity as EntityTrait>::insert_many(rows)
                .exec_without_returning(conn)
                .await
                .map(drop)
                .map_err(|cause| db.fault(cause))
        })
    }
}

/// Each row as it was read and as it shall be.
struct Edits<M>(HashMap<Uuid, (M, M)>);

/// Rows at the same version of which the same shall become.
struct Alike<A> {
    set: A,
    values: Vec<Option<Value>>,
    version: i32,
    keys: Vec<Uuid>,
}

#[expect(clippy::disallowed_methods, reason = "what waits here came through the place that the ban leads to")]
impl<M: Versioned> Waits for Edits<M> {
    fn table(&self) -> &'static str {
        table_of::<M>()
    }

    fn write<'t>(self: Box<Self>, db: &'t Db, conn: &'t DatabaseTransaction) -> BoxFuture<'t, Outcome<()>> {
        Box::pin(async move {
            let (key, version) = (M::key_column(), M::version_column());
            for alike in alike(self.0) {
                let changed = <M::Entity as EntityTrait>::update_many()
                    .set(alike.set)
                    .filter(among(db.dialect(), key, alike.keys.iter().copied()))
                    .filter(version.eq(alike.version))
                    .exec(conn)
                    .await
                    .map_err(|cause| db.fault(cause))?;
                if changed.rows_affected != alike.keys.len() as u64 {
                    return Err(edit::stale(M::KIND, alike.version));
                }
            }
            Ok(())
        })
    }
}

fn alike<M: Versioned>(edits: HashMap<Uuid, (M, M)>) -> Vec<Alike<M::Active>> {
    let mut found: Vec<Alike<M::Active>> = Vec::new();
    let mut sorted: Vec<(Uuid, (M, M))> = edits.into_iter().collect();
    // In one order, whoever writes: two who edit the same rows wait for each other once.
    sorted.sort_unstable_by_key(|(key, _)| *key);
    for (key, (before, after)) in sorted {
        let version = before.version();
        let set = edit::changes(before, after);
        let columns = <<M::Entity as EntityTrait>::Column as Iterable>::iter();
        let values: Vec<Option<Value>> = columns.map(|column| set.get(column).into_value()).collect();
        match found.iter_mut().find(|one| one.version == version && one.values == values) {
            Some(one) => one.keys.push(key),
            None => found.push(Alike { set, values, version, keys: vec![key] }),
        }
    }
    found
}

/// The key of a row, where it is an id.
pub(super) fn key_of<M: Versioned>(row: &M) -> Option<Uuid> {
    <Uuid as ValueType>::try_from(row.get(M::key_column())).ok()
}

fn table_of<M: Record>() -> &'static str {
    <M::Entity as Default>::default().table_name()
}

/// Whether a statement names a table: as a word, not as a part of one.
fn names(sql: &str, table: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    sql.match_indices(table)
        .any(|(at, _)| !sql[..at].ends_with(is_part) && !sql[at + table.len()..].starts_with(is_part))
}
