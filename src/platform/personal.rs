//! Which columns tell of persons, and which are secret: what is masked in the change log, and what can be erased.
//!
//! A capability that keeps such columns says so once; `app.rs` lists all of them.

/// The columns of one kind of row that are not for everybody.
#[derive(Clone, Copy, Debug)]
pub struct Guarded {
    /// The kind, as in typed ids and in the change log.
    pub kind: &'static str,
    /// Columns that tell of a person: for the owning agency, and nobody else.
    pub personal: &'static [&'static str],
    /// Columns that are for nobody.
    pub secret: &'static [&'static str],
    /// How the data of the person is erased, where it can be.
    pub erasable: Option<Erasable>,
}

/// A table from which the data of a person can be erased. Its rows have a version and `updated_at`.
#[derive(Clone, Copy, Debug)]
pub struct Erasable {
    /// The table.
    pub table: &'static str,
    /// The column of its key, which is that of the typed id: `id` holds a UUID, any other a code.
    pub key: &'static str,
    /// The column of the owning agency.
    pub owner: &'static str,
    /// What stands in each personal column afterwards.
    pub leaves: &'static [(&'static str, Tombstone)],
}

/// What stands where personal data was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tombstone {
    /// Nothing.
    Null,
    /// The word [`ERASED`].
    Word,
    /// That word and the key, where a column must be unique.
    WordAndKey,
}

/// The word that stands where a name was.
pub const ERASED: &str = "已删除";
