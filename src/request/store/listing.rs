//! Lists of requests and referrals, as far as the caller may see them.

use entity::{
    enums::{ReferralStatus, RequestStatus},
    ids::{AgencyCode, LabId},
    referral, request,
};
use sea_orm::{Condition, QueryFilter};

use super::reading::{referrals_of, requests_of};
use crate::{
    platform::{
        db::Db,
        fault::Outcome,
        filter::{DateFilter, OneOf, TextFilter},
        page::{self, Page, Sort, SortValue, Window},
    },
    request::policy::Party,
};

/// Which requests. Every condition that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestFilter {
    /// Of these agencies.
    pub agency: Option<OneOf<AgencyCode>>,
    /// In one of these statuses.
    pub status: Option<OneOf<RequestStatus>>,
    /// By number.
    pub code: Option<TextFilter>,
    /// By title.
    pub title: Option<TextFilter>,
    /// By the date on which it is needed.
    pub need_by: Option<DateFilter>,
}

/// Which referrals. Every condition that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReferralFilter {
    /// Of these providing agencies.
    pub provider: Option<OneOf<AgencyCode>>,
    /// Of these requesting agencies.
    pub requester: Option<OneOf<AgencyCode>>,
    /// In one of these statuses.
    pub status: Option<OneOf<ReferralStatus>>,
    /// With one of these sites.
    pub lab: Option<OneOf<LabId>>,
}

/// The order of requests and referrals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DeskOrder {
    /// `RECENT`: the newest first.
    #[default]
    Recent,
    /// `OLDEST`: the oldest first.
    Oldest,
}

/// A page of the requests that a filter finds.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn request_page(
    db: &Db,
    party: &Party,
    filter: &RequestFilter,
    (order, window): (DeskOrder, &Window),
) -> Outcome<Page<request::Model>> {
    let sort = Sort {
        name: name(order),
        columns: vec![request::Column::Id],
        descending: order == DeskOrder::Recent,
        key: |row: &request::Model| vec![SortValue::Id(row.id.0)],
    };
    page::fetch(db, requests_of(db.dialect(), party).filter(request_condition(filter)), &sort, window).await
}

/// How many requests a filter finds.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count_requests(db: &Db, party: &Party, filter: &RequestFilter) -> Outcome<u64> {
    db.count(requests_of(db.dialect(), party).filter(request_condition(filter))).await
}

/// A page of the referrals that a filter finds.
///
/// # Errors
/// As [`request_page`].
pub async fn referral_page(
    db: &Db,
    party: &Party,
    filter: &ReferralFilter,
    (order, window): (DeskOrder, &Window),
) -> Outcome<Page<referral::Model>> {
    let sort = Sort {
        name: name(order),
        columns: vec![referral::Column::Id],
        descending: order == DeskOrder::Recent,
        key: |row: &referral::Model| vec![SortValue::Id(row.id.0)],
    };
    page::fetch(db, referrals_of(party).filter(referral_condition(filter)), &sort, window).await
}

/// How many referrals a filter finds.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count_referrals(db: &Db, party: &Party, filter: &ReferralFilter) -> Outcome<u64> {
    db.count(referrals_of(party).filter(referral_condition(filter))).await
}

fn name(order: DeskOrder) -> &'static str {
    match order {
        DeskOrder::Recent => "RECENT",
        DeskOrder::Oldest => "OLDEST",
    }
}

fn request_condition(filter: &RequestFilter) -> Condition {
    Condition::all()
        .add_option(filter.agency.as_ref().map(|wanted| wanted.on(request::Column::Agency)))
        .add_option(filter.status.as_ref().map(|wanted| wanted.on(request::Column::Status)))
        .add_option(filter.code.as_ref().map(|wanted| wanted.on(request::Column::Code)))
        .add_option(filter.title.as_ref().map(|wanted| wanted.on(request::Column::Title)))
        .add_option(filter.need_by.as_ref().map(|wanted| wanted.on(request::Column::NeedBy)))
}

fn referral_condition(filter: &ReferralFilter) -> Condition {
    Condition::all()
        .add_option(filter.provider.as_ref().map(|wanted| wanted.on(referral::Column::Agency)))
        .add_option(filter.requester.as_ref().map(|wanted| wanted.on(referral::Column::Requester)))
        .add_option(filter.status.as_ref().map(|wanted| wanted.on(referral::Column::Status)))
        .add_option(filter.lab.as_ref().map(|wanted| wanted.on(referral::Column::LabId)))
}
