//! What lines are made of. Lines repeat one another: a thousand labs test lead in rice by the same method, and all lines
//! of one lab stand under few certificates. So each line is three numbers, of a competence, a holder and a span, and
//! all that is known of these is kept once.

use chrono::{Days, NaiveDate};
use entity::{FOREVER, enums::Visibility};
use serde::{Deserialize, Serialize};

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
