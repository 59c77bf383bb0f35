//! Every query of the room.

mod origin;
mod walk;

pub(super) use origin::{Above, Origin, once_shown, origins};
pub(super) use walk::{belonging, end, entry, parents, turned};
