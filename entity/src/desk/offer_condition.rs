//! Conditions of offers.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::ConditionAnswer,
    ids::{AgencyCode, OfferConditionId, OfferId},
    record::{record, versioned},
};

/// A condition on which an offer stands, and what was answered to it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "offer_condition")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfferConditionId,
    /// The offer.
    pub offer_id: OfferId,
    /// The agency that makes the offer.
    pub agency: AgencyCode,
    /// Place in the offer, from 1.
    pub position: i32,
    /// The condition.
    pub text: String,
    /// What was answered.
    pub answer: Option<ConditionAnswer>,
    /// What was written with the answer.
    pub note: Option<String>,
    /// Who answered, as issuer and subject.
    pub answered_by: Option<String>,
    /// When.
    pub answered_at: Option<DateTimeUtc>,
    /// Counts the edits, from 1.
    pub version: i32,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(OfferConditionId::KIND, id, agency);
versioned!(id, Id);
