//! Giving an endpoint a new secret, beside which the old one signs for a while.

use chrono::TimeDelta;
use entity::{enums::WebhookSigning, ids::WebhookId, webhook::Model, webhook_secret};
use serde_json::json;

use super::edit::add_secret;
use crate::{
    platform::{
        command::Command,
        db::Tx,
        fault::{Fault, Outcome},
    },
    webhook::{Settings, policy, store::endpoint},
};

/// Most secrets that sign at once.
const MOST: usize = 5;
/// Longest time for which an old secret signs, in hours.
const LONGEST: i64 = 30 * 24;

/// How a secret is rotated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotation {
    /// For how many hours the old one signs as well.
    pub overlap_hours: Option<i32>,
    /// How messages are signed from now on, where that changes.
    pub signing: Option<WebhookSigning>,
}

/// Makes a new secret; the present one signs beside it until the rotation ends. Tells the new one, this once.
///
/// # Errors
/// `INVALID`; `NOT_FOUND`; `STALE_VERSION`; `WEBHOOK_SECRETS_FULL`.
pub async fn rotate(
    cmd: &Command<'_>,
    settings: &Settings,
    id: WebhookId,
    rotation: Rotation,
) -> Outcome<(WebhookId, String)> {
    let overlap = match rotation.overlap_hours.map(i64::from) {
        None => settings.rotation,
        Some(hours) if (0..=LONGEST).contains(&hours) => TimeDelta::hours(hours),
        Some(_) => {
            let message = format!("The old secret signs for 0 to {LONGEST} hours more.");
            return Err(Fault::invalid("input.overlapHours", "OUT_OF_RANGE", message));
        }
    };
    cmd.run(policy::ROTATE, async |tx: &mut Tx| {
        let row = endpoint::lock(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.version)?;
        let until = tx.now() + overlap;
        let mut left = 0;
        for secret in endpoint::secrets(tx, id).await? {
            left += usize::from(end(tx, secret, until).await?);
        }
        if left >= MOST {
            let message =
                format!("{left} secrets sign already; wait until one of them ends, or rotate with overlapHours 0.");
            return Err(Fault::rule("WEBHOOK_SECRETS_FULL", message, json!({ "most": MOST })));
        }
        let signing = rotation.signing.unwrap_or(row.signing);
        let row = tx.update(row.clone(), Model { signing, updated_at: tx.now(), ..row }).await?;
        Ok((id, add_secret(tx, &row).await?))
    })
    .await
}

/// Ends a secret then, or earlier where it already does; takes it away where that is now. Whether it still signs.
async fn end(tx: &mut Tx, secret: webhook_secret::Model, until: chrono::DateTime<chrono::Utc>) -> Outcome<bool> {
    let until = secret.until.map_or(until, |other| other.min(until));
    if until <= tx.now() {
        tx.remove(secret).await?;
        return Ok(false);
    }
    let ending = webhook_secret::Model { until: Some(until), ..secret.clone() };
    tx.update(secret, ending).await?;
    Ok(true)
}
