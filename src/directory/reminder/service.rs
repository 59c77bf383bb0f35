//! Telling of dates that come near.

use std::time::Duration;

use chrono::NaiveDate;
use entity::{enums::Visibility, ids::AgencyCode, reminder};
use serde_json::{Value, json};
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

use super::{model::Settings, policy, store};
use crate::{
    directory::events,
    platform::{
        access::{Actor, Caller, permit},
        db::{Db, Event, Tx},
        fault::Outcome,
    },
};

/// The event of a calibration that falls due.
pub const CALIBRATION_DUE: &str = events::CALIBRATION_DUE.name;
/// The event of a certificate that ends.
pub const CERTIFICATE_EXPIRING: &str = events::CERTIFICATE_EXPIRING.name;

/// A date that is to be told.
struct Notice {
    about: &'static str,
    id: Uuid,
    subject: String,
    agency: AgencyCode,
    due_on: NaiveDate,
    days: i32,
    data: Value,
}

/// Tells again and again what has come near, until `stop` resolves; never where the pause is zero, as other nodes do it then.
pub async fn follow(db: Db, settings: Settings, pause: Duration, stop: impl Future<Output = ()> + Send) {
    tokio::pin!(stop);
    if pause.is_zero() {
        return stop.await;
    }
    let mut beat = interval(pause);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = &mut stop => break,
            _ = beat.tick() => if let Err(fault) = run(&db, &settings).await {
                tracing::warn!(error = %fault, "dates that come near could not be told; it will be tried again");
            }
        }
    }
}

/// Tells everything that has come near by now; how many dates that were.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn run(db: &Db, settings: &Settings) -> Outcome<u64> {
    let today = db.clock().today();
    let mut told = 0;
    while !settings.calibration.is_never() {
        let found = store::calibrations(db, &settings.calibration, (today, CALIBRATION_DUE)).await?;
        let count = found.len();
        told += tell(db, found.into_iter().map(|one| of_calibration(one, today)).collect()).await?;
        if count < store::BATCH {
            break;
        }
    }
    while !settings.certificate.is_never() {
        let found = store::certificates(db, &settings.certificate, (today, CERTIFICATE_EXPIRING)).await?;
        let count = found.len();
        told += tell(db, found.into_iter().map(|one| of_certificate(one, today)).collect()).await?;
        if count < store::BATCH {
            break;
        }
    }
    Ok(told)
}

fn of_calibration(found: store::Calibration, today: NaiveDate) -> Notice {
    Notice {
        about: CALIBRATION_DUE,
        id: found.id.0,
        subject: found.id.to_string(),
        data: json!({
            "lab": found.lab_id.to_string(),
            "assetCode": found.asset_code,
            "dueOn": found.due_on,
            "daysLeft": (found.due_on - today).num_days(),
        }),
        agency: found.agency,
        due_on: found.due_on,
        days: found.days,
    }
}

fn of_certificate(found: store::Certificate, today: NaiveDate) -> Notice {
    Notice {
        about: CERTIFICATE_EXPIRING,
        id: found.id.0,
        subject: found.id.to_string(),
        data: json!({
            "institution": found.institution_id.to_string(),
            "scheme": found.scheme,
            "number": found.number,
            "validTo": found.due_on,
            "daysLeft": (found.due_on - today).num_days(),
        }),
        agency: found.agency,
        due_on: found.due_on,
        days: found.days,
    }
}

/// Tells what nobody else tells at the same time.
async fn tell(db: &Db, notices: Vec<Notice>) -> Outcome<u64> {
    if notices.is_empty() {
        return Ok(0);
    }
    let caller = Caller::new(Actor::system(None, "register:dates"), "register:dates");
    db.write(&permit(&caller, policy::REMIND)?, async |tx: &mut Tx| {
        let mut told = 0;
        for notice in notices {
            let note = reminder::Model {
                subject_id: notice.id,
                about: notice.about.to_owned(),
                due_on: notice.due_on,
                days: notice.days,
                at: tx.now(),
            };
            if tx.first::<reminder::Entity>(note).await? {
                told += 1;
                tx.emit(Event {
                    name: notice.about,
                    subject: notice.subject,
                    agency: notice.agency,
                    visibility: Visibility::Own,
                    data: notice.data,
                });
            }
        }
        Ok(told)
    })
    .await
}
