//! What is asked.

use chrono::NaiveDate;
use entity::enums::{CertificateScheme, Visibility};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{grade::Grade, order_word, rank::By};
use crate::{capacity::availability::model::Window, directory::region::divisions::Point, platform::access::Visible};

/// Which lines are wanted. Every condition that is given must hold; of several values in one condition any will do.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What the asker may see.
    pub visible: Visible,
    /// The date on which lines are in force.
    pub on: NaiveDate,
    /// Free text: parameters, objects, standards, fields, labs, places, in Chinese, English or pinyin.
    pub text: Option<String>,
    /// Numbers of standards in any spelling.
    pub standards: Vec<String>,
    /// Text that the parameter must answer.
    pub parameter: Option<String>,
    /// Text that the object must answer.
    pub object: Option<String>,
    /// 类别 / 领域, to the letter.
    pub fields: Vec<String>,
    /// Six digits of divisions, each with everything in it.
    pub regions: Vec<String>,
    /// Codes of owning agencies.
    pub agencies: Vec<String>,
    /// Institutions.
    pub institutions: Vec<Uuid>,
    /// Sites.
    pub labs: Vec<Uuid>,
    /// Schemes of the certificate.
    pub schemes: Vec<CertificateScheme>,
    /// Who may see the lines.
    pub visibility: Vec<Visibility>,
    /// Text that the class or name of an instrument must answer which the line needs.
    pub equipment: Option<String>,
    /// How lines may meet the standards that are asked for.
    pub grades: Vec<Grade>,
    /// Whether lines count whose certificate does not hold on the date.
    pub any_standing: bool,
    /// Longest turnaround in working days.
    pub turnaround: Option<u32>,
    /// From where distances are measured, and how far sites may be, in kilometres.
    pub near: Option<Near>,
    /// Over which window lines must be available, and how much is wanted.
    pub available: Option<Wanted>,
    /// The order.
    pub order: By,
}

/// A point to be near to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// The point.
    pub point: Point,
    /// How far sites may be, in kilometres.
    pub within_km: Option<f64>,
}

/// What must be available.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// On every day of this window.
    pub window: Window,
    /// So many units.
    pub quantity: Option<u32>,
    /// Whether lines that are not are listed behind the others, with what stands in the way.
    pub could_if: bool,
}

impl Question {
    /// A short name by which cursors of this question are told from those of others: of what is asked, in which order and of
    /// which kind of thing, but for who asks and on which day.
    pub fn name(&self, of: &str) -> String {
        let bare = Self { visible: Visible::Public, on: NaiveDate::MIN, ..self.clone() };
        let digest = Sha256::digest(format!("{of} {bare:?}"));
        let short = digest.iter().take(6).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        format!("{}:{short:012x}", order_word(self.order))
    }

    /// Every line in force on a date that the asker may see.
    pub fn on(visible: Visible, on: NaiveDate) -> Self {
        Self {
            visible,
            on,
            text: None,
            standards: Vec::new(),
            parameter: None,
            object: None,
            fields: Vec::new(),
            regions: Vec::new(),
            agencies: Vec::new(),
            institutions: Vec::new(),
            labs: Vec::new(),
            schemes: Vec::new(),
            visibility: Vec::new(),
            equipment: None,
            grades: Vec::new(),
            any_standing: false,
            turnaround: None,
            near: None,
            available: None,
            order: By::default(),
        }
    }
}
