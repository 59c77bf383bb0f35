//! The events of files.

use entity::ids::AttachmentId;

use crate::platform::event::{Field, Form, events};

/// Of a file.
const FILE: &[Field] = &[
    Field::new("attachmentId", Form::Id(AttachmentId::KIND), "The file."),
    Field::new("fileName", Form::Text, "Its name."),
    Field::new("mediaType", Form::Text, "Its media type."),
    Field::new("size", Form::Number, "Its size in bytes."),
    Field::new("sha256", Form::Text, "SHA-256 of its content, in hexadecimal.").or_null(),
];

events! {
    /// The content of a file has come whole and is stored.
    ATTACHMENT_STORED = "attachment.stored.v1", AttachmentId::KIND, Agency, FILE;
}
