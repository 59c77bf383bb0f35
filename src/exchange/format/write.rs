//! Typed records to files. See [`crate::exchange::sheet::write`] for the bytes.

use super::Record;
use crate::{exchange::sheet::write::Sheet, platform::fault::Outcome};

/// Writes the headings of a kind: the keys of its columns, which every import knows in every language.
///
/// # Errors
/// As [`Sheet::row`].
pub fn headings<T: Record>(sheet: &mut impl Sheet) -> Outcome<()> {
    let keys: Vec<&str> = T::KIND.columns().iter().filter(|column| column.written).map(|column| column.key).collect();
    sheet.row(&keys)
}

/// Writes one record.
///
/// # Errors
/// As [`Sheet::row`].
pub fn record<T: Record>(sheet: &mut impl Sheet, record: &T) -> Outcome<()> {
    let mut cells = Vec::with_capacity(T::KIND.columns().len());
    record.write(&mut cells);
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    sheet.row(&cells)
}
