//! Spare capacity that a provider offers without having been asked.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    enums::SpareOfferStatus,
    ids::{AgencyCode, OfferingId, SpareOfferId},
    offering,
    spare_offer::Model,
};
use serde_json::{Value, json};

use super::terms::Terms;
use crate::{
    approval::model::case::{fen, yuan},
    capacity::offering::model::amount,
    directory::text,
    platform::fault::Problems,
};

/// Most units of one.
const MOST_UNITS: i32 = 1_000_000;

/// Spare capacity as a provider writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSpareOffer {
    /// What it is of.
    pub offering: OfferingId,
    /// What it is, in a line.
    pub title: String,
    /// To whom; every partner that sees the offering where empty.
    pub shown_to: Vec<AgencyCode>,
    /// Units.
    pub units: i32,
    /// Price of one unit in yuan.
    pub unit_price: Option<String>,
    /// First day of the work.
    pub starts_on: NaiveDate,
    /// Last day for the report.
    pub report_by: NaiveDate,
    /// Until when it stands.
    pub valid_until: DateTime<Utc>,
    /// Remarks.
    pub remarks: Option<String>,
}

impl NewSpareOffer {
    /// The row, in good form.
    pub fn entered(
        self,
        p: &mut Problems,
        (id, offering): (SpareOfferId, &offering::Model),
        author: String,
        (today, now): (NaiveDate, DateTime<Utc>),
    ) -> Model {
        if !(1..=MOST_UNITS).contains(&self.units) {
            p.add("input.units", "QUANTITY", format!("Offer 1 to {MOST_UNITS} units."));
        }
        if self.starts_on < today {
            p.add("input.startsOn", "DATE_PAST", format!("Choose {today} or a later date."));
        }
        text::ordered(p, "input.reportBy", Some(self.starts_on), Some(self.report_by));
        if self.valid_until <= now {
            p.add("input.validUntil", "INSTANT_PAST", "Let it stand until some later instant.");
        }
        if self.shown_to.contains(&offering.agency) {
            p.add("input.to", "OWN_AGENCY", "Name partners; your own agency needs no offer of its own.");
        }
        Model {
            id,
            agency: offering.agency.clone(),
            lab_id: offering.lab_id,
            offering_id: offering.id,
            title: text::required(p, "input.title", &self.title, text::NAME),
            shown_to: json!(self.shown_to),
            units: self.units,
            unit_price: self.unit_price.map(|given| amount(p, "input.unitPrice", &given)),
            starts_on: self.starts_on,
            report_by: self.report_by,
            valid_until: self.valid_until,
            remarks: text::optional(p, "input.remarks", self.remarks, text::FREE),
            status: SpareOfferStatus::Open,
            author,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

/// Whether it can be taken at an instant.
pub fn stands(row: &Model, now: DateTime<Utc>) -> bool {
    row.status == SpareOfferStatus::Open && row.valid_until > now
}

/// Whether it is made to an agency that sees the offering.
pub fn is_for(row: &Model, agency: &AgencyCode) -> bool {
    let named: Vec<&str> = row.shown_to.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    row.agency == *agency || named.is_empty() || named.contains(&agency.as_str())
}

/// The terms on which so many units of it are offered; they stand as long as it does.
pub fn terms(row: &Model, units: i32) -> Terms {
    let price = row.unit_price.as_deref().and_then(fen).map(|one| yuan(one.saturating_mul(i64::from(units))));
    Terms {
        price,
        starts_on: row.starts_on,
        report_by: row.report_by,
        valid_until: Some(row.valid_until),
        conditions: Vec::new(),
        remarks: row.remarks.clone(),
        units: None,
        blocks: Vec::new(),
    }
}
