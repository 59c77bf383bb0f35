//! What is copied, where a copy stands, and what an entry of the feed says of it. Pure.

mod kind;
mod place;
mod touch;

pub use kind::Kind;
pub use place::{Place, Viewer, Within};
pub use touch::{Evidence, Part, Root, TURNING, Told, Turning, below, part, ruled};
