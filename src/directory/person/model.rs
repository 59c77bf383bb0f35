//! Signatories as callers write them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    enums::{Standing, Visibility},
    ids::{LabId, SignatoryId},
    signatory::Model,
};
use serde_json::Value;

use crate::{
    directory::{institution::model::Blank, text},
    platform::{
        fault::{Outcome, Problems},
        filter::OneOf,
        lenient::fold,
        patch::Patch,
    },
};

/// Most fields that one signatory may list.
const MOST_FIELDS: usize = 200;

/// A signatory to be entered.
#[derive(Clone, Debug)]
pub struct NewSignatory {
    /// The site.
    pub lab: LabId,
    /// Natural key within the site; the name where not given.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Position.
    pub title: Option<String>,
    /// Fields that the person may sign; every field where empty.
    pub fields: Vec<String>,
    /// First date of the authorisation.
    pub valid_from: NaiveDate,
    /// Last date; none where unlimited.
    pub valid_to: Option<NaiveDate>,
    /// Who may see it.
    pub visibility: Visibility,
}

/// Edits of one signatory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignatoryEdit {
    /// Natural key within the site.
    pub code: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Position.
    pub title: Patch<String>,
    /// Fields that the person may sign.
    pub fields: Option<Vec<String>>,
    /// First date of the authorisation.
    pub valid_from: Option<NaiveDate>,
    /// Last date.
    pub valid_to: Patch<NaiveDate>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
}

/// Which signatories. Every condition that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SignatoryFilter {
    /// May sign this field.
    pub field: Option<String>,
    /// By standing.
    pub standing: Option<OneOf<Standing>>,
    /// Authorised on this date.
    pub authorised_on: Option<NaiveDate>,
}

/// In which order signatories are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SignatoryOrder {
    /// `CODE`: by natural key.
    #[default]
    Code,
}

/// The fields of a row.
pub fn fields_of(row: &Model) -> Vec<String> {
    let listed = row.fields.as_array().into_iter().flatten();
    listed.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Whether the person may sign on a date, as far as dates and standing tell.
pub fn authorised(row: &Model, on: NaiveDate) -> bool {
    row.standing == Standing::Active && row.valid_from <= on && row.valid_to.is_none_or(|last| on <= last)
}

impl NewSignatory {
    /// The row, in good form.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn opened(self, blank: Blank<SignatoryId>) -> Outcome<Model> {
        let mut problems = Problems::default();
        let p = &mut problems;
        let name = text::required(p, "input.name", &self.name, text::NAME);
        text::ordered(p, "input.validTo", Some(self.valid_from), self.valid_to);
        let row = Model {
            id: blank.id,
            lab_id: self.lab,
            agency: blank.agency,
            code: text::optional(p, "input.code", self.code, text::NAME)
                .map_or_else(|| name.clone(), |code| fold(&code)),
            name,
            title: text::optional(p, "input.title", self.title, text::NAME),
            fields: listed(p, self.fields),
            valid_from: self.valid_from,
            valid_to: self.valid_to,
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

impl SignatoryEdit {
    /// The row after the edit.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn over(self, last: &Model, at: DateTime<Utc>) -> Outcome<Model> {
        let mut problems = Problems::default();
        let p = &mut problems;
        let mut row = Model { updated_at: at, ..last.clone() };
        if let Some(code) = self.code {
            row.code = fold(&text::required(p, "input.code", &code, text::NAME));
        }
        if let Some(name) = self.name {
            row.name = text::required(p, "input.name", &name, text::NAME);
        }
        row.title = text::patched(p, "input.title", self.title, text::NAME).over(row.title);
        if let Some(fields) = self.fields {
            row.fields = listed(p, fields);
        }
        row.valid_from = self.valid_from.unwrap_or(row.valid_from);
        row.valid_to = self.valid_to.over(row.valid_to);
        text::ordered(p, "input.validTo", Some(row.valid_from), row.valid_to);
        row.visibility = self.visibility.unwrap_or(row.visibility);
        problems.finish()?;
        Ok(row)
    }
}

fn listed(problems: &mut Problems, fields: Vec<String>) -> Value {
    if fields.len() > MOST_FIELDS {
        problems.add(
            "input.fields",
            "TOO_MANY",
            format!("List at most {MOST_FIELDS} fields; an empty list means every field."),
        );
    }
    let mut kept: Vec<String> = fields
        .into_iter()
        .filter_map(|field| text::optional(problems, "input.fields", Some(field), text::NAME))
        .collect();
    kept.sort_unstable();
    kept.dedup();
    Value::from(kept)
}
