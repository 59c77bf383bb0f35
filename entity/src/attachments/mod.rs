//! Rows of files that agencies attach to what they write.

pub mod attachment;
pub mod attachment_party;
