//! Offerings as callers send them.

use async_graphql::{ID, InputObject, MaybeUndefined};
use entity::{enums, ids::LabId};

use super::{OfferingKind, PriceBasis};
use crate::{
    capacity::offering::model::{Coverage, NewOffering, OfferingEdit, Shown, Terms, TermsEdit},
    directory::graphql::Visibility,
    graphql::scalars::{Date, TypedId, parse_id, parse_optional_id, patch},
    platform::fault::{Fault, Outcome, Problem},
};

/// What an offering covers. Without lists: the whole lab.
#[derive(Clone, Debug, Default, InputObject)]
pub struct OfferingCoverageInput {
    /// Fields (类别), at most 50; not together with scope lines.
    pub fields: Option<Vec<String>>,
    /// Ids of scope lines of the lab, at most 200; for TESTING.
    pub scopes: Option<Vec<ID>>,
    /// Ids of equipment of the lab, at most 50; for EQUIPMENT_TIME, which needs at least one.
    pub equipment: Option<Vec<ID>>,
}

impl OfferingCoverageInput {
    fn read(self) -> Outcome<Coverage> {
        Ok(Coverage {
            fields: self.fields.unwrap_or_default(),
            lines: ids(self.scopes, "input.coverage.scopes")?,
            equipment: ids(self.equipment, "input.coverage.equipment")?,
        })
    }
}

/// All of a list of ids, or a problem for each that is none.
fn ids<T: TypedId>(given: Option<Vec<ID>>, path: &str) -> Outcome<Vec<T>> {
    let (mut read, mut problems): (Vec<T>, Vec<Problem>) = (Vec::new(), Vec::new());
    for (at, id) in given.unwrap_or_default().iter().enumerate() {
        match parse_id(id, &format!("{path}[{at}]")) {
            Ok(id) => read.push(id),
            Err(Fault::Invalid(found)) => problems.extend(found),
            Err(other) => return Err(other),
        }
    }
    if problems.is_empty() { Ok(read) } else { Err(Fault::Invalid(problems)) }
}

/// An offering to be entered; it begins as a draft.
#[derive(Clone, Debug, InputObject)]
pub struct OfferingCreateInput {
    /// Id of the lab; none where the agency itself offers. TESTING and EQUIPMENT_TIME need one.
    pub lab: Option<ID>,
    /// Natural key within the agency.
    pub code: String,
    /// What is offered; stays as it is.
    pub kind: OfferingKind,
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// What it covers; the whole lab where not given.
    pub coverage: Option<OfferingCoverageInput>,
    /// What is counted, such as 样品 or 小时; at most 20 characters.
    pub unit: String,
    /// What the price is for; ON_REQUEST where not given.
    pub price_basis: Option<PriceBasis>,
    /// Price in yuan (CNY) with at most two digits behind the point, such as `120` or `120.50`.
    pub price_amount: Option<String>,
    /// Working days from an agreement to the first possible start, 0 to 365; 0 where not given.
    pub lead_days: Option<i32>,
    /// Working days from receipt to report, 1 to 365; TESTING needs it.
    pub turnaround_days: Option<i32>,
    /// The same where it is urgent; none where urgent work is not taken.
    pub urgent_turnaround_days: Option<i32>,
    /// Least quantity of one request.
    pub quantity_min: Option<i32>,
    /// Most of one request.
    pub quantity_max: Option<i32>,
    /// Conditions.
    pub conditions: Option<String>,
    /// First date on which it is open.
    pub valid_from: Option<Date>,
    /// Last date; none where unlimited.
    pub valid_to: Option<Date>,
    /// Who may see it once it was opened; PARTNER where not given.
    pub visibility: Option<Visibility>,
    /// Codes of the agencies that may see it besides the owner; only where visibility is OWN.
    pub shown_to: Option<Vec<String>>,
}

impl OfferingCreateInput {
    pub(super) fn read(self) -> Outcome<NewOffering> {
        Ok(NewOffering {
            lab: parse_optional_id::<LabId>(self.lab.as_ref(), "input.lab")?,
            code: self.code,
            kind: self.kind.into(),
            title_zh: self.title_zh,
            title_en: self.title_en,
            description: self.description,
            coverage: self.coverage.unwrap_or_default().read()?,
            terms: Terms {
                unit: self.unit,
                price_basis: self.price_basis.map_or(enums::PriceBasis::OnRequest, Into::into),
                price_amount: self.price_amount,
                lead_days: self.lead_days.unwrap_or(0),
                turnaround_days: self.turnaround_days,
                urgent_turnaround_days: self.urgent_turnaround_days,
                quantity_min: self.quantity_min,
                quantity_max: self.quantity_max,
                conditions: self.conditions,
                valid_from: self.valid_from.map(|date| date.0),
                valid_to: self.valid_to.map(|date| date.0),
            },
            shown: Shown {
                visibility: self.visibility.map_or(enums::Visibility::Partner, Into::into),
                to: self.shown_to.unwrap_or_default(),
            },
        })
    }
}

/// Edits of an offering. What is not given is left as it is; null empties a field.
#[derive(Clone, Debug, InputObject)]
pub struct OfferingEditInput {
    /// Natural key within the agency.
    pub code: Option<String>,
    /// Chinese title.
    pub title_zh: Option<String>,
    /// English title.
    pub title_en: MaybeUndefined<String>,
    /// Free text.
    pub description: MaybeUndefined<String>,
    /// What it covers, in place of all that it covered; without lists the whole lab.
    pub coverage: Option<OfferingCoverageInput>,
    /// What is counted; at most 20 characters.
    pub unit: Option<String>,
    /// What the price is for.
    pub price_basis: Option<PriceBasis>,
    /// Price in yuan (CNY) with at most two digits behind the point.
    pub price_amount: MaybeUndefined<String>,
    /// Working days from an agreement to the first possible start, 0 to 365.
    pub lead_days: Option<i32>,
    /// Working days from receipt to report, 1 to 365; TESTING needs it.
    pub turnaround_days: MaybeUndefined<i32>,
    /// The same where it is urgent.
    pub urgent_turnaround_days: MaybeUndefined<i32>,
    /// Least quantity of one request.
    pub quantity_min: MaybeUndefined<i32>,
    /// Most of one request.
    pub quantity_max: MaybeUndefined<i32>,
    /// Conditions.
    pub conditions: MaybeUndefined<String>,
    /// First date on which it is open.
    pub valid_from: MaybeUndefined<Date>,
    /// Last date; null makes it unlimited.
    pub valid_to: MaybeUndefined<Date>,
}

impl OfferingEditInput {
    pub(super) fn read(self) -> Outcome<OfferingEdit> {
        Ok(OfferingEdit {
            code: self.code,
            title_zh: self.title_zh,
            title_en: patch(self.title_en, |text| text),
            description: patch(self.description, |text| text),
            coverage: self.coverage.map(OfferingCoverageInput::read).transpose()?,
            terms: TermsEdit {
                unit: self.unit,
                price_basis: self.price_basis.map(Into::into),
                price_amount: patch(self.price_amount, |text| text),
                lead_days: self.lead_days,
                turnaround_days: patch(self.turnaround_days, |days| days),
                urgent_turnaround_days: patch(self.urgent_turnaround_days, |days| days),
                quantity_min: patch(self.quantity_min, |quantity| quantity),
                quantity_max: patch(self.quantity_max, |quantity| quantity),
                conditions: patch(self.conditions, |text| text),
                valid_from: patch(self.valid_from, |date| date.0),
                valid_to: patch(self.valid_to, |date| date.0),
            },
        })
    }
}
