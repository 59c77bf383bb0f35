//! What the transaction needs to know of a row to write it and to write it down.

use chrono::NaiveDate;
use sea_orm::{ActiveModelBehavior, ActiveModelTrait, EntityTrait, IntoActiveModel, ModelTrait};
use serde::Serialize;

use crate::ids::AgencyCode;

/// A table of counters. They are laid out where they are missing and moved by guarded updates, and stay out of the change
/// log: what moves them is a row that is logged.
pub trait Counters: EntityTrait<Model: IntoActiveModel<Self::ActiveModel>, ActiveModel: Send> {}

/// A table of bookkeeping: how far work in the background has come, and what was tried how often. No caller has decided
/// what stands in it and nothing is proven by it, so it stays out of the change log.
pub trait Bookkeeping: EntityTrait<Model: IntoActiveModel<Self::ActiveModel>, ActiveModel: Send> {}

/// A row whose writing is recorded in the change log.
pub trait Record:
    ModelTrait<Entity: EntityTrait<Model = Self, ActiveModel = Self::Active>>
    + IntoActiveModel<Self::Active>
    + Serialize
    + Clone
    + Send
    + Sync
    + 'static
{
    /// The active twin of the row.
    type Active: ActiveModelTrait<Entity = Self::Entity> + ActiveModelBehavior + Send;

    /// The kind in change log, events and typed ids, such as `lab`.
    const KIND: &'static str;

    /// The key as it stands in the change log; for revised rows the key of all their revisions.
    fn key(&self) -> String;

    /// The agency that owns the row; none for what belongs to the pact as a whole.
    fn owner(&self) -> Option<&AgencyCode>;
}

/// A row that is edited in place under an optimistic version.
pub trait Versioned: Record {
    /// Counts the edits, from 1.
    fn version(&self) -> i32;

    /// Sets the count.
    fn set_version(&mut self, version: i32);

    /// The column of the key.
    fn key_column() -> <Self::Entity as EntityTrait>::Column;

    /// The column of the version.
    fn version_column() -> <Self::Entity as EntityTrait>::Column;

    /// The columns that find this row at this version, for the guarded update.
    fn guard(&self) -> sea_orm::Condition;
}

/// A row that is never edited: an edit closes one revision and opens the next.
pub trait Revised: Record {
    /// Counts the revisions, from 1; serves as the optimistic version.
    fn revision(&self) -> i32;

    /// The span of dates `[from, to)` on which this revision is in force.
    fn span(&self) -> (NaiveDate, NaiveDate);

    /// Makes this the row of the given revision and span.
    fn place(&mut self, revision: i32, from: NaiveDate, to: NaiveDate);

    /// The columns that find this revision while it is still the last one.
    fn guard(&self) -> sea_orm::Condition;

    /// The column that ends the span.
    fn end_column() -> <Self::Entity as EntityTrait>::Column;
}

/// Implements [`Record`] for a module's `Model`, keyed by a typed id.
macro_rules! record {
    ($kind:expr, $key:ident $(, $owner:ident)?) => {
        impl crate::Record for Model {
            type Active = ActiveModel;
            const KIND: &'static str = $kind;

            fn key(&self) -> String {
                use crate::record::BareKey as _;
                self.$key.bare()
            }

            fn owner(&self) -> Option<&crate::ids::AgencyCode> {
                crate::record::first([$(&self.$owner)?])
            }
        }
    };
}

/// Implements [`Versioned`] for a module's `Model` with `version` and the key column.
macro_rules! versioned {
    ($key:ident, $column:ident) => {
        impl crate::Versioned for Model {
            fn version(&self) -> i32 {
                self.version
            }

            fn set_version(&mut self, version: i32) {
                self.version = version;
            }

            fn key_column() -> Column {
                Column::$column
            }

            fn version_column() -> Column {
                Column::Version
            }

            fn guard(&self) -> sea_orm::Condition {
                sea_orm::Condition::all()
                    .add(Column::$column.eq(self.$key.clone()))
                    .add(Column::Version.eq(self.version))
            }
        }
    };
}

/// Implements [`Revised`] for a module's `Model` keyed by `id` and `revision`.
macro_rules! revised {
    () => {
        impl crate::Revised for Model {
            fn revision(&self) -> i32 {
                self.revision
            }

            fn span(&self) -> (chrono::NaiveDate, chrono::NaiveDate) {
                (self.effective_from, self.effective_to)
            }

            fn place(&mut self, revision: i32, from: chrono::NaiveDate, to: chrono::NaiveDate) {
                (self.revision, self.effective_from, self.effective_to) = (revision, from, to);
            }

            fn guard(&self) -> sea_orm::Condition {
                sea_orm::Condition::all()
                    .add(Column::Id.eq(self.id))
                    .add(Column::Revision.eq(self.revision))
                    .add(Column::EffectiveTo.eq(self.effective_to))
            }

            fn end_column() -> Column {
                Column::EffectiveTo
            }
        }
    };
}

/// The owner, where the macro was given one.
pub(crate) fn first<const N: usize>(owners: [&AgencyCode; N]) -> Option<&AgencyCode> {
    owners.into_iter().next()
}

pub(crate) use {record, revised, versioned};

/// A key without its kind.
pub(crate) trait BareKey {
    /// The text.
    fn bare(&self) -> String;
}

impl BareKey for String {
    fn bare(&self) -> String {
        self.clone()
    }
}

impl BareKey for uuid::Uuid {
    fn bare(&self) -> String {
        self.as_hyphenated().to_string()
    }
}

impl BareKey for NaiveDate {
    fn bare(&self) -> String {
        self.to_string()
    }
}
