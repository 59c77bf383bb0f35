//! Institutions as callers write them.

use chrono::{DateTime, Utc};
use entity::{
    enums::{Standing, Visibility},
    ids::{AgencyCode, InstitutionId},
    institution::Model,
};

use super::uscc::{Verdict, judge};
use crate::{
    directory::{contact::ContactEdit, text},
    platform::{
        fault::{Fault, Outcome, Problems},
        filter::{OneOf, TextFilter},
        lenient::fold_code,
        patch::Patch,
    },
};

/// An institution to be entered.
#[derive(Clone, Debug)]
pub struct NewInstitution {
    /// Natural key within the agency; the credit code where not given.
    pub code: Option<String>,
    /// Unified social credit code (GB 32100).
    pub uscc: Option<String>,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: Option<String>,
    /// Division of the seat.
    pub region: String,
    /// Street address of the seat.
    pub address: Option<String>,
    /// How it is reached.
    pub contact: ContactEdit,
    /// Who may see it.
    pub visibility: Visibility,
}

/// Edits of one institution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InstitutionEdit {
    /// Natural key within the agency.
    pub code: Option<String>,
    /// Unified social credit code.
    pub uscc: Patch<String>,
    /// Chinese name.
    pub name_zh: Option<String>,
    /// English name.
    pub name_en: Patch<String>,
    /// Division of the seat.
    pub region: Option<String>,
    /// Street address of the seat.
    pub address: Patch<String>,
    /// How it is reached.
    pub contact: ContactEdit,
    /// Who may see it.
    pub visibility: Option<Visibility>,
}

/// Which institutions. Every condition that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct InstitutionFilter {
    /// By owner.
    pub agency: Option<OneOf<AgencyCode>>,
    /// By natural key.
    pub code: Option<TextFilter>,
    /// By Chinese name.
    pub name_zh: Option<TextFilter>,
    /// By English name.
    pub name_en: Option<TextFilter>,
    /// By division, with everything in it.
    pub region: Option<String>,
    /// By standing.
    pub standing: Option<OneOf<Standing>>,
    /// By who may see them.
    pub visibility: Option<OneOf<Visibility>>,
}

/// In which order institutions are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum InstitutionOrder {
    /// `CODE`: by natural key.
    #[default]
    Code,
    /// `NAME`: by Chinese name.
    Name,
    /// `RECENT`: the newest first.
    Recent,
}

/// The identity of a new row.
#[derive(Clone, Debug)]
pub struct Blank<Id> {
    /// Its id.
    pub id: Id,
    /// Its owner.
    pub agency: AgencyCode,
    /// The instant of the act.
    pub at: DateTime<Utc>,
}

impl NewInstitution {
    /// The row, in good form.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn opened(self, blank: Blank<InstitutionId>) -> Outcome<Model> {
        let mut problems = Problems::default();
        let p = &mut problems;
        let uscc = self.uscc.and_then(|code| credit_code(p, &code));
        let code = text::optional(p, "input.code", self.code, text::NAME)
            .map(|code| fold_code(&code))
            .or_else(|| uscc.clone());
        if code.is_none() {
            p.add("input.code", "REQUIRED", "Give a code, or the credit code, which then serves as one.");
        }
        let contact = self.contact.checked(p, "input.contact");
        let row = Model {
            id: blank.id,
            agency: blank.agency,
            code: code.unwrap_or_default(),
            uscc,
            name_zh: text::required(p, "input.nameZh", &self.name_zh, text::NAME),
            name_en: text::optional(p, "input.nameEn", self.name_en, text::NAME),
            region: text::region(p, "input.region", &self.region),
            address: text::optional(p, "input.address", self.address, text::NAME),
            contact_name: contact.name.over(None),
            contact_phone: contact.phone.over(None),
            contact_email: contact.email.over(None),
            visibility: self.visibility,
            standing: Standing::Active,
            standing_reason: None,
            version: 1,
            created_at: blank.at,
            updated_at: blank.at,
        };
        problems.finish()?;
        Ok(row)
    }
}

impl InstitutionEdit {
    /// The row after the edit.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn over(self, last: &Model, at: DateTime<Utc>) -> Outcome<Model> {
        let mut problems = Problems::default();
        let p = &mut problems;
        let mut row = Model { updated_at: at, ..last.clone() };
        if let Some(code) = self.code {
            row.code = fold_code(&text::required(p, "input.code", &code, text::NAME));
        }
        row.uscc = match self.uscc {
            Patch::Set(code) => credit_code(p, &code),
            other => other.over(row.uscc),
        };
        if let Some(name) = self.name_zh {
            row.name_zh = text::required(p, "input.nameZh", &name, text::NAME);
        }
        row.name_en = text::patched(p, "input.nameEn", self.name_en, text::NAME).over(row.name_en);
        if let Some(region) = self.region {
            row.region = text::region(p, "input.region", &region);
        }
        row.address = text::patched(p, "input.address", self.address, text::NAME).over(row.address);
        let contact = self.contact.checked(p, "input.contact");
        row.contact_name = contact.name.over(row.contact_name);
        row.contact_phone = contact.phone.over(row.contact_phone);
        row.contact_email = contact.email.over(row.contact_email);
        row.visibility = self.visibility.unwrap_or(row.visibility);
        problems.finish()?;
        Ok(row)
    }
}

/// A credit code in its normal spelling. One whose outer check fails while the inner one holds is genuine often enough
/// to be taken; a personal identity number never is, and is not repeated.
fn credit_code(problems: &mut Problems, text: &str) -> Option<String> {
    match judge(text) {
        Verdict::Valid(code) | Verdict::ValidWithWarning(code) => Some(code.as_str().to_owned()),
        Verdict::Invalid(why) => {
            problems.add("input.uscc", why.code(), format!("{why}"));
            None
        }
        Verdict::PersonalIdentityNumber => {
            problems.add(
                "input.uscc",
                "PERSONAL_IDENTITY_NUMBER",
                "This is a person's identity number; give the institution's credit code.",
            );
            None
        }
    }
}

/// A credit code to look for, in its normal spelling.
///
/// # Errors
/// `INVALID` at `path` for text that is none.
pub fn uscc_key(text: &str, path: &str) -> Outcome<String> {
    match judge(text) {
        Verdict::Valid(code) | Verdict::ValidWithWarning(code) => Ok(code.as_str().to_owned()),
        Verdict::Invalid(_) | Verdict::PersonalIdentityNumber => {
            Err(Fault::invalid(path, "USCC", "Give a unified social credit code of 18 characters."))
        }
    }
}
