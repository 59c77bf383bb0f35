//! Which agencies may see an attachment besides the one that has uploaded it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgencyCode, AttachmentId},
    record::record,
};

/// An agency may see an attachment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "attachment_party")]
pub struct Model {
    /// The attachment.
    #[sea_orm(primary_key, auto_increment = false)]
    pub attachment_id: AttachmentId,
    /// The agency that may see it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency: AgencyCode,
    /// The agency that has uploaded it, and owns the row.
    pub owner: AgencyCode,
    /// Since when.
    pub at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!("attachment-party", attachment_id, owner);
