//! Messages to people.

pub mod enums;
pub mod mail;
pub mod message_cursor;
pub mod message_mark;
pub mod message_note;
pub mod message_preference;
