//! Reports.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgencyCode, AttachmentId, DeliverableId, ReferralId},
    record::record,
};

/// A report that was delivered. A corrected one leaves the one before it in place, marked as superseded.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "deliverable")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeliverableId,
    /// The referral.
    pub referral_id: ReferralId,
    /// The providing agency.
    pub agency: AgencyCode,
    /// The requesting agency.
    pub requester: AgencyCode,
    /// Of which delivery of the referral, from 1.
    pub revision: i32,
    /// Number of the report.
    pub report_number: String,
    /// The date of issue on the report.
    pub issued_on: Date,
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
    /// Length of the file in bytes, where it is known.
    pub size: Option<i64>,
    /// The file, where it is kept here.
    pub attachment_id: Option<AttachmentId>,
    /// Ids of the scope lines under which it was issued, a list of text.
    pub scopes: Json,
    /// Whether a later delivery took its place.
    pub superseded: bool,
    /// Who delivered it, as issuer and subject.
    pub author: String,
    /// When.
    pub created_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(DeliverableId::KIND, id, agency);
