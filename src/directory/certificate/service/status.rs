//! What the issuer says: suspension, resumption, withdrawal.

use chrono::NaiveDate;
use entity::{certificate::Model, enums::CertificateStatus, ids::CertificateId};

use super::event;
use crate::{
    directory::events,
    directory::{
        certificate::{model::may_become, policy, store},
        text,
    },
    platform::{access::Action, command::Command, db::Tx, fault::Outcome},
};

/// A change of status: why, and from when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Why; 1 to 500 characters.
    pub reason: String,
    /// First date on which it holds; none: today.
    pub on: Option<NaiveDate>,
}

/// Notes that the issuer has suspended the certificate (暂停).
///
/// # Errors
/// `INVALID` without a reason; `STALE_VERSION`; `ALREADY_SUSPENDED`; `CERTIFICATE_WITHDRAWN`;
/// `EFFECTIVE_BEFORE_REVISION`.
pub async fn suspend(cmd: &Command<'_>, id: CertificateId, step: Step) -> Outcome<CertificateId> {
    take(cmd, id, step, Change::SUSPENDED).await
}

/// Notes that the issuer has resumed the certificate.
///
/// # Errors
/// As [`suspend`], with `NOT_SUSPENDED`.
pub async fn resume(cmd: &Command<'_>, id: CertificateId, step: Step) -> Outcome<CertificateId> {
    take(cmd, id, step, Change::RESUMED).await
}

/// Notes that the issuer has withdrawn the certificate (撤销, 注销), for good.
///
/// # Errors
/// As [`suspend`].
pub async fn withdraw(cmd: &Command<'_>, id: CertificateId, step: Step) -> Outcome<CertificateId> {
    take(cmd, id, step, Change::WITHDRAWN).await
}

/// What a step leads to and what it is called.
struct Change {
    to: CertificateStatus,
    action: Action,
    event: &'static str,
}

impl Change {
    const SUSPENDED: Self =
        Self { to: CertificateStatus::Suspended, action: policy::SUSPEND, event: events::CERTIFICATE_SUSPENDED.name };
    const RESUMED: Self =
        Self { to: CertificateStatus::Active, action: policy::RESUME, event: events::CERTIFICATE_RESUMED.name };
    const WITHDRAWN: Self =
        Self { to: CertificateStatus::Withdrawn, action: policy::WITHDRAW, event: events::CERTIFICATE_WITHDRAWN.name };
}

/// Notes inside a transaction, whatever the version, that the issuer's word is now `to`.
///
/// # Errors
/// Those of [`suspend`], [`resume`] and [`withdraw`].
pub async fn become_in(tx: &mut Tx, id: CertificateId, to: CertificateStatus, step: Step) -> Outcome<()> {
    let change = match to {
        CertificateStatus::Active => Change::RESUMED,
        CertificateStatus::Suspended => Change::SUSPENDED,
        CertificateStatus::Withdrawn => Change::WITHDRAWN,
    };
    let row = store::lock(tx, id).await?.open(tx.permit())?;
    turn(tx, row, step, change).await
}

async fn take(cmd: &Command<'_>, id: CertificateId, step: Step, change: Change) -> Outcome<CertificateId> {
    cmd.run(change.action, async |tx: &mut Tx| {
        let row = store::lock(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.revision)?;
        turn(tx, row, step, change).await?;
        Ok(id)
    })
    .await
}

async fn turn(tx: &mut Tx, row: Model, step: Step, change: Change) -> Outcome<()> {
    let reason = text::reason(&step.reason)?;
    may_become(&row, change.to)?;
    let from = step.on.unwrap_or_else(|| tx.today().max(row.effective_from));
    // The reason of a suspension ends with it; why it was resumed stands in event and change log.
    let kept = (change.to != CertificateStatus::Active).then(|| reason.clone());
    let next = Model { status: change.to, status_reason: kept, recorded_at: tx.now(), ..row.clone() };
    let row = tx.revise(row, next, from).await?;
    tx.emit(event(change.event, &row, Some(&reason)));
    Ok(())
}
