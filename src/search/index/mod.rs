//! The index of a node: derived from the register, kept beside the database, and made anew where it is lost.

mod known;
mod reader;
mod schema;
mod store;
mod writer;

pub(crate) use reader::number;
pub use reader::{InForce, LinesOf, Segment, Snapshot};
pub use store::{Index, Mark, Place};
pub use writer::{LineRow, Writer, stricter};
