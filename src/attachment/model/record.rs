//! Files as callers announce them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::{attachment::Model, enums::AttachmentStatus, ids::AttachmentId};
use serde_json::json;

use super::{content::Announced, name};
use crate::{
    directory::{institution::model::Blank, text},
    platform::fault::{Fault, Outcome, Problems},
};

/// What files are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Longest file, in bytes.
    pub bytes: u64,
    /// Their media types, in lower case.
    pub media_types: BTreeSet<String>,
    /// Most files of an agency that are not attached to anything.
    pub unbound_files: u64,
    /// Most bytes of them together.
    pub unbound_bytes: u64,
}

/// A file that shall be uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAttachment {
    /// Its name.
    pub file_name: String,
    /// Its media type.
    pub media_type: String,
    /// Its length in bytes.
    pub size: i64,
    /// SHA-256 of its content, hexadecimal.
    pub sha256: String,
    /// Remarks.
    pub remarks: Option<String>,
}

/// What an agency keeps that is not attached to anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unbound {
    /// Files.
    pub files: u64,
    /// Bytes that were announced of them.
    pub bytes: u64,
}

impl NewAttachment {
    /// The row, in good form.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn entered(self, blank: Blank<AttachmentId>, by: &str, accepted: &Accepted) -> Outcome<Model> {
        let mut problems = Problems::default();
        let p = &mut problems;
        let row = Model {
            id: blank.id,
            agency: blank.agency,
            file_name: name::checked(p, "input.fileName", &self.file_name),
            media_type: media_type(p, &self.media_type, accepted),
            size: size(p, self.size, accepted),
            sha256: sha256(p, &self.sha256),
            remarks: text::optional(p, "input.remarks", self.remarks, text::FREE),
            status: AttachmentStatus::Prepared,
            subject: None,
            purpose: None,
            created_by: by.to_owned(),
            version: 1,
            created_at: blank.at,
            updated_at: blank.at,
            stored_at: None,
            bound_at: None,
        };
        problems.finish()?;
        Ok(row)
    }
}

impl Accepted {
    /// Whether one more file fits beside what an agency keeps that is not attached to anything.
    ///
    /// # Errors
    /// `ATTACHMENTS_FULL`.
    pub fn admit(&self, kept: Unbound, size: i64) -> Outcome<()> {
        let bytes = kept.bytes.saturating_add(size.max(0).cast_unsigned());
        if kept.files < self.unbound_files && bytes <= self.unbound_bytes {
            return Ok(());
        }
        let facts = json!({
            "files": kept.files, "bytes": kept.bytes, "mostFiles": self.unbound_files, "mostBytes": self.unbound_bytes,
        });
        let message = "Your agency has as many files waiting as it may; attach some, discard some, or wait until they \
                       are cleared away.";
        Err(Fault::rule("ATTACHMENTS_FULL", message, facts))
    }
}

/// What was announced of the content of a row.
pub fn announced(row: &Model) -> Announced {
    Announced { size: row.size.max(0).cast_unsigned(), sha256: row.sha256.clone(), media_type: row.media_type.clone() }
}

/// The row once its content is kept.
pub fn stored(row: &Model, at: DateTime<Utc>) -> Model {
    Model { status: AttachmentStatus::Stored, stored_at: Some(at), updated_at: at, ..row.clone() }
}

fn media_type(problems: &mut Problems, given: &str, accepted: &Accepted) -> String {
    let given = given.trim().to_lowercase();
    if !accepted.media_types.contains(&given) {
        let known: Vec<&str> = accepted.media_types.iter().map(String::as_str).collect();
        problems.add("input.mediaType", "MEDIA_TYPE", format!("Send one of {}, without parameters.", known.join(", ")));
    }
    given
}

fn size(problems: &mut Problems, given: i64, accepted: &Accepted) -> i64 {
    if given < 1 || given.cast_unsigned() > accepted.bytes {
        problems.add("input.size", "SIZE", format!("A file has 1 to {} bytes here.", accepted.bytes));
    }
    given
}

fn sha256(problems: &mut Problems, given: &str) -> String {
    let given = given.trim().to_lowercase();
    if given.len() != 64 || !given.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        problems.add("input.sha256", "SHA256", "Send the SHA-256 of the content as 64 hexadecimal digits.");
    }
    given
}
