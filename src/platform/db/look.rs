//! Reading inside a transaction, and locking what is about to be written.

use entity::Record;
use sea_orm::{
    EntityTrait, FromQueryResult, QuerySelect, QueryTrait, Select, Statement, Value,
    sea_query::{LockBehavior, LockType},
};

use super::{Dialect, Tx};
use crate::platform::{
    access::{Ruled, Sealed},
    fault::{Fault, Outcome},
};

impl Tx {
    /// The first row of a select, as this transaction sees it.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    pub async fn one<E: EntityTrait>(&self, select: Select<E>) -> Outcome<Option<E::Model>> {
        self.write_named(|| text(&select, self.dialect())).await?;
        select.one(&self.conn).await.map_err(|cause| self.db.fault(cause))
    }

    /// All rows of a select, as this transaction sees them.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    pub async fn all<E: EntityTrait>(&self, select: Select<E>) -> Outcome<Vec<E::Model>> {
        self.write_named(|| text(&select, self.dialect())).await?;
        select.all(&self.conn).await.map_err(|cause| self.db.fault(cause))
    }

    /// All rows of a reading statement written out for this dialect.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    pub async fn sql<T: FromQueryResult>(&self, sql: &str, values: Vec<Value>) -> Outcome<Vec<T>> {
        self.write_named(|| sql.to_owned()).await?;
        T::find_by_statement(Statement::from_sql_and_values(self.dialect().backend(), sql, values))
            .all(&self.conn)
            .await
            .map_err(|cause| self.db.fault(cause))
    }

    /// Locks the row that `select` finds until the end of the transaction, and seals it.
    ///
    /// # Errors
    /// `NOT_FOUND` where there is none.
    pub async fn lock<M: Ruled + Record>(
        &self,
        select: Select<M::Entity>,
        key: impl std::fmt::Display,
    ) -> Outcome<Sealed<M>> {
        let locked = if self.dialect() == Dialect::Postgres { select.lock_exclusive() } else { select };
        let row = self.one(locked).await?.ok_or_else(|| Fault::not_found(<M as Ruled>::KIND, key))?;
        Ok(Sealed::new(row))
    }

    /// Locks those of the rows that `select` finds which nobody else has locked, and seals them: for work that several
    /// nodes share. On SQLite a transaction has the whole database, so none is passed over there.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn lock_available<M: Ruled + Record>(&self, select: Select<M::Entity>) -> Outcome<Vec<Sealed<M>>> {
        let claimed = match self.dialect() {
            Dialect::Postgres => select.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked),
            Dialect::Sqlite => select,
        };
        Ok(self.all(claimed).await?.into_iter().map(Sealed::new).collect())
    }
}

fn text<E: EntityTrait>(select: &Select<E>, dialect: Dialect) -> String {
    select.build(dialect.backend()).sql
}
