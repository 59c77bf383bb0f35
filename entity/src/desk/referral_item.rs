//! Which items a referral is about.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AgencyCode, ReferralId, RequestItemId},
    record::record,
};

/// An item that is placed with the provider of a referral.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "referral_item")]
pub struct Model {
    /// The referral.
    #[sea_orm(primary_key, auto_increment = false)]
    pub referral_id: ReferralId,
    /// The item.
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: RequestItemId,
    /// The providing agency.
    pub agency: AgencyCode,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!("referral-item", referral_id, agency);
