//! What is kept for a time and then let go.
//!
//! A capability whose table grows for ever implements [`Pruned`] for it, and `app.rs` lists it.

/// A table whose rows have had their time some days after a column says.
pub trait Pruned {
    /// The table.
    const TABLE: &'static str;
    /// The column with the instant from which the time counts; there is an index that begins with it.
    const TIME: &'static str;
    /// The key of the section `[retention]`, or of `[retention.more]`, that holds the span in days.
    const SPAN: &'static str;
    /// The span where the configuration does not say; 0 keeps rows for ever.
    const DAYS: u64;
}

/// [`Pruned`] as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub time: &'static str,
    /// The key of the configuration.
    pub span: &'static str,
    /// The usual span in days.
    pub days: u64,
}

impl Kept {
    /// What a table's own implementation says.
    pub const fn of<P: Pruned>() -> Self {
        Self { table: P::TABLE, time: P::TIME, span: P::SPAN, days: P::DAYS }
    }
}

impl Pruned for entity::idempotency::Entity {
    const TABLE: &'static str = "idempotency";
    const TIME: &'static str = "at";
    const SPAN: &'static str = "idempotency_days";
    const DAYS: u64 = 90;
}

impl Pruned for entity::access_log::Entity {
    const TABLE: &'static str = "access_log";
    const TIME: &'static str = "at";
    const SPAN: &'static str = "access_log_days";
    const DAYS: u64 = 0;
}

/// The tables of the platform itself.
pub const OWN: [Kept; 2] = [Kept::of::<entity::idempotency::Entity>(), Kept::of::<entity::access_log::Entity>()];
