//! Offers: what providers answer, and what requesters answer to that.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::{OfferKind, OfferStatus, Side},
    ids::{AgencyCode, HoldId, OfferId, ReferralId, SpareOfferId},
    record::{record, versioned},
};

/// Terms that one side puts to the other.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "offer")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfferId,
    /// The referral.
    pub referral_id: ReferralId,
    /// The agency that makes it.
    pub agency: AgencyCode,
    /// Which side that is.
    pub side: Side,
    /// Counts the offers of a referral, from 1.
    pub number: i32,
    /// What kind.
    pub kind: OfferKind,
    /// Where it is in its life.
    pub status: OfferStatus,
    /// Price of all of it in yuan with two digits behind the point; none where nothing is charged.
    pub price: Option<String>,
    /// First day of the work.
    pub starts_on: Date,
    /// Last day for the report.
    pub report_by: Date,
    /// Until when it stands.
    pub valid_until: DateTimeUtc,
    /// Remarks.
    pub remarks: Option<String>,
    /// Who wrote it, as issuer and subject.
    pub author: String,
    /// Units by day and machine time that a change of what was agreed takes, where it moves them.
    pub wanted: Option<Json>,
    /// The capacity that is set aside for it.
    pub hold_id: Option<HoldId>,
    /// The spare capacity that it takes of.
    pub spare_offer_id: Option<SpareOfferId>,
    /// Why it ended, where a reason was given.
    pub reason_code: Option<String>,
    /// Its text.
    pub reason_text: Option<String>,
    /// When it was put to the other side; none while, or because, it never was: then that side knows nothing of it.
    pub put_at: Option<DateTimeUtc>,
    /// Counts the edits, from 1.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last edited.
    pub updated_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(OfferId::KIND, id, agency);
versioned!(id, Id);
