//! Offers whose end is near: the requester's side is told once, on however many nodes this runs.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    enums::Visibility,
    ids::{AgencyCode, OfferId, ReferralId, RequestId},
    reminder,
};
use sea_orm::FromQueryResult;
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval};

use crate::{
    platform::{
        access::{Actor, Caller, permit},
        clock::shanghai_date,
        db::{Db, Event, Tx},
        fault::Outcome,
    },
    request::{decision_events, policy},
};

/// The event of an offer that ends soon.
pub const OFFER_EXPIRING: &str = decision_events::OFFER_EXPIRING.name;

/// Offers of one transaction.
const BATCH: usize = 200;

#[derive(FromQueryResult)]
struct Ending {
    id: OfferId,
    valid_until: DateTime<Utc>,
    referral_id: ReferralId,
    provider: AgencyCode,
    requester: AgencyCode,
    request_id: RequestId,
    code: String,
}

/// Tells again and again, so long ahead, until `stop` resolves; never where either is zero.
pub async fn follow(db: Db, ahead: TimeDelta, pause: Duration, stop: impl Future<Output = ()> + Send) {
    tokio::pin!(stop);
    if pause.is_zero() || ahead.is_zero() {
        return stop.await;
    }
    let mut beat = interval(pause);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = &mut stop => break,
            _ = beat.tick() => if let Err(fault) = run(&db, ahead).await {
                tracing::warn!(error = %fault, "offers that end soon could not be told; it will be tried again");
            }
        }
    }
}

/// Tells of every open offer of a provider that ends within `ahead`; how many those were.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn run(db: &Db, ahead: TimeDelta) -> Outcome<u64> {
    let caller = Caller::new(Actor::system(None, "desk:clock"), "desk:clock");
    let permit = permit(&caller, policy::SWEEP)?;
    let mut told = 0;
    loop {
        let ending = ending(db, ahead).await?;
        let count = ending.len();
        if count > 0 {
            told += db.write(&permit, async |tx: &mut Tx| tell(tx, ending).await).await?;
        }
        if count < BATCH {
            return Ok(told);
        }
    }
}

async fn ending(db: &Db, ahead: TimeDelta) -> Outcome<Vec<Ending>> {
    let now = db.clock().now();
    let (from, to) = (db.dialect().place(1), db.dialect().place(2));
    let sql = format!(
        "SELECT o.id, o.valid_until, o.referral_id, f.agency AS provider, f.requester, f.request_id, r.code \
         FROM offer o JOIN referral f ON f.id = o.referral_id JOIN request r ON r.id = f.request_id \
         WHERE o.status = 'OPEN' AND o.side = 'PROVIDER' AND o.valid_until > {from} AND o.valid_until <= {to} \
         AND NOT EXISTS (SELECT 1 FROM reminder n WHERE n.subject_id = o.id AND n.about = '{OFFER_EXPIRING}') \
         ORDER BY o.id LIMIT {BATCH}"
    );
    db.sql_in_background(&sql, vec![now.into(), (now + ahead).into()]).await
}

async fn tell(tx: &mut Tx, ending: Vec<Ending>) -> Outcome<u64> {
    let mut told = 0;
    for offer in ending {
        let note = reminder::Model {
            subject_id: offer.id.0,
            about: OFFER_EXPIRING.to_owned(),
            due_on: shanghai_date(offer.valid_until),
            days: 0,
            at: tx.now(),
        };
        if !tx.first::<reminder::Entity>(note).await? {
            continue;
        }
        told += 1;
        tx.emit(Event {
            name: OFFER_EXPIRING,
            subject: offer.id.to_string(),
            agency: offer.requester,
            visibility: Visibility::Own,
            data: json!({
                "requestId": offer.request_id.to_string(),
                "requestCode": offer.code,
                "referralId": offer.referral_id.to_string(),
                "provider": offer.provider.as_str(),
                "validUntil": offer.valid_until,
            }),
        });
    }
    Ok(told)
}
