//! Samples on their way.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::ConsignmentStatus,
    ids::{AgencyCode, ConsignmentId, ReferralId},
    record::{record, versioned},
};

/// Samples that a requester sends to a provider.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "consignment")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConsignmentId,
    /// The referral.
    pub referral_id: ReferralId,
    /// The requesting agency, which sends it.
    pub agency: AgencyCode,
    /// The providing agency.
    pub provider: AgencyCode,
    /// Counts the consignments of a referral, from 1.
    pub number: i32,
    /// Where it is.
    pub status: ConsignmentStatus,
    /// Units that were sent.
    pub sent: i32,
    /// Units that were received and are fit.
    pub received: i32,
    /// Who carries it.
    pub carrier: Option<String>,
    /// Number of the waybill.
    pub waybill: Option<String>,
    /// Remarks, such as the temperature at which it is kept.
    pub remarks: Option<String>,
    /// Counts the edits, from 1.
    pub version: i32,
    /// When it was sent.
    pub created_at: DateTimeUtc,
    /// When it was last edited.
    pub updated_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(ConsignmentId::KIND, id, agency);
versioned!(id, Id);
