//! The rows.

pub mod feed;
pub mod mails;
pub mod marks;
pub mod notes;
pub mod preferences;
