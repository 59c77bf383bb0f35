//! Use cases of attachments.

mod bind;
mod prepare;
mod receive;
mod send;

pub use bind::{bind, of_subject, of_subject_within, show_to};
pub use entity::enums::AttachmentPurpose as Purpose;
pub use prepare::{discard, prepare};
pub use receive::{Receiving, receive};
pub use send::{addressed, content, seen_by};
