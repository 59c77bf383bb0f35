//! What callers send to the desk.

use async_graphql::{ID, InputObject, MaybeUndefined};
use entity::{
    enums,
    ids::{OfferConditionId, OfferingId},
};

use super::words::{ConditionAnswer, Placement, Purpose, Sending, Urgency, WorkArea};
use crate::{
    graphql::scalars::{Date, Instant, parse_id, parse_optional_id, patch},
    platform::fault::Outcome,
    request::model::{
        draft::{NewItem, NewProvider, NewRequest, RequestEdit},
        terms::{Answer, Stretch, Terms},
    },
};

/// One thing that is asked for.
#[derive(Clone, Debug, InputObject)]
pub struct RequestItemInput {
    /// Parameter (项目/参数).
    pub parameter: String,
    /// Object (产品/检测对象).
    pub object: String,
    /// Method: a standard number such as GB/T 22388-2008.
    pub method: Option<String>,
    /// How many units, 1 to 1,000,000.
    pub quantity: i32,
    /// What is counted, such as 样品; at most 20 characters.
    pub unit: String,
    /// Remarks.
    pub remarks: Option<String>,
    /// Id of a scope line that you have in mind.
    pub scope: Option<ID>,
}

impl RequestItemInput {
    fn read(self, at: usize) -> Outcome<NewItem> {
        Ok(NewItem {
            scope: parse_optional_id(self.scope.as_ref(), &format!("input.items[{at}].scope"))?,
            parameter: self.parameter,
            object: self.object,
            method: self.method,
            quantity: self.quantity,
            unit: self.unit,
            remarks: self.remarks,
        })
    }
}

/// A provider to be asked.
#[derive(Clone, Debug, InputObject)]
pub struct ProviderInput {
    /// Id of the offering that is asked for.
    pub offering: ID,
    /// Positions of the items that are placed there, from 1; all where not given.
    pub items: Option<Vec<i32>>,
    /// Whether it is asked only when all others are exhausted.
    #[graphql(default)]
    pub last_resort: bool,
    /// Id of spare capacity of this offering that is taken: the provider's offer is there as soon as the request goes out.
    pub spare_offer: Option<ID>,
}

impl ProviderInput {
    pub(super) fn read(self, path: &str) -> Outcome<NewProvider> {
        let offering: OfferingId = parse_id(&self.offering, &format!("{path}.offering"))?;
        let spare = parse_optional_id(self.spare_offer.as_ref(), &format!("{path}.spareOffer"))?;
        Ok(NewProvider { offering, items: self.items, last_resort: self.last_resort, spare })
    }
}

fn items(given: Vec<RequestItemInput>) -> Outcome<Vec<NewItem>> {
    given.into_iter().enumerate().map(|(at, item)| item.read(at)).collect()
}

fn providers(given: Vec<ProviderInput>) -> Outcome<Vec<NewProvider>> {
    given.into_iter().enumerate().map(|(at, one)| one.read(&format!("input.providers[{at}]"))).collect()
}

/// A request to be drafted.
#[derive(Clone, Debug, InputObject)]
pub struct RequestCreateInput {
    /// What it is about, in a line.
    pub title: String,
    /// What the results serve.
    pub purpose: Purpose,
    /// The work area of the memorandum; COLLABORATIVE_OVERSIGHT where not given.
    pub work_area: Option<WorkArea>,
    /// How soon answers are due; NORMAL where not given.
    pub urgency: Option<Urgency>,
    /// The last date on which the results are of use.
    pub need_by: Date,
    /// Conditions.
    pub conditions: Option<String>,
    /// How providers are found; NAMED where not given.
    pub placement: Option<Placement>,
    /// In which way several are asked; ONE_AFTER_ANOTHER where not given.
    pub sending: Option<Sending>,
    /// Whether quotes are asked for: all providers at once, and nothing is set aside until one of the quotes is ordered by
    /// accepting it.
    #[graphql(default)]
    pub for_quotes: bool,
    /// The company whose goods are sampled.
    pub sampled_company: Option<String>,
    /// Whether that company is hidden from the providers.
    #[graphql(default)]
    pub blind: bool,
    /// What is asked for, 1 to 100 items.
    pub items: Vec<RequestItemInput>,
    /// Of whom, in the order in which they are asked, at most 30.
    pub providers: Option<Vec<ProviderInput>>,
}

impl RequestCreateInput {
    pub(super) fn read(self) -> Outcome<NewRequest> {
        Ok(NewRequest {
            title: self.title,
            purpose: self.purpose.into(),
            work_area: self.work_area.map_or(enums::WorkArea::CollaborativeOversight, Into::into),
            urgency: self.urgency.map_or(enums::Urgency::Normal, Into::into),
            need_by: self.need_by.0,
            conditions: self.conditions,
            placement: self.placement.map_or(enums::Placement::Named, Into::into),
            sending: self.sending.map_or(enums::Sending::OneAfterAnother, Into::into),
            for_quotes: self.for_quotes,
            sampled_company: self.sampled_company,
            blind: self.blind,
            items: items(self.items)?,
            providers: providers(self.providers.unwrap_or_default())?,
        })
    }
}

/// Edits of a draft. What is not given is left as it is; null empties a field.
#[derive(Clone, Debug, InputObject)]
pub struct RequestEditInput {
    /// What it is about, in a line.
    pub title: Option<String>,
    /// What the results serve.
    pub purpose: Option<Purpose>,
    /// The work area of the memorandum.
    pub work_area: Option<WorkArea>,
    /// How soon answers are due.
    pub urgency: Option<Urgency>,
    /// The last date on which the results are of use.
    pub need_by: Option<Date>,
    /// Conditions.
    pub conditions: MaybeUndefined<String>,
    /// How providers are found.
    pub placement: Option<Placement>,
    /// In which way several are asked.
    pub sending: Option<Sending>,
    /// Whether quotes are asked for.
    pub for_quotes: Option<bool>,
    /// The company whose goods are sampled.
    pub sampled_company: MaybeUndefined<String>,
    /// Whether that company is hidden from the providers.
    pub blind: Option<bool>,
    /// What is asked for, in place of all that was.
    pub items: Option<Vec<RequestItemInput>>,
    /// Of whom, in place of all who were named.
    pub providers: Option<Vec<ProviderInput>>,
}

impl RequestEditInput {
    pub(super) fn read(self) -> Outcome<RequestEdit> {
        Ok(RequestEdit {
            title: self.title,
            purpose: self.purpose.map(Into::into),
            work_area: self.work_area.map(Into::into),
            urgency: self.urgency.map(Into::into),
            need_by: self.need_by.map(|date| date.0),
            conditions: patch(self.conditions, |text| text),
            placement: self.placement.map(Into::into),
            sending: self.sending.map(Into::into),
            for_quotes: self.for_quotes,
            sampled_company: patch(self.sampled_company, |text| text),
            blind: self.blind,
            items: self.items.map(items).transpose()?,
            providers: self.providers.map(providers).transpose()?,
        })
    }
}

/// Units of capacity on a day.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct DayUnitsInput {
    /// The day; of a weekly calendar the Monday.
    pub day: Date,
    /// How many units, from 1.
    pub units: i32,
}

/// Machine time, the beginning included and the end not.
#[derive(Clone, Debug, InputObject)]
pub struct BlockInput {
    /// Id of the equipment.
    pub equipment: ID,
    /// From.
    pub from: Instant,
    /// To.
    pub to: Instant,
}

pub(super) fn blocks(given: Vec<BlockInput>) -> Outcome<Vec<Stretch>> {
    let block = |(at, one): (usize, BlockInput)| {
        let equipment = parse_id(&one.equipment, &format!("input.blocks[{at}].equipment"))?;
        Ok((equipment, one.from.0, one.to.0))
    };
    given.into_iter().enumerate().map(block).collect()
}

/// Terms to be put to the other side.
#[derive(Clone, Debug, InputObject)]
pub struct TermsInput {
    /// Price of all of it in yuan (CNY) with at most two digits behind the point; none where nothing is charged.
    pub price: Option<String>,
    /// First day of the work.
    pub starts_on: Date,
    /// Last day for the report.
    pub report_by: Date,
    /// Until when it stands; three working days, where it is urgent one, if not given.
    pub valid_until: Option<Instant>,
    /// Conditions, each answered by itself, at most 20. With any, an offer is CONDITIONAL.
    pub conditions: Option<Vec<String>>,
    /// Remarks.
    pub remarks: Option<String>,
    /// Units of capacity by day; the earliest free ones from `startsOn` to `reportBy` where not given.
    pub units: Option<Vec<DayUnitsInput>>,
    /// Machine time, at most 50 blocks.
    pub blocks: Option<Vec<BlockInput>>,
}

impl TermsInput {
    pub(super) fn read(self) -> Outcome<Terms> {
        Ok(Terms {
            price: self.price,
            starts_on: self.starts_on.0,
            report_by: self.report_by.0,
            valid_until: self.valid_until.map(|until| until.0),
            conditions: self.conditions.unwrap_or_default(),
            remarks: self.remarks,
            units: self.units.map(|units| units.into_iter().map(|one| (one.day.0, one.units)).collect()),
            blocks: blocks(self.blocks.unwrap_or_default())?,
        })
    }
}

/// An answer to one condition.
#[derive(Clone, Debug, InputObject)]
pub struct ConditionAnswerInput {
    /// Id of the condition.
    pub condition: ID,
    /// Whether it is met.
    pub answer: ConditionAnswer,
    /// A word about it.
    pub note: Option<String>,
}

impl ConditionAnswerInput {
    pub(super) fn read(self, at: usize) -> Outcome<Answer> {
        let condition: OfferConditionId = parse_id(&self.condition, &format!("answers[{at}].condition"))?;
        Ok(Answer { condition, answer: self.answer.into(), note: self.note })
    }
}
