//! Reading what the caller may see. Every select begins from [`requests_of`] or [`referrals_of`].

use std::collections::{HashMap, HashSet};

use entity::{
    consignment, custody_event, deliverable,
    enums::Urgency,
    ids::{AgencyCode, CustodyEventId, OfferConditionId, ReferralId, RequestId, RequestItemId, TransitionId},
    lab, offer, offer_condition, referral, referral_item, request, request_item, transition,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Value,
    sea_query::{Expr, SelectStatement},
};
use uuid::Uuid;

use crate::{
    directory::rows::among,
    platform::{
        db::{Db, Dialect},
        fault::Outcome,
        page,
    },
    request::policy::{Limits, Party},
};

/// The requests that a party sees: its own, and those of which something was sent to it.
pub fn requests_of(dialect: Dialect, party: &Party) -> Select<request::Entity> {
    let select = request::Entity::find();
    match party {
        Party::All => select,
        Party::Agency(own) => {
            select.filter(Condition::any().add(request::Column::Agency.eq(own.clone())).add(was_sent_to(dialect, own)))
        }
        Party::Sites(own, limits) => {
            let sent = sites(own, limits).into_query();
            select.filter(request::Column::Id.in_subquery(sent))
        }
        Party::Nobody => select.filter(Expr::val(false)),
    }
}

/// The referrals that a party sees: of its own requests all, of others those that were sent to it.
pub fn referrals_of(party: &Party) -> Select<referral::Entity> {
    let select = referral::Entity::find();
    match party {
        Party::All => select,
        Party::Agency(own) => {
            let sent = Condition::all()
                .add(referral::Column::Agency.eq(own.clone()))
                .add(referral::Column::SentAt.is_not_null());
            select.filter(Condition::any().add(referral::Column::Requester.eq(own.clone())).add(sent))
        }
        Party::Sites(own, limits) => select.filter(of_sites(own, limits)),
        Party::Nobody => select.filter(Expr::val(false)),
    }
}

fn sites(own: &AgencyCode, limits: &Limits) -> Select<referral::Entity> {
    referral::Entity::find().select_only().column(referral::Column::RequestId).filter(of_sites(own, limits))
}

fn of_sites(own: &AgencyCode, limits: &Limits) -> Condition {
    let of_institutions = limits.institutions.as_ref().map(|ids| -> SelectStatement {
        let labs = lab::Entity::find().select_only().column(lab::Column::Id);
        labs.filter(lab::Column::InstitutionId.is_in(ids.iter().copied())).into_query()
    });
    Condition::all()
        .add(referral::Column::Agency.eq(own.clone()))
        .add(referral::Column::SentAt.is_not_null())
        .add_option(limits.labs.as_ref().map(|labs| referral::Column::LabId.is_in(labs.iter().copied())))
        .add_option(of_institutions.map(|labs| referral::Column::LabId.in_subquery(labs)))
}

fn was_sent_to(dialect: Dialect, agency: &AgencyCode) -> Expr {
    let sql = match dialect {
        Dialect::Postgres => "request.shown_to @> jsonb_build_array($1::text)",
        Dialect::Sqlite => "EXISTS (SELECT 1 FROM json_each(request.shown_to) f WHERE f.value = ?)",
    };
    Expr::cust_with_values(sql, [Value::from(agency.as_str())])
}

/// Requests by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn requests(db: &Db, party: &Party, ids: &[Uuid]) -> Outcome<Vec<request::Model>> {
    let own = requests_of(db.dialect(), party);
    db.all(own.filter(among(db.dialect(), request::Column::Id, ids.iter().copied()))).await
}

/// Referrals by id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn referrals_by_ids(db: &Db, party: &Party, ids: &[Uuid]) -> Outcome<Vec<referral::Model>> {
    db.all(referrals_of(party).filter(among(db.dialect(), referral::Column::Id, ids.iter().copied()))).await
}

/// The referrals of requests, in order of their rank.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn referrals_of_requests(db: &Db, party: &Party, ids: &[Uuid]) -> Outcome<Vec<referral::Model>> {
    let select = referrals_of(party).filter(among(db.dialect(), referral::Column::RequestId, ids.iter().copied()));
    db.all(select.order_by_asc(referral::Column::Rank)).await
}

/// The items of requests, in order. Ask for requests that were shown.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn items_of_requests(db: &Db, ids: &[Uuid]) -> Outcome<Vec<request_item::Model>> {
    let select = request_item::Entity::find()
        .filter(among(db.dialect(), request_item::Column::RequestId, ids.iter().copied()))
        .order_by_asc(request_item::Column::Position);
    db.all(select).await
}

/// Which items referrals are about. Ask for referrals that were shown.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn items_of_referrals(db: &Db, ids: &[Uuid]) -> Outcome<HashMap<ReferralId, Vec<RequestItemId>>> {
    let select = referral_item::Entity::find().filter(among(
        db.dialect(),
        referral_item::Column::ReferralId,
        ids.iter().copied(),
    ));
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for link in db.all(select).await? {
        found.entry(link.referral_id).or_default().push(link.item_id);
    }
    Ok(found)
}

/// The offers of referrals, in order. Ask for referrals that were shown.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn offers_of_referrals(db: &Db, ids: &[Uuid]) -> Outcome<Vec<offer::Model>> {
    let select = offer::Entity::find()
        .filter(among(db.dialect(), offer::Column::ReferralId, ids.iter().copied()))
        .order_by_asc(offer::Column::Number);
    db.all(select).await
}

/// The conditions of offers, in order. Ask for offers that were shown.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn conditions_of_offers(db: &Db, ids: &[Uuid]) -> Outcome<Vec<offer_condition::Model>> {
    let select = offer_condition::Entity::find()
        .filter(among(db.dialect(), offer_condition::Column::OfferId, ids.iter().copied()))
        .order_by_asc(offer_condition::Column::Position);
    db.all(select).await
}

/// The consignments of referrals, in order. Ask for referrals that were shown.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn consignments_of_referrals(db: &Db, ids: &[Uuid]) -> Outcome<Vec<consignment::Model>> {
    let select = consignment::Entity::find()
        .filter(among(db.dialect(), consignment::Column::ReferralId, ids.iter().copied()))
        .order_by_asc(consignment::Column::Number);
    db.all(select).await
}

/// The chains of custody of consignments, the first link first. Ask for consignments that were shown.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn custody_of_consignments(db: &Db, ids: &[Uuid]) -> Outcome<Vec<custody_event::Model>> {
    let select = custody_event::Entity::find()
        .filter(among(db.dialect(), custody_event::Column::ConsignmentId, ids.iter().copied()))
        .order_by_asc(custody_event::Column::Id);
    db.all(select).await
}

/// The reports of referrals, superseded ones included, in the order of their delivery. Ask for referrals that were shown.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn reports_of_referrals(db: &Db, ids: &[Uuid]) -> Outcome<Vec<deliverable::Model>> {
    let select = deliverable::Entity::find()
        .filter(among(db.dialect(), deliverable::Column::ReferralId, ids.iter().copied()))
        .order_by_asc(deliverable::Column::Revision)
        .order_by_asc(deliverable::Column::ReportNumber);
    db.all(select).await
}

/// Offers by id, of referrals that the party sees.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn offers_by_ids(db: &Db, party: &Party, ids: &[Uuid]) -> Outcome<Vec<offer::Model>> {
    let seen = referrals_of(party).select_only().column(referral::Column::Id).into_query();
    let select = offer::Entity::find().filter(offer::Column::ReferralId.in_subquery(seen));
    db.all(select.filter(among(db.dialect(), offer::Column::Id, ids.iter().copied()))).await
}

/// The steps of requests that a party may know of, in order: the requester all, a provider those of its own referrals.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn steps(db: &Db, party: &Party, ids: &[Uuid]) -> Outcome<Vec<transition::Model>> {
    let select = transition::Entity::find()
        .filter(among(db.dialect(), transition::Column::RequestId, ids.iter().copied()))
        .filter(known_steps(party))
        .order_by_asc(transition::Column::Id);
    db.all(select).await
}

fn known_steps(party: &Party) -> Condition {
    match party {
        Party::All => Condition::all(),
        Party::Agency(own) => Condition::any()
            .add(transition::Column::Agency.eq(own.clone()))
            .add(transition::Column::Provider.eq(own.clone())),
        Party::Sites(own, limits) => {
            let seen = referral::Entity::find()
                .select_only()
                .column(referral::Column::Id)
                .filter(of_sites(own, limits))
                .into_query();
            Condition::all().add(transition::Column::ReferralId.in_subquery(seen))
        }
        Party::Nobody => Condition::all().add(Expr::val(false)),
    }
}

/// Whether a row, by its kind and key in the change log, is one of a request that the party may know of: a step, a link of
/// the chain of custody, a condition of an offer.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn knows(db: &Db, party: &Party, (kind, id): (&str, Uuid), request: RequestId) -> Outcome<bool> {
    let behind = match kind {
        TransitionId::KIND => {
            let select = transition::Entity::find_by_id(TransitionId(id)).filter(known_steps(party));
            return Ok(db.count(select.filter(transition::Column::RequestId.eq(request))).await? > 0);
        }
        CustodyEventId::KIND => {
            let link = custody_event::Entity::find_by_id(CustodyEventId(id)).select_only();
            let link = link.column(custody_event::Column::ConsignmentId).into_query();
            let select = consignment::Entity::find().select_only().column(consignment::Column::ReferralId);
            select.filter(consignment::Column::Id.in_subquery(link)).into_query()
        }
        OfferConditionId::KIND => {
            let condition = offer_condition::Entity::find_by_id(OfferConditionId(id)).select_only();
            let condition = condition.column(offer_condition::Column::OfferId).into_query();
            let select = offer::Entity::find().select_only().column(offer::Column::ReferralId);
            select.filter(offer::Column::Id.in_subquery(condition)).into_query()
        }
        _ => return Ok(false),
    };
    let select = referrals_of(party).filter(referral::Column::Id.in_subquery(behind));
    Ok(db.count(select.filter(referral::Column::RequestId.eq(request))).await? > 0)
}

/// The next requests of a walk through all that a party sees, in the order of their ids.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn walk_requests(db: &Db, party: &Party, step: (Option<Uuid>, u64)) -> Outcome<Vec<request::Model>> {
    page::walk(db, requests_of(db.dialect(), party), request::Column::Id, step).await
}

/// The next referrals of a walk through all that a party sees, in the order of their ids.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn walk_referrals(db: &Db, party: &Party, step: (Option<Uuid>, u64)) -> Outcome<Vec<referral::Model>> {
    page::walk(db, referrals_of(party), referral::Column::Id, step).await
}

/// The typed ids that the loaders use, as bare ones.
pub fn bare<T: Into<Uuid> + Copy>(ids: &[T]) -> Vec<Uuid> {
    ids.iter().map(|id| (*id).into()).collect()
}

/// Those of some requests that are urgent.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn urgent(db: &Db, ids: &[Uuid]) -> Outcome<HashSet<RequestId>> {
    let select = request::Entity::find()
        .filter(among(db.dialect(), request::Column::Id, ids.iter().copied()))
        .filter(request::Column::Urgency.eq(Urgency::Urgent));
    Ok(db.all(select).await?.into_iter().map(|row| row.id).collect())
}
