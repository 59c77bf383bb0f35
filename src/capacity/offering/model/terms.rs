//! The terms of an offering: unit, price, times, quantities and dates.

use chrono::NaiveDate;
use entity::{
    enums::{OfferingKind, PriceBasis},
    offering::Model,
};

use crate::{
    directory::text,
    platform::{fault::Problems, patch::Patch},
};

/// Longest unit, in characters.
const UNIT: usize = 20;
/// Most working days of any time.
const MOST_DAYS: i32 = 365;
/// Most digits before the point of a price.
const MOST_DIGITS: usize = 12;

/// On which terms something is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What is counted, such as 样品 or 小时.
    pub unit: String,
    /// What the price is for.
    pub price_basis: PriceBasis,
    /// Price in yuan, such as `120` or `120.50`.
    pub price_amount: Option<String>,
    /// Working days to the first possible start, 0 to 365.
    pub lead_days: i32,
    /// Working days from receipt to report, 1 to 365.
    pub turnaround_days: Option<i32>,
    /// The same where it is urgent.
    pub urgent_turnaround_days: Option<i32>,
    /// Least quantity of one request.
    pub quantity_min: Option<i32>,
    /// Most of one request.
    pub quantity_max: Option<i32>,
    /// Free text.
    pub conditions: Option<String>,
    /// First date.
    pub valid_from: Option<NaiveDate>,
    /// Last date.
    pub valid_to: Option<NaiveDate>,
}

/// Edits of the terms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermsEdit {
    /// What is counted.
    pub unit: Option<String>,
    /// What the price is for.
    pub price_basis: Option<PriceBasis>,
    /// Price in yuan.
    pub price_amount: Patch<String>,
    /// Working days to the first possible start.
    pub lead_days: Option<i32>,
    /// Working days from receipt to report.
    pub turnaround_days: Patch<i32>,
    /// The same where it is urgent.
    pub urgent_turnaround_days: Patch<i32>,
    /// Least quantity of one request.
    pub quantity_min: Patch<i32>,
    /// Most of one request.
    pub quantity_max: Patch<i32>,
    /// Free text.
    pub conditions: Patch<String>,
    /// First date.
    pub valid_from: Patch<NaiveDate>,
    /// Last date.
    pub valid_to: Patch<NaiveDate>,
}

impl Terms {
    /// The terms of a row.
    pub fn of(row: &Model) -> Self {
        Self {
            unit: row.unit.clone(),
            price_basis: row.price_basis,
            price_amount: row.price_amount.clone(),
            lead_days: row.lead_days,
            turnaround_days: row.turnaround_days,
            urgent_turnaround_days: row.urgent_turnaround_days,
            quantity_min: row.quantity_min,
            quantity_max: row.quantity_max,
            conditions: row.conditions.clone(),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        }
    }

    /// The terms after an edit.
    pub fn edited(self, edit: TermsEdit) -> Self {
        Self {
            unit: edit.unit.unwrap_or(self.unit),
            price_basis: edit.price_basis.unwrap_or(self.price_basis),
            price_amount: edit.price_amount.over(self.price_amount),
            lead_days: edit.lead_days.unwrap_or(self.lead_days),
            turnaround_days: edit.turnaround_days.over(self.turnaround_days),
            urgent_turnaround_days: edit.urgent_turnaround_days.over(self.urgent_turnaround_days),
            quantity_min: edit.quantity_min.over(self.quantity_min),
            quantity_max: edit.quantity_max.over(self.quantity_max),
            conditions: edit.conditions.over(self.conditions),
            valid_from: edit.valid_from.over(self.valid_from),
            valid_to: edit.valid_to.over(self.valid_to),
        }
    }

    /// The terms in good form, with every problem noted.
    pub fn checked(self, p: &mut Problems, kind: OfferingKind) -> Self {
        days(p, "input.leadDays", Some(self.lead_days), 0);
        self.turnaround(p, kind);
        quantities(p, self.quantity_min, self.quantity_max);
        text::ordered(p, "input.validTo", self.valid_from, self.valid_to);
        let charged = !matches!(self.price_basis, PriceBasis::Free | PriceBasis::OnRequest);
        if self.price_amount.is_some() && !charged {
            let message = format!("Nothing is charged by {}; leave the amount out.", self.price_basis.word());
            p.add("input.priceAmount", "AMOUNT_WITHOUT_BASIS", message);
        }
        Self {
            unit: text::required(p, "input.unit", &self.unit, UNIT),
            price_amount: self.price_amount.map(|given| amount(p, "input.priceAmount", &given)),
            conditions: text::optional(p, "input.conditions", self.conditions, text::FREE),
            ..self
        }
    }

    fn turnaround(&self, p: &mut Problems, kind: OfferingKind) {
        days(p, "input.turnaroundDays", self.turnaround_days, 1);
        days(p, "input.urgentTurnaroundDays", self.urgent_turnaround_days, 1);
        if self.turnaround_days.is_none() && kind == OfferingKind::Testing {
            p.add("input.turnaroundDays", "REQUIRED", "Say in how many working days a report is ready.");
        }
        match (self.turnaround_days, self.urgent_turnaround_days) {
            (Some(usual), Some(urgent)) if urgent > usual => {
                p.add("input.urgentTurnaroundDays", "URGENT_SLOWER", format!("Choose at most {usual}."));
            }
            (None, Some(_)) => {
                p.add("input.urgentTurnaroundDays", "URGENT_ALONE", "Give the usual turnaround as well.");
            }
            _ => {}
        }
    }

    /// Puts the terms into a row.
    pub fn into_row(self, row: &mut Model) {
        row.unit = self.unit;
        row.price_basis = self.price_basis;
        row.price_amount = self.price_amount;
        row.lead_days = self.lead_days;
        row.turnaround_days = self.turnaround_days;
        row.urgent_turnaround_days = self.urgent_turnaround_days;
        row.quantity_min = self.quantity_min;
        row.quantity_max = self.quantity_max;
        row.conditions = self.conditions;
        row.valid_from = self.valid_from;
        row.valid_to = self.valid_to;
    }
}

fn days(p: &mut Problems, path: &str, days: Option<i32>, least: i32) {
    if days.is_some_and(|days| !(least..=MOST_DAYS).contains(&days)) {
        p.add(path, "OUT_OF_RANGE", format!("Give {least} to {MOST_DAYS} working days."));
    }
}

fn quantities(p: &mut Problems, least: Option<i32>, most: Option<i32>) {
    for (path, quantity) in [("input.quantityMin", least), ("input.quantityMax", most)] {
        if quantity.is_some_and(|quantity| quantity < 1) {
            p.add(path, "OUT_OF_RANGE", "Give 1 or more.");
        }
    }
    if let (Some(least), Some(most)) = (least, most)
        && most < least
    {
        p.add("input.quantityMax", "QUANTITIES_REVERSED", format!("Choose {least} or more."));
    }
}

/// A price with two digits behind the point; `path` is where it stands in the input.
pub fn amount(p: &mut Problems, path: &str, given: &str) -> String {
    let given = given.trim();
    let (whole, part) = given.split_once('.').unwrap_or((given, "00"));
    let formed = [(whole, MOST_DIGITS), (part, 2)]
        .iter()
        .all(|(digits, most)| (1..=*most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()));
    if !formed {
        p.add(path, "AMOUNT_FORM", "Write yuan with at most two digits behind the point, such as 120.50.");
        return given.to_owned();
    }
    let whole = whole.trim_start_matches('0');
    format!("{}.{part:0<2}", if whole.is_empty() { "0" } else { whole })
}
