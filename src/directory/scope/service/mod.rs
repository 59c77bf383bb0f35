//! What can be done with annexes.

mod annex;
mod line;

pub use annex::{deliver_annex, open_edition, replace_annex};
pub use line::{AddLine, add_line, edit_line, show_line, withdraw_line};

use chrono::NaiveDate;
use entity::{
    enums::CertificateStatus,
    ids::{CertificateId, LabId},
    lab,
};
use serde_json::json;

use crate::{
    directory::{certificate, lab as lab_room},
    platform::{
        db::Tx,
        fault::{Fault, Outcome},
    },
};

/// Locks and opens certificate and site, and makes sure that the one covers the other on a date.
async fn open_parents(tx: &Tx, certificate_id: CertificateId, lab: LabId, on: NaiveDate) -> Outcome<lab::Model> {
    let certificate = certificate::store::lock(tx, certificate_id).await?.open(tx.permit())?;
    let site = lab_room::store::lock(tx, lab).await?.open(tx.permit())?;
    if certificate.status == CertificateStatus::Withdrawn {
        return Err(Fault::rule(
            "CERTIFICATE_WITHDRAWN",
            "This certificate was withdrawn; its annex cannot change any more.",
            json!({ "since": certificate.effective_from }),
        ));
    }
    if !certificate::store::covers(tx, certificate_id, lab, on).await? {
        return Err(Fault::rule(
            "LAB_NOT_COVERED",
            format!("The certificate does not cover this lab on {on}; enter the cover first, or choose another date."),
            json!({ "certificateId": certificate_id.to_string(), "labId": lab.to_string(), "on": on }),
        ));
    }
    Ok(site)
}
