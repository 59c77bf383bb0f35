//! Attaching files to what they belong to.

use chrono::{DateTime, Utc};
use entity::{
    attachment::Model,
    enums::{AttachmentPurpose, AttachmentStatus},
};

use crate::platform::fault::Problem;

/// Most files that are attached in one act.
pub const MOST: usize = 100;

/// To what a file shall be attached, and as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target<'a> {
    /// A typed id, such as `request:…`.
    pub subject: &'a str,
    /// As what.
    pub purpose: AttachmentPurpose,
}

/// A file attached to its target. What is attached there already stays as it is.
///
/// # Errors
/// Why not: `ATTACHMENT_NOT_STORED`, `ATTACHMENT_BOUND`.
pub fn bound(row: &Model, target: Target<'_>, path: &str, at: DateTime<Utc>) -> Result<Model, Problem> {
    match &row.subject {
        Some(subject) if subject == target.subject && row.purpose == Some(target.purpose) => Ok(row.clone()),
        Some(_) => Err(Problem::new(
            path,
            "ATTACHMENT_BOUND",
            format!("{:?} is attached to something else already; upload it again.", row.file_name),
        )),
        None if row.status != AttachmentStatus::Stored => Err(Problem::new(
            path,
            "ATTACHMENT_NOT_STORED",
            format!("The content of {:?} has not come; upload it first.", row.file_name),
        )),
        None => Ok(Model {
            subject: Some(target.subject.to_owned()),
            purpose: Some(target.purpose),
            bound_at: Some(at),
            updated_at: at,
            ..row.clone()
        }),
    }
}
