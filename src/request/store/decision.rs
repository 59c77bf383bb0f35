//! Decisions by rule, and what rules are held against.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::{
    approval, competence_scope, decision,
    enums::{ReferralStatus, RequestStatus, Side},
    ids::{AgencyCode, DecisionId, OfferingId, ReferralId, RequestId},
    offer, offering_scope, referral, request,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::reading::{items_of_referrals, items_of_requests, referrals_of, requests, requests_of};
use crate::{
    approval::model::counsel::Standing,
    directory::rows::among,
    platform::{
        db::{Db, Dialect, Tx},
        fault::{Fault, Outcome},
    },
    request::policy::Party,
};

/// What stands between two persons in a list of them, and around it.
const BREAK: &str = "\n";

/// Persons as one text, each between line breaks; none where there are none.
pub fn listed(persons: &[String]) -> Option<String> {
    (!persons.is_empty()).then(|| format!("{BREAK}{}{BREAK}", persons.join(BREAK)))
}

/// A person as it stands in such a text.
pub fn mark(person: &str) -> String {
    format!("{BREAK}{person}{BREAK}")
}

/// The persons of such a text.
pub fn persons(text: &str) -> Vec<String> {
    text.split(BREAK).filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

/// Where a decision stands.
///
/// # Errors
/// `INTERNAL` for a row that no longer reads as steps.
pub fn standing(row: &decision::Model) -> Outcome<Standing> {
    Ok(Standing {
        steps: serde_json::from_value(row.steps.clone()).map_err(Fault::internal)?,
        step: row.step,
        given: row.given,
        escalated: row.escalated,
        decided: persons(&row.decided),
    })
}

/// The decision of that id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn decision(tx: &Tx, id: DecisionId) -> Outcome<Option<decision::Model>> {
    tx.one(decision::Entity::find_by_id(id)).await
}

/// The decisions on some requests whose open step has waited for as long as its rule says.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn to_escalate(
    tx: &Tx,
    ids: &[RequestId],
    now: DateTime<Utc>,
) -> Outcome<HashMap<RequestId, Vec<decision::Model>>> {
    let select = decision::Entity::find()
        .filter(among(tx.dialect(), decision::Column::RequestId, ids.iter().map(|id| id.0)))
        .filter(decision::Column::EscalatesAt.lte(now));
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for row in tx.all(select.order_by_asc(decision::Column::Id)).await? {
        found.entry(row.request_id).or_default().push(row);
    }
    Ok(found)
}

/// The fields (领域/类别) of the lines that offerings open.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn fields_of(tx: &Tx, offerings: Vec<Uuid>) -> Outcome<Vec<String>> {
    let links = tx.all(links_of(tx.dialect(), &offerings)).await?;
    let lines = tx.all(lines_of(tx.dialect(), &offerings)).await?;
    Ok(by_offering(&links, &lines).into_values().flatten().collect::<BTreeSet<_>>().into_iter().collect())
}

fn links_of(dialect: Dialect, offerings: &[Uuid]) -> Select<offering_scope::Entity> {
    let select = offering_scope::Entity::find().filter(offering_scope::Column::EffectiveTo.eq(entity::FOREVER));
    select.filter(among(dialect, offering_scope::Column::OfferingId, offerings.iter().copied()))
}

fn lines_of(dialect: Dialect, offerings: &[Uuid]) -> Select<competence_scope::Entity> {
    let linked = links_of(dialect, offerings).select_only().column(offering_scope::Column::ScopeId).into_query();
    competence_scope::Entity::find()
        .filter(competence_scope::Column::Id.in_subquery(linked))
        .filter(competence_scope::Column::EffectiveTo.eq(entity::FOREVER))
}

fn by_offering(
    links: &[offering_scope::Model],
    lines: &[competence_scope::Model],
) -> HashMap<OfferingId, BTreeSet<String>> {
    let field: HashMap<_, _> = lines.iter().map(|line| (line.id, &line.field)).collect();
    let mut found: HashMap<OfferingId, BTreeSet<String>> = HashMap::new();
    for link in links {
        found.entry(link.offering_id).or_default().extend(field.get(&link.scope_id).map(|field| (*field).clone()));
    }
    found
}

/// Decisions of an agency by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn decisions(db: &Db, own: &AgencyCode, ids: &[Uuid]) -> Outcome<Vec<decision::Model>> {
    let select = decision::Entity::find().filter(decision::Column::Agency.eq(own.clone()));
    db.all(select.filter(among(db.dialect(), decision::Column::Id, ids.iter().copied()))).await
}

/// Decisions of an agency on requests, in their order.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn decisions_on(db: &Db, own: &AgencyCode, requests: &[Uuid]) -> Outcome<Vec<decision::Model>> {
    let select = decision::Entity::find().filter(decision::Column::Agency.eq(own.clone()));
    let select = select.filter(among(db.dialect(), decision::Column::RequestId, requests.iter().copied()));
    db.all(select.order_by_asc(decision::Column::Id)).await
}

/// The voices on decisions, in their order. Ask for decisions that were shown.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn voices(db: &Db, subjects: Vec<String>) -> Outcome<Vec<approval::Model>> {
    let select = approval::Entity::find().filter(approval::Column::Subject.is_in(subjects));
    db.all(select.order_by_asc(approval::Column::Id)).await
}

/// Something that may come to be decided.
#[derive(Clone, Debug)]
pub struct Undecided {
    /// The request.
    pub request: request::Model,
    /// The referral and where it stands, where it is about one.
    pub referral: Option<(ReferralId, ReferralStatus)>,
    /// The other side.
    pub partners: Vec<AgencyCode>,
    /// How many units.
    pub quantity: i64,
    /// The price, where there is one.
    pub price: Option<String>,
    /// Fields of what is asked for.
    pub fields: Vec<String>,
}

/// The newest open requests and referrals that an agency may come to decide about, for one side.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn undecided(db: &Db, (party, own): (&Party, &AgencyCode), side: Side, most: u64) -> Outcome<Vec<Undecided>> {
    let mut found = Vec::new();
    if side == Side::Requester {
        let open = [RequestStatus::Draft, RequestStatus::PendingApproval];
        let select = requests_of(db.dialect(), party)
            .filter(request::Column::Agency.eq(own.clone()))
            .filter(request::Column::Status.is_in(open));
        let rows = db.all(select.order_by_desc(request::Column::Id).limit(most)).await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id.0).collect();
        let items = items_of_requests(db, &ids).await?;
        let referrals = super::reading::referrals_of_requests(db, party, &ids).await?;
        let fields = fields_opened(db, &referrals).await?;
        for request in rows {
            let own = items.iter().filter(|item| item.request_id == request.id);
            let asked: Vec<_> = referrals.iter().filter(|row| row.request_id == request.id).collect();
            let opened = asked.iter().filter_map(|row| fields.get(&row.offering_id)).flatten();
            found.push(Undecided {
                referral: None,
                partners: asked.iter().map(|row| row.agency.clone()).collect(),
                quantity: own.map(|item| i64::from(item.quantity)).sum(),
                price: None,
                fields: opened.cloned().collect(),
                request,
            });
        }
    }
    let column = if side == Side::Requester { referral::Column::Requester } else { referral::Column::Agency };
    use ReferralStatus::{Accepted, Acknowledged, CancelRequested, Conditional, Offered, RetryLater, Sent};
    let open: &[ReferralStatus] = match side {
        Side::Requester => &[Offered, Conditional],
        _ => &[Sent, Acknowledged, RetryLater, Accepted, CancelRequested],
    };
    let open = referral::Column::Status.is_in(open.iter().copied());
    let select = referrals_of(party).filter(column.eq(own.clone())).filter(open);
    let rows = db.all(select.order_by_desc(referral::Column::Id).limit(most)).await?;
    found.extend(of_referrals(db, (party, side), rows).await?);
    Ok(found)
}

async fn fields_opened(db: &Db, rows: &[referral::Model]) -> Outcome<HashMap<OfferingId, BTreeSet<String>>> {
    let offerings: Vec<Uuid> = rows.iter().map(|row| row.offering_id.0).collect();
    let links = db.all(links_of(db.dialect(), &offerings)).await?;
    Ok(by_offering(&links, &db.all(lines_of(db.dialect(), &offerings)).await?))
}

async fn of_referrals(db: &Db, (party, side): (&Party, Side), rows: Vec<referral::Model>) -> Outcome<Vec<Undecided>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id.0).collect();
    let of: Vec<Uuid> = rows.iter().map(|row| row.request_id.0).collect();
    let known: HashMap<RequestId, request::Model> =
        requests(db, party, &of).await?.into_iter().map(|row| (row.id, row)).collect();
    let placed = items_of_referrals(db, &ids).await?;
    let items = items_of_requests(db, &of).await?;
    let offers = db.all(offer::Entity::find().filter(among(db.dialect(), offer::Column::ReferralId, ids))).await?;
    let fields = fields_opened(db, &rows).await?;
    let mut found = Vec::new();
    for row in rows {
        let Some(request) = known.get(&row.request_id).cloned() else { continue };
        let about = placed.get(&row.id).cloned().unwrap_or_default();
        let quantity = items.iter().filter(|item| about.contains(&item.id)).map(|item| i64::from(item.quantity)).sum();
        let offer = offers.iter().find(|offer| Some(offer.id) == row.offer_id);
        found.push(Undecided {
            referral: Some((row.id, row.status)),
            fields: fields.get(&row.offering_id).into_iter().flatten().cloned().collect(),
            partners: vec![if side == Side::Requester { row.agency } else { row.requester }],
            quantity,
            price: offer.and_then(|offer| offer.price.clone()),
            request,
        });
    }
    Ok(found)
}
