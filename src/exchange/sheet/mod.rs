//! Tables in files: rows of text, read as a stream from CSV and XLSX and written as a stream to both.
//!
//! Promise: a file is never held in memory (an XLSX's shared strings are, within [`limits`]); whatever the bytes are,
//! the answer is rows or a `Fault::Invalid` that says what to do.

mod archive;
mod csv;
mod delimiter;
mod encoding;
pub mod limits;
mod merged;
mod row;
mod shown;
mod sniff;
mod table;
pub mod write;
mod xlsx;

pub use encoding::Encoding;
pub use row::{RawRow, Spoilt, column_letters};
pub use table::{Note, Options, Table};

use crate::platform::fault::Fault;

/// A file that cannot be read any further; `file` is its name without folders.
fn broken(file: &str, code: &'static str, message: impl Into<String>) -> Fault {
    Fault::invalid(file, code, message)
}
