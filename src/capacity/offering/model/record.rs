//! Offerings as callers write them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    enums::{OfferingKind, OfferingStatus},
    ids::{LabId, OfferingId},
    lab,
    offering::Model,
};
use serde_json::{Value, json};

use super::{
    coverage::{Coverage, Lists},
    shown::Shown,
    terms::{Terms, TermsEdit},
};
use crate::{
    directory::{institution::model::Blank, text},
    platform::{
        fault::{Fault, Outcome, Problems},
        lenient::fold_code,
        patch::Patch,
    },
};

/// An offering to be entered.
#[derive(Clone, Debug)]
pub struct NewOffering {
    /// The site; none where the agency itself offers.
    pub lab: Option<LabId>,
    /// Natural key within the agency.
    pub code: String,
    /// What is offered.
    pub kind: OfferingKind,
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// What it covers.
    pub coverage: Coverage,
    /// On which terms.
    pub terms: Terms,
    /// Who may see it once it was opened.
    pub shown: Shown,
}

/// Edits of one offering.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfferingEdit {
    /// Natural key within the agency.
    pub code: Option<String>,
    /// Chinese title.
    pub title_zh: Option<String>,
    /// English title.
    pub title_en: Patch<String>,
    /// Free text.
    pub description: Patch<String>,
    /// What it covers, in place of all that it covered.
    pub coverage: Option<Coverage>,
    /// On which terms.
    pub terms: TermsEdit,
}

/// Where an offering is entered, and what the register has of the lines and items that it names.
#[derive(Clone, Debug)]
pub struct Site<'a> {
    /// The lab; none where the agency itself offers.
    pub lab: Option<&'a lab::Model>,
    /// What the register has.
    pub found: &'a Lists,
}

/// Whether an offering is open on a date, as far as its own status and dates tell.
pub fn open_on(row: &Model, on: NaiveDate) -> bool {
    row.status == OfferingStatus::Active
        && row.valid_from.is_none_or(|first| first <= on)
        && row.valid_to.is_none_or(|last| on <= last)
}

impl NewOffering {
    /// The row and the lists that it names, in good form.
    ///
    /// # Errors
    /// `LAB_OF_OTHER_AGENCY`; `INVALID` with every problem.
    pub fn entered(self, blank: Blank<OfferingId>, site: &Site<'_>) -> Outcome<(Model, Coverage)> {
        if let Some(lab) = site.lab.filter(|lab| lab.agency != blank.agency) {
            let facts = json!({ "labId": lab.id.to_string() });
            return Err(Fault::rule("LAB_OF_OTHER_AGENCY", "This lab belongs to another agency.", facts));
        }
        let mut problems = Problems::default();
        let p = &mut problems;
        if self.lab.is_none() && matches!(self.kind, OfferingKind::Testing | OfferingKind::EquipmentTime) {
            p.add("input.lab", "LAB_REQUIRED", "Tests and time at equipment are offered by a lab; name it.");
        }
        let coverage = self.coverage.checked(p, self.kind, self.lab, site.found);
        let terms = self.terms.checked(p, self.kind);
        let mut row = Model {
            id: blank.id,
            lab_id: self.lab,
            code: fold_code(&text::required(p, "input.code", &self.code, text::NAME)),
            kind: self.kind,
            title_zh: text::required(p, "input.titleZh", &self.title_zh, text::NAME),
            title_en: text::optional(p, "input.titleEn", self.title_en, text::NAME),
            description: text::optional(p, "input.description", self.description, text::FREE),
            status: OfferingStatus::Draft,
            status_reason: None,
            visibility: self.shown.visibility,
            shown_to: self.shown.checked(p, "input.shownTo", &blank.agency),
            agency: blank.agency,
            fields: Value::from(coverage.fields.clone()),
            coverage_revision: 1,
            unit: String::new(),
            price_basis: terms.price_basis,
            price_amount: None,
            lead_days: 0,
            turnaround_days: None,
            urgent_turnaround_days: None,
            quantity_min: None,
            quantity_max: None,
            conditions: None,
            valid_from: None,
            valid_to: None,
            opened_at: None,
            version: 1,
            created_at: blank.at,
            updated_at: blank.at,
        };
        terms.into_row(&mut row);
        problems.finish()?;
        Ok((row, coverage))
    }
}

impl OfferingEdit {
    /// The row after the edit, and the lists that it names from then on where they are given.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn over(self, last: &Model, at: DateTime<Utc>, found: &Lists) -> Outcome<(Model, Option<Coverage>)> {
        let mut problems = Problems::default();
        let p = &mut problems;
        let mut row = Model { updated_at: at, ..last.clone() };
        if let Some(code) = self.code {
            row.code = fold_code(&text::required(p, "input.code", &code, text::NAME));
        }
        if let Some(title) = self.title_zh {
            row.title_zh = text::required(p, "input.titleZh", &title, text::NAME);
        }
        row.title_en = text::patched(p, "input.titleEn", self.title_en, text::NAME).over(row.title_en);
        row.description = text::patched(p, "input.description", self.description, text::FREE).over(row.description);
        let coverage = self.coverage.map(|coverage| coverage.checked(p, row.kind, row.lab_id, found));
        if let Some(coverage) = &coverage {
            row.fields = Value::from(coverage.fields.clone());
        }
        Terms::of(last).edited(self.terms).checked(p, row.kind).into_row(&mut row);
        problems.finish()?;
        Ok((row, coverage))
    }
}
