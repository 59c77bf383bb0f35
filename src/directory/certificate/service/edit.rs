//! Entering and editing.

use entity::{
    FOREVER, certificate::Model, certificate_lab, enums::CertificateStatus, enums::Standing, ids::CertificateId,
};
use serde_json::json;

use super::{cover::open_lab, event};
use crate::{
    directory::events,
    directory::{
        certificate::{
            model::{CertificateEdit, NewCertificate, number_key},
            policy, store,
        },
        institution,
    },
    platform::{
        command::Command,
        db::Tx,
        fault::{Fault, Outcome},
    },
};

/// Enters a certificate and the labs that it covers.
///
/// # Errors
/// `INVALID`; `NOT_FOUND`, `FORBIDDEN` for the institution or a lab; `INSTITUTION_RETIRED`; `LAB_OF_OTHER_INSTITUTION`;
/// `CERTIFICATE_NUMBER_TAKEN` where the institution has one of that scheme and number.
pub async fn create(cmd: &Command<'_>, new: NewCertificate) -> Outcome<CertificateId> {
    cmd.run(policy::CREATE, async |tx: &mut Tx| create_in(tx, new).await).await
}

/// [`create`] inside a transaction.
///
/// # Errors
/// Those of [`create`].
pub async fn create_in(tx: &mut Tx, new: NewCertificate) -> Outcome<CertificateId> {
    let new = new.validated()?;
    let holder = institution::store::lock(tx, new.institution).await?.open(tx.permit())?;
    if holder.standing == Standing::Retired {
        return Err(Fault::rule(
            "INSTITUTION_RETIRED",
            "This institution is retired and takes no new certificates.",
            json!({ "institutionId": holder.id.to_string() }),
        ));
    }
    let from = new.effective_from.unwrap_or_else(|| new.valid_from.min(tx.today()));
    let row = Model {
        id: CertificateId(tx.id()),
        revision: 1,
        institution_id: new.institution,
        agency: tx.agency()?.clone(),
        scheme: new.scheme,
        number_key: number_key(&new.number),
        number: new.number,
        issuer: new.issuer,
        valid_from: new.valid_from,
        valid_to: new.valid_to,
        status: CertificateStatus::Active,
        status_reason: None,
        visibility: new.visibility,
        effective_from: from,
        effective_to: FOREVER,
        recorded_at: tx.now(),
    };
    let row = tx.insert(row).await?;
    for lab in new.labs {
        open_lab(tx, &row, lab).await?;
        tx.insert(certificate_lab::Model {
            certificate_id: row.id,
            lab_id: lab,
            effective_from: from,
            effective_to: FOREVER,
            agency: row.agency.clone(),
        })
        .await?;
    }
    tx.emit(event(events::CERTIFICATE_CHANGED.name, &row, None));
    Ok(row.id)
}

/// Edits a certificate: its last revision ends and the next begins.
///
/// # Errors
/// `INVALID`; `STALE_VERSION`; `CERTIFICATE_WITHDRAWN`; `EFFECTIVE_BEFORE_REVISION`; `CERTIFICATE_NUMBER_TAKEN`.
pub async fn edit(cmd: &Command<'_>, id: CertificateId, edit: CertificateEdit) -> Outcome<CertificateId> {
    cmd.run(policy::EDIT, async |tx: &mut Tx| {
        let row = store::lock(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.revision)?;
        revise(tx, row, edit).await
    })
    .await
}

/// [`edit`] inside a transaction, whatever the version.
///
/// # Errors
/// Those of [`edit`].
pub async fn edit_in(tx: &mut Tx, id: CertificateId, edit: CertificateEdit) -> Outcome<CertificateId> {
    let row = store::lock(tx, id).await?.open(tx.permit())?;
    revise(tx, row, edit).await
}

async fn revise(tx: &mut Tx, row: Model, edit: CertificateEdit) -> Outcome<CertificateId> {
    if row.status == CertificateStatus::Withdrawn {
        return Err(Fault::rule(
            "CERTIFICATE_WITHDRAWN",
            "This certificate was withdrawn and cannot be edited; enter a new one.",
            json!({ "since": row.effective_from, "reason": row.status_reason }),
        ));
    }
    let from = edit.effective_from.unwrap_or_else(|| tx.today().max(row.effective_from));
    let next = Model { recorded_at: tx.now(), ..edit.over(&row)? };
    let before = row.revision;
    let row = tx.revise(row, next, from).await?;
    if row.revision != before {
        tx.emit(event(events::CERTIFICATE_CHANGED.name, &row, None));
    }
    Ok(row.id)
}
