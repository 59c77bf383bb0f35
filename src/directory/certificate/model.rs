//! Certificates as callers write them, and what they are worth on a date.

use chrono::NaiveDate;
use entity::{
    certificate::Model,
    enums::{CertificateScheme, CertificateStatus, Visibility},
    ids::{AgencyCode, InstitutionId, LabId},
};
use serde_json::json;

use super::number;
use crate::{
    directory::text,
    platform::{
        fault::{Fault, Outcome, Problems},
        filter::{DateFilter, OneOf, TextFilter},
        patch::Patch,
    },
};

/// A certificate to be entered.
#[derive(Clone, Debug)]
pub struct NewCertificate {
    /// The holder.
    pub institution: InstitutionId,
    /// The scheme.
    pub scheme: CertificateScheme,
    /// Number as it stands on the paper.
    pub number: String,
    /// Who issued it.
    pub issuer: Option<String>,
    /// First date of validity.
    pub valid_from: NaiveDate,
    /// Last date of validity; none where unlimited.
    pub valid_to: Option<NaiveDate>,
    /// Who may see it.
    pub visibility: Visibility,
    /// The sites that it covers, all of the holder.
    pub labs: Vec<LabId>,
    /// The date from which the register knows it; none: the first date of validity, or today if that is earlier.
    pub effective_from: Option<NaiveDate>,
}

/// Edits of one certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateEdit {
    /// The scheme.
    pub scheme: Option<CertificateScheme>,
    /// The number.
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: Patch<String>,
    /// First date of validity.
    pub valid_from: Option<NaiveDate>,
    /// Last date of validity.
    pub valid_to: Patch<NaiveDate>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// The date from which the edit holds; none: today.
    pub effective_from: Option<NaiveDate>,
}

/// What a certificate is worth on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CertificateStanding {
    /// `ACTIVE`: it holds.
    Active,
    /// `NOT_YET_VALID`: its first date of validity lies ahead.
    NotYetValid,
    /// `EXPIRED`: its last date of validity has passed.
    Expired,
    /// `SUSPENDED` by its issuer, and not past its last date.
    Suspended,
    /// `WITHDRAWN` by its issuer.
    Withdrawn,
}

impl CertificateStanding {
    /// What the revision in force on `on` is worth on that date. Withdrawal outranks expiry, and expiry suspension,
    /// because resuming an expired certificate would not help.
    pub fn on(certificate: &Model, on: NaiveDate) -> Self {
        match certificate.status {
            CertificateStatus::Withdrawn => Self::Withdrawn,
            _ if certificate.valid_to.is_some_and(|last| last < on) => Self::Expired,
            CertificateStatus::Suspended => Self::Suspended,
            CertificateStatus::Active if certificate.valid_from > on => Self::NotYetValid,
            CertificateStatus::Active => Self::Active,
        }
    }

    /// The spelling in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::NotYetValid => "NOT_YET_VALID",
            Self::Expired => "EXPIRED",
            Self::Suspended => "SUSPENDED",
            Self::Withdrawn => "WITHDRAWN",
        }
    }
}

/// Which certificates. Every condition that is given must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CertificateFilter {
    /// The date on which the revision is in force and the standing is computed.
    pub on: NaiveDate,
    /// By owner.
    pub agency: Option<OneOf<AgencyCode>>,
    /// By holder.
    pub institution: Option<OneOf<InstitutionId>>,
    /// By scheme.
    pub scheme: Option<OneOf<CertificateScheme>>,
    /// By the number in any spelling.
    pub number: Option<String>,
    /// By issuer.
    pub issuer: Option<TextFilter>,
    /// By standing on the date: one of these.
    pub standing: Option<Vec<CertificateStanding>>,
    /// By last date of validity.
    pub valid_to: Option<DateFilter>,
    /// By who may see them.
    pub visibility: Option<OneOf<Visibility>>,
}

impl CertificateFilter {
    /// All certificates that the register knows on a date.
    pub fn on(on: NaiveDate) -> Self {
        Self {
            on,
            agency: None,
            institution: None,
            scheme: None,
            number: None,
            issuer: None,
            standing: None,
            valid_to: None,
            visibility: None,
        }
    }
}

/// In which order certificates are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CertificateOrder {
    /// `NUMBER`: by folded number.
    #[default]
    Number,
    /// `RECENT`: the newest first.
    Recent,
}

/// Along which edge certificates are children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CertificateEdge {
    /// Of their holder.
    Institution,
    /// Of a site that they cover on the date.
    Lab,
}

/// The folded number, by which certificates are compared.
pub fn number_key(text: &str) -> String {
    number::read(text).normalised
}

impl NewCertificate {
    /// In good form.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn validated(self) -> Outcome<Self> {
        let mut problems = Problems::default();
        let number = text::required(&mut problems, "input.number", &self.number, text::NAME);
        let issuer = text::optional(&mut problems, "input.issuer", self.issuer, text::NAME);
        text::ordered(&mut problems, "input.validTo", Some(self.valid_from), self.valid_to);
        problems.finish()?;
        let mut labs = self.labs;
        labs.sort_unstable();
        labs.dedup();
        Ok(Self { number, issuer, labs, ..self })
    }
}

impl CertificateEdit {
    /// The revision after the edit.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn over(self, last: &Model) -> Outcome<Model> {
        let mut problems = Problems::default();
        let number = self.number.map(|number| text::required(&mut problems, "input.number", &number, text::NAME));
        let issuer = text::patched(&mut problems, "input.issuer", self.issuer, text::NAME);
        let valid_from = self.valid_from.unwrap_or(last.valid_from);
        let valid_to = self.valid_to.over(last.valid_to);
        text::ordered(&mut problems, "input.validTo", Some(valid_from), valid_to);
        problems.finish()?;
        let number = number.unwrap_or_else(|| last.number.clone());
        Ok(Model {
            scheme: self.scheme.unwrap_or(last.scheme),
            number_key: number_key(&number),
            number,
            issuer: issuer.over(last.issuer.clone()),
            valid_from,
            valid_to,
            visibility: self.visibility.unwrap_or(last.visibility),
            ..last.clone()
        })
    }
}

/// Whether the issuer's word may change from `now` to `next`.
///
/// # Errors
/// `CERTIFICATE_WITHDRAWN`, `ALREADY_SUSPENDED`, `NOT_SUSPENDED`.
pub fn may_become(last: &Model, next: CertificateStatus) -> Outcome<()> {
    use CertificateStatus::{Active, Suspended, Withdrawn};
    let (code, message) = match (last.status, next) {
        (Active, Suspended | Withdrawn) | (Suspended, Active | Withdrawn) => return Ok(()),
        (Withdrawn, _) => ("CERTIFICATE_WITHDRAWN", "This certificate was withdrawn; enter a new one."),
        (Suspended, Suspended) => ("ALREADY_SUSPENDED", "This certificate is suspended already; resume it first."),
        (Active, Active) => ("NOT_SUSPENDED", "This certificate is not suspended."),
    };
    Err(Fault::rule(code, message, json!({ "since": last.effective_from, "reason": last.status_reason })))
}
