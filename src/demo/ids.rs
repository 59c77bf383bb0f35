//! Ids of demonstration rows: shaped like version 7, with a fixed time and counters in place of chance.
//!
//! 48 bits: [`EPOCH_MILLIS`]. 12 bits: the kind of row. 62 bits: 14 of the plan's mark, 24 of the institution's place,
//! 24 of the row's place within the institution. So ids ascend as rows do, and an institution's id alone tells that it
//! is demonstration data, of which plan, and how far a fill has come.

use uuid::{Builder, Uuid};

/// 2026-01-01T00:00:00Z, the time in every demonstration id.
pub const EPOCH_MILLIS: u64 = 1_767_225_600_000;
/// One more than the greatest place of an institution, and of a row within one.
pub const PLACES: u64 = 1 << 24;
/// One more than the greatest mark of a plan.
pub const MARKS: u64 = 1 << 14;

/// Which table a row belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Institutions.
    Institution = 1,
    /// Labs.
    Lab,
    /// Certificates.
    Certificate,
    /// Editions of annexes.
    ScopeVersion,
    /// Lines of annexes.
    Scope,
    /// Standards.
    Standard,
    /// Equipment.
    Equipment,
    /// Calibrations.
    Calibration,
    /// Signatories.
    Signatory,
    /// Offerings.
    Offering,
    /// Searches that agencies keep.
    SavedSearch,
}

/// Hands out the ids of one institution's rows.
#[derive(Clone, Copy, Debug)]
pub struct Ids {
    mark: u64,
    institution: u64,
}

impl Ids {
    /// For the institution at `institution` of the plan with that mark.
    pub fn new(mark: u64, institution: u64) -> Self {
        Self { mark: mark % MARKS, institution: institution % PLACES }
    }

    /// The id of the row at `local` among those of its kind.
    pub fn id(self, kind: Kind, local: u64) -> Uuid {
        made(kind, self.mark, self.institution, local % PLACES)
    }
}

/// The least and the greatest id that demonstration rows of a kind can have.
pub fn range(kind: Kind) -> (Uuid, Uuid) {
    (made(kind, 0, 0, 0), made(kind, MARKS - 1, PLACES - 1, PLACES - 1))
}

/// Mark of the plan and place of the institution behind an id within [`range`].
pub fn read(id: Uuid) -> (u64, u64) {
    let tail = u64::try_from(id.as_u128() & u128::from(u64::MAX >> 2)).unwrap_or(0);
    (tail >> 48, (tail >> 24) % PLACES)
}

fn made(kind: Kind, mark: u64, institution: u64, local: u64) -> Uuid {
    let mut tail = [0; 10];
    tail[1] = kind as u8;
    tail[2..].copy_from_slice(&((mark << 48) | (institution << 24) | local).to_be_bytes());
    Builder::from_unix_timestamp_millis(EPOCH_MILLIS, &tail).into_uuid()
}
