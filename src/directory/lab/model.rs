//! Labs as callers write them.

use chrono::{DateTime, Utc};
use entity::{
    enums::{Standing, Visibility},
    ids::{AgencyCode, InstitutionId, LabId},
    lab::Model,
};

use crate::{
    directory::{contact::ContactEdit, institution::model::Blank, text},
    platform::{
        fault::{Outcome, Problems},
        filter::{OneOf, TextFilter},
        lenient::fold_code,
        patch::Patch,
    },
};

/// A lab to be entered.
#[derive(Clone, Debug)]
pub struct NewLab {
    /// The legal entity that runs it.
    pub institution: InstitutionId,
    /// Natural key within the agency.
    pub code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: Option<String>,
    /// Division of the site.
    pub region: String,
    /// Street address.
    pub address: Option<String>,
    /// Degrees east, WGS 84.
    pub longitude: Option<f64>,
    /// Degrees north, WGS 84.
    pub latitude: Option<f64>,
    /// How it is reached.
    pub contact: ContactEdit,
    /// Who may see it.
    pub visibility: Visibility,
}

/// Edits of one lab.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabEdit {
    /// Natural key within the agency.
    pub code: Option<String>,
    /// Chinese name.
    pub name_zh: Option<String>,
    /// English name.
    pub name_en: Patch<String>,
    /// Division of the site.
    pub region: Option<String>,
    /// Street address.
    pub address: Patch<String>,
    /// Degrees east, WGS 84.
    pub longitude: Patch<f64>,
    /// Degrees north, WGS 84.
    pub latitude: Patch<f64>,
    /// How it is reached.
    pub contact: ContactEdit,
    /// Who may see it.
    pub visibility: Option<Visibility>,
}

/// Which labs. Every condition that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LabFilter {
    /// By owner.
    pub agency: Option<OneOf<AgencyCode>>,
    /// By institution.
    pub institution: Option<OneOf<InstitutionId>>,
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

/// In which order labs are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LabOrder {
    /// `CODE`: by natural key.
    #[default]
    Code,
    /// `NAME`: by Chinese name.
    Name,
    /// `RECENT`: the newest first.
    Recent,
}

impl NewLab {
    /// The row, in good form.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn opened(self, blank: Blank<LabId>) -> Outcome<Model> {
        let mut problems = Problems::default();
        let p = &mut problems;
        text::point(p, "input.longitude", self.longitude, self.latitude);
        let contact = self.contact.checked(p, "input.contact");
        let row = Model {
            id: blank.id,
            institution_id: self.institution,
            agency: blank.agency,
            code: fold_code(&text::required(p, "input.code", &self.code, text::NAME)),
            name_zh: text::required(p, "input.nameZh", &self.name_zh, text::NAME),
            name_en: text::optional(p, "input.nameEn", self.name_en, text::NAME),
            region: text::region(p, "input.region", &self.region),
            address: text::optional(p, "input.address", self.address, text::NAME),
            longitude: self.longitude,
            latitude: self.latitude,
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

impl LabEdit {
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
        if let Some(name) = self.name_zh {
            row.name_zh = text::required(p, "input.nameZh", &name, text::NAME);
        }
        row.name_en = text::patched(p, "input.nameEn", self.name_en, text::NAME).over(row.name_en);
        if let Some(region) = self.region {
            row.region = text::region(p, "input.region", &region);
        }
        row.address = text::patched(p, "input.address", self.address, text::NAME).over(row.address);
        row.longitude = self.longitude.over(row.longitude);
        row.latitude = self.latitude.over(row.latitude);
        text::point(p, "input.longitude", row.longitude, row.latitude);
        let contact = self.contact.checked(p, "input.contact");
        row.contact_name = contact.name.over(row.contact_name);
        row.contact_phone = contact.phone.over(row.contact_phone);
        row.contact_email = contact.email.over(row.contact_email);
        row.visibility = self.visibility.unwrap_or(row.visibility);
        problems.finish()?;
        Ok(row)
    }
}
