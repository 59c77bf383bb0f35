//! The due dates of the desk, as messages to people tell them: whose turn it is, by the piles of the inbox; and who is told
//! where it has passed, by what the clock of the status leads to.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::{
    enums::{ReferralStatus, RequestStatus, Side},
    ids::AgencyCode,
    referral, request,
};
use futures_util::future::BoxFuture;
use serde_json::json;

use super::{
    model::{
        need,
        queue::{AMENDMENTS, REFERRALS, REQUESTS},
        referral as machine,
    },
    store,
};
use crate::{
    identity::scopes,
    message::{
        deadline::{Deadline, Deadlines, Span},
        model::rule::Audience,
    },
    platform::{db::Db, fault::Outcome},
};

/// Everything at the desk that has due dates.
pub fn all() -> Arc<[Arc<dyn Deadlines>]> {
    Arc::new([Arc::new(Requests) as Arc<dyn Deadlines>, Arc::new(Referrals), Arc::new(Amendments)])
}

struct Requests;
struct Referrals;
struct Amendments;

impl Deadlines for Requests {
    fn due<'a>(&'a self, db: &'a Db, span: Span, most: u64) -> BoxFuture<'a, Outcome<Vec<Deadline>>> {
        Box::pin(async move {
            let rows = store::requests_due(db, span, most).await?;
            Ok(rows.iter().filter_map(of_request).collect())
        })
    }
}

impl Deadlines for Referrals {
    fn due<'a>(&'a self, db: &'a Db, span: Span, most: u64) -> BoxFuture<'a, Outcome<Vec<Deadline>>> {
        Box::pin(async move {
            let rows = store::referrals_due(db, span, most).await?;
            Ok(rows.iter().filter_map(|(row, request)| of_referral(row, request)).collect())
        })
    }
}

impl Deadlines for Amendments {
    fn due<'a>(&'a self, db: &'a Db, span: Span, most: u64) -> BoxFuture<'a, Outcome<Vec<Deadline>>> {
        Box::pin(async move {
            let rows = store::amendments_due(db, span, most).await?;
            Ok(rows.iter().filter_map(|(row, request)| of_amendment(row, request)).collect())
        })
    }
}

fn of_request(row: &request::Model) -> Option<Deadline> {
    let (due, side) = (row.due_at?, row.due_side?);
    let piles = REQUESTS.iter().filter(|pile| pile.status == row.status && pile.side == side);
    let next = need::clock(row.status, need::Facts { lapses: row.lapses + 1 }).map(|allowance| allowance.side);
    let escalates = next == Some(Side::Coordinator) || row.status == RequestStatus::PendingApproval;
    let agency = (side == Side::Requester).then_some(&row.agency);
    Some(Deadline {
        place: (due, row.id.0),
        subject: row.id.to_string(),
        since: since(row.lapses, row.status_at, row.updated_at),
        holders: piles.map(|pile| holders(agency, pile.scope)).collect(),
        over: over(agency, scopes::REQUEST_APPROVE, escalates || side == Side::Coordinator),
        params: json!({ "requestCode": row.code, "requestId": row.id.to_string(), "status": row.status }),
    })
}

fn of_referral(row: &referral::Model, request: &request::Model) -> Option<Deadline> {
    let (due, side) = (row.due_at?, row.due_side?);
    let scopes: Vec<&str> = match side {
        Side::Coordinator => vec![scopes::COORDINATOR],
        _ => REFERRALS
            .iter()
            .filter(|pile| pile.status == row.status && pile.side == side)
            .map(|pile| pile.scope)
            .collect(),
    };
    let facts = machine::Facts { lapses: row.lapses + 1, resumes: row.resumes.unwrap_or(row.status) };
    let next = machine::clock(row.status, facts).map(|allowance| allowance.side);
    let agency = of_side(row, side);
    Some(Deadline {
        place: (due, row.id.0),
        subject: row.id.to_string(),
        since: since(row.lapses, row.status_at, row.updated_at),
        holders: scopes.into_iter().map(|scope| holders(agency, scope)).collect(),
        over: over(agency, approves(side), next == Some(Side::Coordinator) || side == Side::Coordinator),
        params: params(row, request, row.status),
    })
}

fn of_amendment(row: &referral::Model, request: &request::Model) -> Option<Deadline> {
    let (due, side) = (row.amendment_until?, row.amendment_side?);
    let agency = of_side(row, side);
    let signs = AMENDMENTS.iter().filter(|(whose, _)| *whose == side);
    Some(Deadline {
        place: (due, row.id.0),
        subject: row.id.to_string(),
        since: row.status_at,
        holders: signs.map(|(_, scope)| holders(agency, scope)).collect(),
        // A change that nobody signs in time has ended, and that is told.
        over: Vec::new(),
        params: params(row, request, row.status),
    })
}

fn params(row: &referral::Model, request: &request::Model, status: ReferralStatus) -> serde_json::Value {
    json!({
        "requestCode": request.code, "requestId": request.id.to_string(), "referralId": row.id.to_string(),
        "status": status,
    })
}

/// Since when a due date holds: a clock that ran out once was wound anew then.
fn since(lapses: i32, status_at: DateTime<Utc>, updated_at: DateTime<Utc>) -> DateTime<Utc> {
    if lapses > 0 { updated_at } else { status_at }
}

fn of_side(row: &referral::Model, side: Side) -> Option<&AgencyCode> {
    match side {
        Side::Requester => Some(&row.requester),
        Side::Provider => Some(&row.agency),
        Side::Coordinator | Side::System => None,
    }
}

const fn approves(side: Side) -> &'static str {
    match side {
        Side::Provider => scopes::SUPPLY_APPROVE,
        Side::Requester | Side::Coordinator | Side::System => scopes::REQUEST_APPROVE,
    }
}

/// Whoever holds a scope in an agency; the secretariat is in any.
fn holders(agency: Option<&AgencyCode>, scope: &str) -> Audience {
    Audience::holders(agency.cloned(), scope)
}

/// The approvers and the administrators of the agency whose turn it was, and the secretariat where it comes next.
fn over(agency: Option<&AgencyCode>, approves: &str, escalates: bool) -> Vec<Audience> {
    let of_agency =
        agency.into_iter().flat_map(|_| [holders(agency, approves), holders(agency, scopes::ACCOUNT_MANAGE)]);
    let secretariat = escalates.then(|| holders(None, scopes::COORDINATOR));
    of_agency.chain(secretariat).collect()
}
