//! Requests as they are written.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    enums::{ItemState, Placement, Purpose, RequestStatus, Sending, Urgency, WorkArea},
    ids::{OfferingId, RequestId, RequestItemId, ScopeId, SpareOfferId},
    request::Model,
    request_item,
};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    directory::{institution::model::Blank, standard::number::StandardNumber, text},
    platform::{
        fault::{Outcome, Problems},
        lenient::fold,
        patch::Patch,
    },
};

/// Most items of one request.
pub const MOST_ITEMS: usize = 100;
/// Most providers that one request names.
pub const MOST_PROVIDERS: usize = 30;
/// Most units of one item.
const MOST_UNITS: i32 = 1_000_000;
/// Longest word for what is counted.
const UNIT: usize = 20;

/// One thing that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// Parameter.
    pub parameter: String,
    /// Object.
    pub object: String,
    /// Standard number.
    pub method: Option<String>,
    /// How many units.
    pub quantity: i32,
    /// What is counted.
    pub unit: String,
    /// Remarks.
    pub remarks: Option<String>,
    /// A scope line in mind.
    pub scope: Option<ScopeId>,
}

/// A provider that the requester names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProvider {
    /// What is asked for.
    pub offering: OfferingId,
    /// Positions of the items that are placed there, from 1; all where not given.
    pub items: Option<Vec<i32>>,
    /// Whether it is asked only when all others are exhausted.
    pub last_resort: bool,
    /// The spare capacity that it came forward with.
    pub spare: Option<SpareOfferId>,
}

/// A request to be drafted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRequest {
    /// What it is about.
    pub title: String,
    /// What the results serve.
    pub purpose: Purpose,
    /// The work area of the memorandum.
    pub work_area: WorkArea,
    /// How soon answers are due.
    pub urgency: Urgency,
    /// The last date of use.
    pub need_by: NaiveDate,
    /// Conditions.
    pub conditions: Option<String>,
    /// How providers are found.
    pub placement: Placement,
    /// In which way several are asked.
    pub sending: Sending,
    /// Whether quotes are asked for.
    pub for_quotes: bool,
    /// The company whose goods are sampled.
    pub sampled_company: Option<String>,
    /// Whether it is hidden from the providers.
    pub blind: bool,
    /// What is asked for.
    pub items: Vec<NewItem>,
    /// Of whom; empty for a rota.
    pub providers: Vec<NewProvider>,
}

/// Edits of a draft. What is not given stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestEdit {
    /// What it is about.
    pub title: Option<String>,
    /// What the results serve.
    pub purpose: Option<Purpose>,
    /// The work area of the memorandum.
    pub work_area: Option<WorkArea>,
    /// How soon answers are due.
    pub urgency: Option<Urgency>,
    /// The last date of use.
    pub need_by: Option<NaiveDate>,
    /// Conditions.
    pub conditions: Patch<String>,
    /// How providers are found.
    pub placement: Option<Placement>,
    /// In which way several are asked.
    pub sending: Option<Sending>,
    /// Whether quotes are asked for.
    pub for_quotes: Option<bool>,
    /// The company whose goods are sampled.
    pub sampled_company: Patch<String>,
    /// Whether it is hidden from the providers.
    pub blind: Option<bool>,
    /// What is asked for, in place of all that was.
    pub items: Option<Vec<NewItem>>,
    /// Of whom, in place of all who were named.
    pub providers: Option<Vec<NewProvider>>,
}

/// Quotes are there to be compared: all providers are asked at once.
const fn sending(for_quotes: bool, wanted: Sending) -> Sending {
    if for_quotes { Sending::SideBySide } else { wanted }
}

impl NewRequest {
    /// The row, in good form; its items come from [`items`].
    pub fn entered(self, p: &mut Problems, blank: Blank<RequestId>, author: String, today: NaiveDate) -> Model {
        let row = Model {
            id: blank.id,
            decision_id: None,
            code: code(today, blank.id.0),
            agency: blank.agency,
            title: self.title,
            status: RequestStatus::Draft,
            purpose: self.purpose,
            work_area: self.work_area,
            urgency: self.urgency,
            need_by: self.need_by,
            conditions: self.conditions,
            placement: self.placement,
            sending: sending(self.for_quotes, self.sending),
            for_quotes: self.for_quotes,
            sampled_company: self.sampled_company,
            blind: self.blind,
            unblinded_at: None,
            shown_to: json!([]),
            author,
            submitted_by: None,
            approved_by: None,
            round: 0,
            digest: String::new(),
            status_at: blank.at,
            due_at: None,
            due_provisional: false,
            due_side: None,
            lapses: 0,
            reason_code: None,
            reason_text: None,
            moved_by_clock: false,
            version: 1,
            created_at: blank.at,
            updated_at: blank.at,
        };
        checked(p, row, today)
    }
}

impl RequestEdit {
    /// The row after the edit.
    pub fn over(&self, p: &mut Problems, last: &Model, at: DateTime<Utc>, today: NaiveDate) -> Model {
        let row = Model {
            title: self.title.clone().unwrap_or_else(|| last.title.clone()),
            purpose: self.purpose.unwrap_or(last.purpose),
            work_area: self.work_area.unwrap_or(last.work_area),
            urgency: self.urgency.unwrap_or(last.urgency),
            need_by: self.need_by.unwrap_or(last.need_by),
            conditions: self.conditions.clone().over(last.conditions.clone()),
            placement: self.placement.unwrap_or(last.placement),
            sending: sending(self.for_quotes.unwrap_or(last.for_quotes), self.sending.unwrap_or(last.sending)),
            for_quotes: self.for_quotes.unwrap_or(last.for_quotes),
            sampled_company: self.sampled_company.clone().over(last.sampled_company.clone()),
            blind: self.blind.unwrap_or(last.blind),
            updated_at: at,
            ..last.clone()
        };
        checked(p, row, today)
    }
}

fn checked(p: &mut Problems, row: Model, today: NaiveDate) -> Model {
    if row.need_by < today {
        p.add("input.needBy", "DATE_PAST", format!("Choose {today} or a later date."));
    }
    Model {
        title: text::required(p, "input.title", &row.title, text::NAME),
        conditions: text::optional(p, "input.conditions", row.conditions, text::FREE),
        sampled_company: text::optional(p, "input.sampledCompany", row.sampled_company, text::NAME),
        ..row
    }
}

/// The number of a request: its day, and eight characters that tell it from the others of that day: 40 bits, so that of
/// 10,000 on one day two are alike once in 20,000 days.
fn code(today: NaiveDate, id: Uuid) -> String {
    const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut rest = id.as_u128();
    let mut tail = String::new();
    for _ in 0..8 {
        tail.push(char::from(SIGNS[(rest & 31) as usize]));
        rest >>= 5;
    }
    format!("R{}-{tail}", today.format("%Y%m%d"))
}

/// The rows of items, in good form.
pub fn items(
    p: &mut Problems,
    given: Vec<NewItem>,
    request: &Model,
    mut id: impl FnMut() -> Uuid,
) -> Vec<request_item::Model> {
    if given.is_empty() {
        p.add("input.items", "REQUIRED", "Say what is asked for: at least one item.");
    }
    if given.len() > MOST_ITEMS {
        p.add("input.items", "TOO_MANY", format!("Ask for at most {MOST_ITEMS} items; split the request."));
    }
    let rows = given.into_iter().take(MOST_ITEMS).enumerate();
    rows.map(|(at, item)| item.row(p, request, (at, RequestItemId(id())))).collect()
}

impl NewItem {
    fn row(self, p: &mut Problems, request: &Model, (at, id): (usize, RequestItemId)) -> request_item::Model {
        let path = |field: &str| format!("input.items[{at}].{field}");
        if !(1..=MOST_UNITS).contains(&self.quantity) {
            p.add(path("quantity"), "QUANTITY", format!("Ask for 1 to {MOST_UNITS} units."));
        }
        let method = text::optional(p, &path("method"), self.method, text::NAME);
        let number = method.as_deref().and_then(|method| match StandardNumber::parse(method) {
            Ok(number) => Some(number),
            Err(why) => {
                p.add(
                    path("method"),
                    "STANDARD_NUMBER",
                    format!("{why} Write it as GB/T 5009.12-2017, or leave it out."),
                );
                None
            }
        });
        request_item::Model {
            id,
            request_id: request.id,
            agency: request.agency.clone(),
            position: i32::try_from(at + 1).unwrap_or(i32::MAX),
            parameter: text::required(p, &path("parameter"), &self.parameter, text::NAME),
            object: text::required(p, &path("object"), &self.object, text::NAME),
            method,
            method_key: number.as_ref().map(StandardNumber::key),
            method_year: number.as_ref().and_then(|number| number.year).map(i32::from),
            quantity: self.quantity,
            unit: text::required(p, &path("unit"), &self.unit, UNIT),
            remarks: text::optional(p, &path("remarks"), self.remarks, text::FREE),
            scope_id: self.scope,
            state: ItemState::Sought,
            version: 1,
        }
    }
}

/// What a request asks for, as twins are told by: the items without regard to order, case, width and remarks.
pub fn digest(request: &Model, items: &[request_item::Model]) -> String {
    let spelled: BTreeSet<String> = items
        .iter()
        .map(|item| {
            let method = item.method_key.as_deref().unwrap_or_default();
            let company = request.sampled_company.as_deref().map(fold).unwrap_or_default();
            let what = (fold(&item.parameter), fold(&item.object));
            format!("{}\u{1f}{}\u{1f}{method}\u{1f}{}\u{1f}{company}", what.0, what.1, item.quantity)
        })
        .collect();
    let whole = spelled.into_iter().collect::<Vec<_>>().join("\u{1e}");
    hex::encode(Sha256::digest(whole.as_bytes()))
}

/// Checks the providers that a request names against its items.
pub fn providers(p: &mut Problems, given: &[NewProvider], placement: Placement, items: usize) {
    let last = i32::try_from(items).unwrap_or(i32::MAX);
    if given.len() > MOST_PROVIDERS {
        p.add("input.providers", "TOO_MANY", format!("Name at most {MOST_PROVIDERS} providers."));
    }
    if placement == Placement::Rota && given.iter().any(|one| !one.last_resort) {
        let message = "A rota ranks providers by itself; name none, or only those of last resort, or place it NAMED.";
        p.add("input.providers", "PROVIDERS_OF_ROTA", message);
    }
    for (at, one) in given.iter().enumerate() {
        let positions = one.items.as_deref();
        if positions.is_some_and(<[i32]>::is_empty) {
            p.add(format!("input.providers[{at}].items"), "REQUIRED", "Name items, or leave the list out for all.");
        }
        if positions.into_iter().flatten().any(|position| !(1..=last).contains(position)) {
            let message = format!("Items are counted from 1 to {items}.");
            p.add(format!("input.providers[{at}].items"), "ITEM_UNKNOWN", message);
        }
    }
}

/// Checks a whole draft once more before it leaves the author's hands.
///
/// # Errors
/// `INVALID`.
pub fn submittable(row: &Model, today: NaiveDate) -> Outcome<()> {
    let mut problems = Problems::default();
    drop(checked(&mut problems, row.clone(), today));
    problems.finish()
}
