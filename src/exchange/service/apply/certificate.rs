//! Certificates of files.

use entity::{
    certificate::Model,
    enums::{CertificateStatus, Visibility},
    ids::LabId,
};

use super::{Applied, Change, institution_of, lab_of};
use crate::{
    directory::certificate::{
        model::{CertificateEdit, NewCertificate, number_key},
        service::{self, Step},
        store,
    },
    exchange::format::CertificateRow,
    platform::{db::Tx, fault::Outcome},
};

/// The reason that is entered where the file gives none.
const BY_FILE: &str = "据导入文件 (as the imported file says)";

impl Applied for CertificateRow {
    fn agency(&self) -> Option<&str> {
        self.agency.as_deref()
    }

    async fn apply(self, tx: &mut Tx) -> Outcome<Change> {
        let institution = institution_of(tx, &self.institution).await?;
        let mut labs = Vec::new();
        for code in &self.lab_codes {
            labs.push(lab_of(tx, code).await?.id);
        }
        let known = store::known(tx, institution.id, self.scheme, &number_key(&self.number)).await?;
        let (status, reason) = (self.status, self.status_reason.clone());
        match known {
            None => {
                let new = NewCertificate {
                    institution: institution.id,
                    scheme: self.scheme,
                    number: self.number,
                    issuer: self.issuer,
                    valid_from: self.valid_from,
                    valid_to: self.valid_to,
                    visibility: self.visibility.unwrap_or(Visibility::Public),
                    labs,
                    effective_from: None,
                };
                let id = service::create_in(tx, new).await?;
                let row = store::lock(tx, id).await?.open(tx.permit())?;
                turn(tx, &row, status, reason).await?;
                Ok(Change::Created)
            }
            Some(before) => {
                let edited = self.edit(tx, &before).await?;
                let covered = !labs.is_empty() && cover(tx, &before, labs).await?;
                let row = store::lock(tx, before.id).await?.open(tx.permit())?;
                let turned = turn(tx, &row, status, reason).await?;
                Ok(if edited || covered || turned { Change::Changed } else { Change::Unchanged })
            }
        }
    }
}

impl CertificateRow {
    /// Edits what differs; a withdrawn certificate that the file has just so is left alone.
    async fn edit(self, tx: &mut Tx, before: &Model) -> Outcome<bool> {
        let edit = CertificateEdit {
            scheme: None,
            number: Some(self.number),
            issuer: self.issuer.into(),
            valid_from: Some(self.valid_from),
            valid_to: self.valid_to.into(),
            visibility: self.visibility,
            effective_from: None,
        };
        if edit.clone().over(before)? == *before {
            return Ok(false);
        }
        service::edit_in(tx, before.id, edit).await?;
        Ok(true)
    }
}

/// Makes the sites covered today just these.
async fn cover(tx: &mut Tx, row: &Model, labs: Vec<LabId>) -> Outcome<bool> {
    let now = store::sites(tx, row.id, tx.today()).await?;
    let mut differs = false;
    for lab in labs.iter().filter(|lab| !now.contains(lab)) {
        service::cover_in(tx, row.id, *lab, None).await?;
        differs = true;
    }
    for lab in now.iter().filter(|lab| !labs.contains(lab)) {
        service::uncover_in(tx, row.id, *lab, None).await?;
        differs = true;
    }
    Ok(differs)
}

async fn turn(tx: &mut Tx, row: &Model, to: Option<CertificateStatus>, reason: Option<String>) -> Outcome<bool> {
    match to {
        Some(to) if to != row.status => {
            let step = Step { reason: reason.unwrap_or_else(|| BY_FILE.to_owned()), on: None };
            service::become_in(tx, row.id, to, step).await?;
            Ok(true)
        }
        _ => Ok(false),
    }
}
