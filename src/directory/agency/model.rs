//! Agencies as callers edit them.

use chrono::{DateTime, Utc};
use entity::agency::Model;

use crate::{
    directory::{contact::ContactEdit, text},
    platform::fault::{Outcome, Problems},
};

/// Edits of one agency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgencyEdit {
    /// Chinese name.
    pub name_zh: Option<String>,
    /// English name.
    pub name_en: Option<String>,
    /// How it is reached.
    pub contact: ContactEdit,
}

impl AgencyEdit {
    /// The row after the edit.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn over(self, last: &Model, at: DateTime<Utc>) -> Outcome<Model> {
        let mut problems = Problems::default();
        let p = &mut problems;
        let mut row = Model { updated_at: at, ..last.clone() };
        if let Some(name) = self.name_zh {
            row.name_zh = text::required(p, "input.nameZh", &name, text::NAME);
        }
        if let Some(name) = self.name_en {
            row.name_en = text::required(p, "input.nameEn", &name, text::NAME);
        }
        let contact = self.contact.checked(p, "input.contact");
        row.contact_name = contact.name.over(row.contact_name);
        row.contact_phone = contact.phone.over(row.contact_phone);
        row.contact_email = contact.email.over(row.contact_email);
        problems.finish()?;
        Ok(row)
    }
}
