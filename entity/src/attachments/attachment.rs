//! Files that agencies attach to what they write.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::{AttachmentPurpose, AttachmentStatus},
    ids::{AgencyCode, AttachmentId},
    record::{record, versioned},
};

/// A file: what was declared of it before it came, and where it belongs. Its content is in the object store, under the id.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "attachment")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttachmentId,
    /// The agency that uploads it.
    pub agency: AgencyCode,
    /// Name, as it was given, in Unicode's form NFC; never a path.
    pub file_name: String,
    /// Media type, such as `application/pdf`; lower case, without parameters.
    pub media_type: String,
    /// Length of the content, in bytes.
    pub size: i64,
    /// SHA-256 of the content, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Remarks.
    pub remarks: Option<String>,
    /// Whether the content has come.
    pub status: AttachmentStatus,
    /// What it is attached to: a typed id, such as `request:…`; none before it is bound.
    pub subject: Option<String>,
    /// As what it is attached; none before it is bound.
    pub purpose: Option<AttachmentPurpose>,
    /// Subject who prepared it.
    pub created_by: String,
    /// Counts the edits, from 1.
    pub version: i32,
    /// When it was prepared.
    pub created_at: DateTimeUtc,
    /// When the row was last edited.
    pub updated_at: DateTimeUtc,
    /// When its content was stored.
    pub stored_at: Option<DateTimeUtc>,
    /// When it was attached.
    pub bound_at: Option<DateTimeUtc>,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(AttachmentId::KIND, id, agency);
versioned!(id, Id);
