//! What offerings can be asked for by.

use chrono::NaiveDate;
use entity::{
    enums::{OfferingKind, OfferingStatus, Visibility},
    ids::{AgencyCode, LabId},
};

use crate::platform::filter::{OneOf, TextFilter};

/// Which offerings. Every condition that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct OfferingFilter {
    /// By owner.
    pub agency: Option<OneOf<AgencyCode>>,
    /// By site.
    pub lab: Option<OneOf<LabId>>,
    /// By natural key.
    pub code: Option<TextFilter>,
    /// By Chinese title.
    pub title_zh: Option<TextFilter>,
    /// By English title.
    pub title_en: Option<TextFilter>,
    /// By kind.
    pub kind: Option<OneOf<OfferingKind>>,
    /// By status.
    pub status: Option<OneOf<OfferingStatus>>,
    /// Open on this date, as [`open_on`](super::open_on) says.
    pub open_on: Option<NaiveDate>,
    /// With a turnaround of at most so many working days.
    pub turnaround_at_most: Option<i32>,
    /// By who may see them.
    pub visibility: Option<OneOf<Visibility>>,
}

/// In which order offerings are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OfferingOrder {
    /// `CODE`: by natural key.
    #[default]
    Code,
    /// `TITLE`: by Chinese title.
    Title,
    /// `RECENT`: the newest first.
    Recent,
}

/// The edge from a lab to its offerings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OfferingEdge;
