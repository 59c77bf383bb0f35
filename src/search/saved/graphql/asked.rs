//! Between the conditions of a search as they are sent, and as they are kept.

use async_graphql::{InputType, Value};
use chrono::NaiveDate;
use entity::{
    enums::{self, SavedSearchKind},
    saved_search::Model,
};
use serde_json::{Value as Json, json};

use crate::{
    platform::{
        access::Visible,
        clock::shanghai_date,
        fault::{Fault, Outcome},
    },
    search::{
        find::question::Question,
        graphql::{Asked, SearchOrder, SearchWhere},
    },
};

/// Conditions in the spelling of the API, without what was not given.
///
/// # Errors
/// `INTERNAL` for a value that JSON does not have; an input has none.
pub fn spelled(filter: &SearchWhere) -> Outcome<Json> {
    let mut json = filter.to_value().into_json().map_err(Fault::internal)?;
    strip(&mut json);
    Ok(json)
}

fn strip(value: &mut Json) {
    if let Json::Object(members) = value {
        members.retain(|_, member| !member.is_null());
        members.values_mut().for_each(strip);
    }
}

/// The conditions of a row.
///
/// # Errors
/// `SAVED_SEARCH_OUTDATED` where they are not conditions of the API any more.
fn conditions(row: &Model) -> Outcome<Option<Box<SearchWhere>>> {
    let Some(json) = &row.filter else { return Ok(None) };
    let value = Value::from_json(json.clone()).map_err(Fault::internal)?;
    let read = <Box<SearchWhere> as InputType>::parse(Some(value));
    read.map(Some).map_err(|_| {
        Fault::rule(
            "SAVED_SEARCH_OUTDATED",
            "The conditions of this search are not understood any more; edit its where.",
            json!({ "where": json }),
        )
    })
}

/// The question of a row, as if its conditions had been sent now.
///
/// # Errors
/// `SAVED_SEARCH_OUTDATED`.
pub fn of(row: &Model) -> Outcome<Asked> {
    Ok(Asked { text: row.text.clone(), filter: conditions(row)?, order_by: Some(shown(row.order_by)), as_of: None })
}

/// Whether the question of a row can be meant: it is built, and not asked.
///
/// # Errors
/// `INVALID`; `SAVED_SEARCH_OUTDATED`.
pub fn check(row: &Model) -> Outcome<()> {
    question(row, shanghai_date(row.updated_at)).map(drop)
}

/// The question of a row as its agency asks it on a day.
///
/// # Errors
/// `INVALID`; `SAVED_SEARCH_OUTDATED`.
pub fn question(row: &Model, on: NaiveDate) -> Outcome<Question> {
    let Asked { text, filter, order_by, .. } = of(row)?;
    filter.unwrap_or_default().question(Visible::Partner(row.agency.clone()), text, order_by, on)
}

/// An order as it is kept.
pub fn kept(order: SearchOrder) -> enums::SearchOrder {
    match order {
        SearchOrder::Relevance => enums::SearchOrder::Relevance,
        SearchOrder::Distance => enums::SearchOrder::Distance,
        SearchOrder::Turnaround => enums::SearchOrder::Turnaround,
        SearchOrder::Soonest => enums::SearchOrder::Soonest,
    }
}

/// A kept order as it is shown.
pub fn shown(order: enums::SearchOrder) -> SearchOrder {
    match order {
        enums::SearchOrder::Relevance => SearchOrder::Relevance,
        enums::SearchOrder::Distance => SearchOrder::Distance,
        enums::SearchOrder::Turnaround => SearchOrder::Turnaround,
        enums::SearchOrder::Soonest => SearchOrder::Soonest,
    }
}

/// The field that answers a search of a kind.
pub fn field(kind: SavedSearchKind) -> &'static str {
    match kind {
        SavedSearchKind::Scope => "lines",
        SavedSearchKind::Lab => "labs",
        SavedSearchKind::Equipment => "equipment",
    }
}
