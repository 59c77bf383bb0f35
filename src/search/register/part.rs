//! What lines are made of. Lines repeat one another: a thousand labs test lead in rice by the same method, and all lines
//! of one lab stand under few certificates. So each line is three numbers, of a competence, a holder and a span, and
//! all that is known of these is kept once.

use chrono::{Days, NaiveDate};
use entity::{
    FOREVER,
    enums::{
        CertificateScheme, CertificateStatus, EquipmentStatus, OfferingKind, OfferingStatus, StandardStatus, Standing,
        Visibility,
    },
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::search::text::fold::folded;

/// A calendar date as days since 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Day(pub i32);

impl Day {
    /// The day that never comes: [`FOREVER`].
    pub fn forever() -> Self {
        FOREVER.into()
    }

    /// The day after.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Self(date.signed_duration_since(NaiveDate::default()).num_days().try_into().unwrap_or(i32::MAX))
    }
}

impl From<Day> for NaiveDate {
    fn from(day: Day) -> Self {
        let (epoch, count) = (Self::default(), Days::new(u64::from(day.0.unsigned_abs())));
        match day.0 < 0 {
            true => epoch.checked_sub_days(count).unwrap_or(Self::MIN),
            false => epoch.checked_add_days(count).unwrap_or(FOREVER),
        }
    }
}

/// What a text of the register names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// 项目 / 参数.
    Parameter,
    /// 产品 / 检测对象.
    Object,
    /// 依据的标准（方法） as written.
    Method,
    /// Match key of a standard, such as `GB 5009.12`.
    Standard,
    /// Title of a standard.
    Title,
    /// 类别 / 领域.
    Field,
    /// Name of a lab.
    Lab,
    /// Name of an institution.
    Institution,
    /// Name of an instrument.
    Instrument,
    /// Class of an instrument.
    Class,
    /// Manufacturer.
    Manufacturer,
    /// 规格型号.
    Model,
    /// Code of an agency; never searched as text.
    Agency,
}

/// A text that rows of the register have, kept once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    /// What it names.
    pub kind: Kind,
    /// As written.
    pub text: Box<str>,
    /// Folded, where that is another text; made when the entry is put in its place.
    #[serde(skip)]
    pub folded: Option<Box<str>>,
}

impl Default for Value {
    fn default() -> Self {
        Self { kind: Kind::Agency, text: Box::default(), folded: None }
    }
}

impl Value {
    /// A text of a kind.
    pub fn new(kind: Kind, text: &str) -> Self {
        let folded = folded(text);
        Self { kind, text: text.into(), folded: (folded != text).then(|| folded.into()) }
    }

    /// The text, folded.
    pub fn folded(&self) -> &str {
        self.folded.as_deref().unwrap_or(&self.text)
    }
}

/// What is tested and how, without who and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Competence {
    /// 类别 / 领域.
    pub field: u32,
    /// 产品 / 检测对象.
    pub object: u32,
    /// 项目 / 参数.
    pub parameter: u32,
    /// The method as written.
    pub method: u32,
    /// The match key of the cited standard.
    pub standard: Option<u32>,
    /// The year of the cited edition.
    pub year: Option<i32>,
    /// Whether 限制范围 says what is not covered.
    pub limited: bool,
}

/// Who holds lines: a site, under a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Holder {
    /// The site.
    pub lab: u32,
    /// The certificate.
    pub certificate: u32,
    /// The owner of the lines.
    pub agency: u32,
    /// Who may see the lines: the stricter of the revision's own word and the last one's.
    pub visibility: Visibility,
}

impl Default for Holder {
    fn default() -> Self {
        Self { lab: 0, certificate: 0, agency: 0, visibility: Visibility::Own }
    }
}

/// When a revision of a line is in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First day.
    pub from: Day,
    /// First day on which this revision no longer is in force.
    pub to: Day,
    /// First day on which no later revision follows without a gap.
    pub until: Day,
}

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

/// A link from a line to an item of equipment or to a signatory, for a span of days, in one number of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    /// The number of the item or person.
    pub to: u32,
    /// First day.
    pub from: Day,
    /// First day without it.
    pub until: Day,
}

/// Days of a link are counted to the year 2687; what lies beyond lasts for ever.
const LINK_DAYS: u64 = (1 << 18) - 1;

impl Link {
    /// The one number. Items beyond 2^28 do not fit and are refused when they are numbered.
    pub fn packed(self) -> u64 {
        let day = |day: Day| u64::try_from(day.0).unwrap_or(0).min(LINK_DAYS);
        u64::from(self.to) << 36 | day(self.from) << 18 | day(self.until)
    }

    /// What a number says.
    pub fn unpacked(packed: u64) -> Self {
        let day = |packed: u64| match packed & LINK_DAYS {
            LINK_DAYS => Day::forever(),
            days => Day(i32::try_from(days).unwrap_or(i32::MAX)),
        };
        Self { to: u32::try_from(packed >> 36).unwrap_or(u32::MAX), from: day(packed >> 18), until: day(packed) }
    }
}
