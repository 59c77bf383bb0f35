//! What the files of the register look like: the columns of each kind of record, how they are found under the headings
//! of a file that somebody else made, and how a row becomes a typed record or a refusal.
//!
//! Promise: no row is dropped in silence. A row is a record, or refused with file, sheet, row, column, value and
//! reason, or named in a note (titles between the rows, repeated headings, hidden sheets).
//! What [`write`](mod@write) writes, [`Records`] reads, and writing that again gives the same bytes.

mod cells;
mod column;
mod heading;
mod kind;
mod mapping;
mod mask;
mod method;
mod read;
mod record;
mod refusal;
mod report;
pub mod write;

pub use cells::Cells;
pub use column::Column;
pub use kind::Kind;
pub use mapping::Mapping;
pub use mask::shortened;
pub use method::split as split_methods;
pub use read::{Entry, Origin, Record, Records, Row};
pub use record::{
    CalibrationRow, CertificateRow, EquipmentRow, HolidayRow, InstitutionRow, LabRow, PerformedCalibration, ScopeRow,
    SignatoryRow, StandardRow,
};
pub use refusal::Refusal;
pub use report::{Counts, Report};
