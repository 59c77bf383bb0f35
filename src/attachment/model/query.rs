//! Which attachments, and in which order.

use entity::enums::{AttachmentPurpose, AttachmentStatus};

use crate::platform::filter::{OneOf, TextFilter};

/// Which attachments. Every condition that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AttachmentFilter {
    /// What they are attached to: a typed id.
    pub subject: Option<String>,
    /// Whether they are attached to anything.
    pub bound: Option<bool>,
    /// Whether their content has come.
    pub status: Option<OneOf<AttachmentStatus>>,
    /// As what they are attached.
    pub purpose: Option<OneOf<AttachmentPurpose>>,
    /// By name.
    pub file_name: Option<TextFilter>,
}

/// In which order attachments are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AttachmentOrder {
    /// `RECENT`: the newest first.
    #[default]
    Recent,
    /// `FILE_NAME`: by name.
    FileName,
}
