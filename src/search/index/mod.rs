//! The index of a node: derived from the register, kept beside the database, and made anew where it is lost.

mod by_holder;
mod in_force;
mod known;
mod reader;
mod schema;
mod segment;
mod store;
mod writer;

pub use by_holder::ByHolder;
pub use in_force::InForce;
pub use reader::{LinesHeld, LinesOf, Snapshot};
pub use segment::Segment;
pub(crate) use segment::number;
pub use store::{Index, Mark, Place};
pub use writer::{LineRow, Writer, stricter};
