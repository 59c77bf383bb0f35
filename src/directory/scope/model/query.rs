//! What lines can be asked for by.

use chrono::NaiveDate;
use entity::{
    enums::Visibility,
    ids::{AgencyCode, CertificateId, InstitutionId, LabId},
};

use crate::{
    directory::standard::number::StandardNumber,
    platform::{
        fault::{Fault, Outcome},
        filter::{OneOf, TextFilter},
    },
};

/// A standard by its match key, in one edition or in any.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StandardRef {
    /// Family and number without `/T`, such as `GB 5009.12`.
    pub key: String,
    /// The edition; none: any, and undated citations.
    pub year: Option<i32>,
}

impl StandardRef {
    /// Reads a number in any spelling.
    ///
    /// # Errors
    /// `INVALID` at `path` for a blank text.
    pub fn parse(text: &str, path: &str) -> Outcome<Self> {
        if text.trim().is_empty() {
            return Err(Fault::invalid(path, "STANDARD_NUMBER", "Write a standard number such as GB/T 5009.12-2017."));
        }
        let number = StandardNumber::or_raw(text);
        Ok(Self { key: number.key(), year: number.year.map(i32::from) })
    }
}

/// Which lines. Every condition that is given must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LineFilter {
    /// The date on which they are in force.
    pub on: NaiveDate,
    /// By owner.
    pub agency: Option<OneOf<AgencyCode>>,
    /// By institution, through the lab.
    pub institution: Option<OneOf<InstitutionId>>,
    /// By site.
    pub lab: Option<OneOf<LabId>>,
    /// By certificate.
    pub certificate: Option<OneOf<CertificateId>>,
    /// By 类别 / 领域.
    pub field: Option<TextFilter>,
    /// By 产品 / 检测对象.
    pub object: Option<TextFilter>,
    /// By 项目 / 参数.
    pub parameter: Option<TextFilter>,
    /// By the text of the method.
    pub method: Option<TextFilter>,
    /// By the cited standard.
    pub standard: Option<StandardRef>,
    /// By who may see them.
    pub visibility: Option<OneOf<Visibility>>,
}

impl LineFilter {
    /// All lines in force on a date.
    pub fn on(on: NaiveDate) -> Self {
        Self {
            on,
            agency: None,
            institution: None,
            lab: None,
            certificate: None,
            field: None,
            object: None,
            parameter: None,
            method: None,
            standard: None,
            visibility: None,
        }
    }
}

/// In which order lines are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LineOrder {
    /// `SERIAL`: by 序号 in natural order.
    #[default]
    Serial,
    /// `RECENT`: the newest line first.
    Recent,
}

/// In which order editions are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EditionOrder {
    /// `RECENT`: the newest edition first.
    #[default]
    Recent,
}

/// Along which edge lines are children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LineEdge {
    /// Of a site.
    Lab,
    /// Of a certificate.
    Certificate,
    /// Of an edition of a standard: the lines that cite just it.
    Standard,
    /// Of an item of equipment: the lines that need it on the date.
    Equipment,
    /// Of an edition of an annex: the lines whose revision in force it brought.
    Edition,
}
