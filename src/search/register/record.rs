//! What lines refer to: sites, certificates, equipment, people, standards and what is offered.

use entity::enums::{
    CertificateScheme, CertificateStatus, EquipmentStatus, OfferingKind, OfferingStatus, StandardStatus, Standing,
    Visibility,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::line::Day;

/// A site, with what is known of its institution.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Lab {
    /// Its id; nil where the register no longer has it.
    pub id: Uuid,
    /// Its institution.
    pub institution: Uuid,
    /// The owner.
    pub agency: u32,
    /// The owner of the institution.
    pub institution_agency: u32,
    /// Six digits of GB/T 2260.
    pub region: u32,
    /// Degrees east and north; none where not known.
    pub point: Option<(f64, f64)>,
    /// Who may see it.
    pub visibility: Visibility,
    /// Who may see the institution.
    pub institution_visibility: Visibility,
    /// Whether both take part.
    pub standing: Standing,
    /// Its names and those of its institution.
    pub names: Vec<u32>,
}

impl Default for Lab {
    fn default() -> Self {
        Self {
            id: Uuid::nil(),
            institution: Uuid::nil(),
            agency: 0,
            institution_agency: 0,
            region: 0,
            point: None,
            visibility: Visibility::Own,
            institution_visibility: Visibility::Own,
            standing: Standing::Retired,
            names: Vec::new(),
        }
    }
}

/// A certificate with its revisions and the sites that it covers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Certificate {
    /// Its id; nil where the register no longer has it.
    pub id: Uuid,
    /// Its revisions, the oldest first.
    pub revisions: Vec<CertificateRevision>,
    /// The sites: lab, first day, first day without.
    pub covers: Vec<(u32, Day, Day)>,
}

/// A revision of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateRevision {
    /// First day of the revision.
    pub from: Day,
    /// First day without it.
    pub to: Day,
    /// The scheme.
    pub scheme: CertificateScheme,
    /// First day of validity.
    pub valid_from: Day,
    /// Last day of validity; [`Day::forever`] where unlimited.
    pub valid_to: Day,
    /// What the issuer says.
    pub status: CertificateStatus,
}

/// An item of equipment.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Equipment {
    /// Its id; nil where the register no longer has it.
    pub id: Uuid,
    /// Its revisions, the oldest first.
    pub revisions: Vec<EquipmentRevision>,
    /// Its calibrations in the order of their dates: performed, last day, whether it was found fit. Voided ones are not
    /// among them.
    pub calibrations: Vec<(Day, Day, bool)>,
}

/// A revision of an item.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EquipmentRevision {
    /// First day of the revision.
    pub from: Day,
    /// First day without it.
    pub to: Day,
    /// The site.
    pub lab: u32,
    /// The owner.
    pub agency: u32,
    /// Who may see it.
    pub visibility: Visibility,
    /// Whether it may be used.
    pub status: EquipmentStatus,
    /// Chinese name, and the English one where there is one.
    pub names: Vec<u32>,
    /// Its class.
    pub class: Option<u32>,
    /// Its manufacturer.
    pub manufacturer: Option<u32>,
    /// 规格型号.
    pub model: Option<u32>,
}

/// A person who may sign reports.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Signatory {
    /// The id; nil where the register no longer has the person.
    pub id: Uuid,
    /// The site.
    pub lab: u32,
    /// The fields that the person may sign; none: every field.
    pub fields: Vec<u32>,
    /// First day of the authorisation.
    pub valid_from: Day,
    /// Last day; [`Day::forever`] where unlimited.
    pub valid_to: Day,
    /// Whether the person takes part.
    pub standing: Standing,
}

impl Default for Signatory {
    fn default() -> Self {
        Self {
            id: Uuid::nil(),
            lab: 0,
            fields: Vec::new(),
            valid_from: Day::default(),
            valid_to: Day::default(),
            standing: Standing::Retired,
        }
    }
}

/// An edition of a standard.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Standard {
    /// Its id; nil where the register no longer has it.
    pub id: Uuid,
    /// Its match key.
    pub key: u32,
    /// Its number in canonical print.
    pub number: Box<str>,
    /// The year of the edition.
    pub year: Option<i32>,
    /// Where it is in its life.
    pub status: StandardStatus,
    /// Number of the edition that replaced it.
    pub replaced_by: Option<Box<str>>,
    /// Match key of the edition that replaced it.
    pub successor: Option<u32>,
    /// Its titles.
    pub titles: Vec<u32>,
}

impl Default for Standard {
    fn default() -> Self {
        Self {
            id: Uuid::nil(),
            key: 0,
            number: Box::default(),
            year: None,
            status: StandardStatus::Withdrawn,
            replaced_by: None,
            successor: None,
            titles: Vec::new(),
        }
    }
}

/// What a site, or an agency itself, opens to others.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Offering {
    /// Its id; nil where the register no longer has it.
    pub id: Uuid,
    /// The site.
    pub lab: Option<u32>,
    /// The owner.
    pub agency: u32,
    /// What is offered.
    pub kind: Option<OfferingKind>,
    /// Where it is in its life.
    pub status: OfferingStatus,
    /// Who may see it once it was opened.
    pub visibility: Visibility,
    /// The agencies that may see it besides.
    pub shown_to: Vec<u32>,
    /// Whether it was ever opened; before, nobody but the owner sees it.
    pub was_opened: bool,
    /// 类别 / 领域 that it covers; none: every one, unless it names lines.
    pub fields: Vec<u32>,
    /// The lines that it names, in order.
    pub lines: Vec<u128>,
    /// Working days to the first possible start.
    pub lead: u32,
    /// Working days from receipt to report.
    pub turnaround: Option<u32>,
    /// Least and most of one request.
    pub quantity: (Option<u32>, Option<u32>),
    /// First day.
    pub valid_from: Day,
    /// Last day.
    pub valid_to: Day,
}

impl Default for Offering {
    fn default() -> Self {
        Self {
            id: Uuid::nil(),
            lab: None,
            agency: 0,
            kind: None,
            status: OfferingStatus::Draft,
            visibility: Visibility::Own,
            shown_to: Vec::new(),
            was_opened: false,
            fields: Vec::new(),
            lines: Vec::new(),
            lead: 0,
            turnaround: None,
            quantity: (None, None),
            valid_from: Day::default(),
            valid_to: Day::default(),
        }
    }
}
