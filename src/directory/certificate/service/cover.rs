//! Which labs a certificate covers.

use chrono::NaiveDate;
use entity::{
    FOREVER,
    certificate::Model,
    certificate_lab,
    enums::CertificateStatus,
    ids::{CertificateId, LabId},
};
use serde_json::json;

use super::event;
use crate::{
    directory::events,
    directory::{
        certificate::{policy, store},
        lab,
    },
    platform::{
        command::Command,
        db::Tx,
        fault::{Fault, Outcome},
    },
};

/// Enters that a certificate covers a lab from a date on; none: from the date on which the certificate began.
///
/// # Errors
/// `LAB_OF_OTHER_INSTITUTION`; `CERTIFICATE_WITHDRAWN`; `ALREADY_COVERED` where another cover of the same lab would
/// overlap.
pub async fn cover(
    cmd: &Command<'_>,
    id: CertificateId,
    lab: LabId,
    from: Option<NaiveDate>,
) -> Outcome<CertificateId> {
    cmd.run(policy::COVER, async |tx: &mut Tx| {
        let row = store::lock(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.revision)?;
        enter(tx, &row, lab, from).await?;
        Ok(id)
    })
    .await
}

/// [`cover`] inside a transaction, whatever the version.
///
/// # Errors
/// Those of [`cover`].
pub async fn cover_in(tx: &mut Tx, id: CertificateId, lab: LabId, from: Option<NaiveDate>) -> Outcome<()> {
    let row = store::lock(tx, id).await?.open(tx.permit())?;
    enter(tx, &row, lab, from).await
}

/// Enters that a certificate covers a lab no longer from a date on; none: from today. Its lines at that lab stay in
/// force on paper; availability asks for the cover too.
///
/// # Errors
/// `NOT_COVERED`; `EFFECTIVE_BEFORE_COVER` for a date before the cover began.
pub async fn uncover(
    cmd: &Command<'_>,
    id: CertificateId,
    lab: LabId,
    on: Option<NaiveDate>,
) -> Outcome<CertificateId> {
    cmd.run(policy::UNCOVER, async |tx: &mut Tx| {
        let row = store::lock(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.revision)?;
        end(tx, &row, lab, on).await?;
        Ok(id)
    })
    .await
}

/// [`uncover`] inside a transaction, whatever the version.
///
/// # Errors
/// Those of [`uncover`].
pub async fn uncover_in(tx: &mut Tx, id: CertificateId, lab: LabId, on: Option<NaiveDate>) -> Outcome<()> {
    let row = store::lock(tx, id).await?.open(tx.permit())?;
    end(tx, &row, lab, on).await
}

/// The lab is the caller's to write and belongs to the holder.
pub(super) async fn open_lab(tx: &Tx, certificate: &Model, id: LabId) -> Outcome<()> {
    let lab = lab::store::lock(tx, id).await?.open(tx.permit())?;
    if lab.institution_id == certificate.institution_id {
        return Ok(());
    }
    Err(Fault::rule(
        "LAB_OF_OTHER_INSTITUTION",
        "A certificate covers labs of its holder only.",
        json!({ "labId": id.to_string(), "institutionId": lab.institution_id.to_string() }),
    ))
}

async fn enter(tx: &mut Tx, certificate: &Model, lab: LabId, from: Option<NaiveDate>) -> Outcome<()> {
    if certificate.status == CertificateStatus::Withdrawn {
        return Err(Fault::rule(
            "CERTIFICATE_WITHDRAWN",
            "This certificate was withdrawn and covers no more labs.",
            json!({ "since": certificate.effective_from }),
        ));
    }
    open_lab(tx, certificate, lab).await?;
    let from = match from {
        Some(from) => from,
        None => store::began(tx, certificate.id).await?.unwrap_or(certificate.effective_from),
    };
    let links = store::links(tx, certificate.id, lab).await?;
    if let Some(other) = links.iter().find(|link| link.effective_to > from && link.effective_to > link.effective_from) {
        return Err(Fault::rule(
            "ALREADY_COVERED",
            "The certificate covers this lab already; end that cover first, or choose a date after it.",
            json!({ "from": other.effective_from, "until": (other.effective_to != FOREVER).then_some(other.effective_to) }),
        ));
    }
    let link = certificate_lab::Model {
        certificate_id: certificate.id,
        lab_id: lab,
        effective_from: from,
        effective_to: FOREVER,
        agency: certificate.agency.clone(),
    };
    // A cover that ended on the day it began left its row behind, which now serves again.
    match links.iter().find(|old| old.effective_from == from) {
        Some(old) => tx.replace(old, link).await?,
        None => {
            tx.insert(link).await?;
        }
    }
    tx.emit(event(events::CERTIFICATE_CHANGED.name, certificate, None));
    Ok(())
}

async fn end(tx: &mut Tx, certificate: &Model, lab: LabId, on: Option<NaiveDate>) -> Outcome<()> {
    open_lab(tx, certificate, lab).await?;
    let links = store::links(tx, certificate.id, lab).await?;
    let Some(link) = links.into_iter().find(|link| link.effective_to == FOREVER) else {
        return Err(Fault::rule(
            "NOT_COVERED",
            "The certificate does not cover this lab.",
            json!({ "labId": lab.to_string() }),
        ));
    };
    let on = on.unwrap_or_else(|| tx.today().max(link.effective_from));
    if on < link.effective_from {
        return Err(Fault::rule(
            "EFFECTIVE_BEFORE_COVER",
            format!("The cover began on {}; choose that date or a later one.", link.effective_from),
            json!({ "earliest": link.effective_from }),
        ));
    }
    let ended = certificate_lab::Model { effective_to: on, ..link.clone() };
    tx.replace(&link, ended).await?;
    tx.emit(event(events::CERTIFICATE_CHANGED.name, certificate, None));
    Ok(())
}
