//! Lines and editions as callers send them, and what makes two lines the same.

mod annex;
mod line;
mod query;

pub use annex::{Annex, AnnexOutcome, Edition, Fingerprint, NewEdition};
pub use line::{Line, LineEdit, NewLine, Placing};
pub use query::{EditionOrder, LineEdge, LineFilter, LineOrder, StandardRef};
