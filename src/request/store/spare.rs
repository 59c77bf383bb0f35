//! Spare offers.

use entity::{
    enums::{ReferralStatus, SpareOfferStatus},
    ids::{OfferingId, ReferralId, SpareOfferId},
    offer, referral, referral_item, request_item, spare_offer,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Value,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    capacity::offering as offerings,
    directory::rows::among,
    platform::{
        access::{Sealed, Visible},
        db::{Db, Dialect, Tx},
        fault::Outcome,
        filter::OneOf,
        page::{self, Page, Sort, SortValue, Window},
    },
    request::{
        model::{referral as machine, terms},
        policy::Party,
    },
};

/// Which spare offers. Every condition that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpareFilter {
    /// Of these agencies.
    pub provider: Option<OneOf<entity::ids::AgencyCode>>,
    /// Of these offerings.
    pub offering: Option<OneOf<OfferingId>>,
    /// Whether they can be taken now, or cannot.
    pub open: Option<bool>,
}

/// Those that a party sees: its own, and those that were made to it, of what it sees is offered.
fn shown(db: &Db, party: &Party) -> Select<spare_offer::Entity> {
    use spare_offer::Column;
    let select = spare_offer::Entity::find();
    let own = match party {
        Party::All => return select,
        Party::Nobody => return select.filter(Expr::val(false)),
        Party::Agency(own) | Party::Sites(own, _) => own,
    };
    let visible = Visible::Partner(own.clone());
    let offered = Column::OfferingId.in_subquery(offerings::store::shown_ids(db.dialect(), &visible));
    let (of_all, named) = match db.dialect() {
        Dialect::Postgres => {
            ("spare_offer.shown_to = '[]'::jsonb", "spare_offer.shown_to @> jsonb_build_array($1::text)")
        }
        Dialect::Sqlite => (
            "json_array_length(spare_offer.shown_to) = 0",
            "EXISTS (SELECT 1 FROM json_each(spare_offer.shown_to) f WHERE f.value = ?)",
        ),
    };
    let told = Condition::any()
        .add(Expr::cust(of_all))
        .add(Expr::cust_with_values(named, [Value::from(own.as_str().to_owned())]));
    let others = Condition::all().add(told).add(offered);
    select.filter(Condition::any().add(Column::Agency.eq(own.clone())).add(others))
}

fn filtered(db: &Db, party: &Party, filter: &SpareFilter) -> Select<spare_offer::Entity> {
    use spare_offer::Column;
    let mut select = shown(db, party);
    if let Some(one_of) = &filter.provider {
        select = select.filter(one_of.on(Column::Agency));
    }
    if let Some(one_of) = &filter.offering {
        select = select.filter(one_of.on(Column::OfferingId));
    }
    if let Some(open) = filter.open {
        let stands = Column::Status.eq(SpareOfferStatus::Open).and(Column::ValidUntil.gt(db.clock().now()));
        select = select.filter(if open { stands } else { stands.not() });
    }
    select
}

/// A page of those that a filter finds, the newest first.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn spare_page(
    db: &Db,
    party: &Party,
    filter: &SpareFilter,
    window: &Window,
) -> Outcome<Page<spare_offer::Model>> {
    let sort = Sort {
        name: "RECENT",
        columns: vec![spare_offer::Column::Id],
        descending: true,
        key: |row: &spare_offer::Model| vec![SortValue::Id(row.id.0)],
    };
    page::fetch(db, filtered(db, party, filter), &sort, window).await
}

/// How many a filter finds.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count_spare(db: &Db, party: &Party, filter: &SpareFilter) -> Outcome<u64> {
    db.count(filtered(db, party, filter)).await
}

/// Those of these ids that a party sees.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn spare_by_ids(db: &Db, party: &Party, ids: &[Uuid]) -> Outcome<Vec<spare_offer::Model>> {
    let of = among(db.dialect(), spare_offer::Column::Id, ids.iter().copied());
    db.all(shown(db, party).filter(of)).await
}

/// Locks one.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock_spare(tx: &Tx, id: SpareOfferId) -> Outcome<Sealed<spare_offer::Model>> {
    tx.lock(spare_offer::Entity::find_by_id(id), id.0).await
}

/// One of which something may be taken, locked: its row is the turnstile of those who take.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn spare_to_take(tx: &Tx, id: SpareOfferId) -> Outcome<Option<spare_offer::Model>> {
    Ok(tx.all_locked(spare_offer::Entity::find_by_id(id)).await?.into_iter().next())
}

/// Units that are taken of one by referrals whose offer is of it and that have not come to nothing. Whoever takes of it
/// locks its row first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn taken_of_spare(tx: &Tx, id: SpareOfferId, but: ReferralId) -> Outcome<i64> {
    let of = Condition::all().add(referral::Column::SpareOfferId.eq(id)).add(referral::Column::Id.ne(but)).add(
        referral::Column::OfferId.in_subquery(
            offer::Entity::find()
                .select_only()
                .column(offer::Column::Id)
                .filter(offer::Column::SpareOfferId.eq(id))
                .into_query(),
        ),
    );
    let rows = tx.all(referral::Entity::find().filter(of).order_by_asc(referral::Column::Id)).await?;
    let counts = |row: &&referral::Model| !machine::is_over(row.status) || row.status == ReferralStatus::Settled;
    let mut taken = 0;
    for row in rows.iter().filter(counts) {
        let placed = referral_item::Entity::find().filter(referral_item::Column::ReferralId.eq(row.id));
        let items: Vec<Uuid> = tx.all(placed).await?.into_iter().map(|link| link.item_id.0).collect();
        let items = request_item::Entity::find().filter(among(tx.dialect(), request_item::Column::Id, items));
        taken += i64::from(terms::units(&tx.all(items).await?));
    }
    Ok(taken)
}
