//! What is offered for a line, to whoever asks.

use chrono::NaiveDate;
use entity::enums::{OfferingKind, OfferingStatus, Visibility};

use super::holders::sees;
use crate::{
    capacity::availability::model::{Exclusions, Reason, Window},
    platform::access::Visible,
    search::register::{Offering, Register},
};

/// The best that is offered for a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Working days to the first possible start.
    pub lead: u32,
    /// Working days from receipt to report; the most where it is not said.
    pub turnaround: u32,
}

/// What is asked of offerings.
pub struct Offered<'a> {
    register: &'a Register,
    visible: &'a Visible,
    window: Window,
    quantity: Option<u32>,
}

impl<'a> Offered<'a> {
    /// To somebody, over a window, of so much.
    pub fn to(register: &'a Register, visible: &'a Visible, window: Window, quantity: Option<u32>) -> Self {
        Self { register, visible, window, quantity }
    }

    /// The offerings of a site for testing, as far as they may be seen.
    fn of_lab(&self, lab: u32) -> impl Iterator<Item = (u32, &'a Offering)> {
        let numbers = self.register.offerings_of.get(lab).map_or(&[][..], Vec::as_slice).iter();
        let offerings = numbers.filter_map(|number| Some((*number, self.register.offerings.get(*number)?)));
        offerings.filter(|(_, one)| one.kind == Some(OfferingKind::Testing) && self.is_seen(one))
    }

    fn is_seen(&self, one: &Offering) -> bool {
        let agency = self.register.text(one.agency);
        let visibility = match self.visible {
            _ if !one.was_opened => Visibility::Own,
            Visible::Partner(code) if one.shown_to.iter().any(|named| self.register.text(*named) == code.as_str()) => {
                Visibility::Partner
            }
            _ => one.visibility,
        };
        sees(self.visible, agency, visibility)
    }

    fn is_open(&self, one: &Offering) -> bool {
        one.status == OfferingStatus::Active
            && NaiveDate::from(one.valid_from) <= self.window.first
            && NaiveDate::from(one.valid_to) >= self.window.last
    }

    fn takes(&self, one: &Offering) -> bool {
        self.quantity.is_none_or(|asked| {
            one.quantity.0.is_none_or(|least| least <= asked) && one.quantity.1.is_none_or(|most| asked <= most)
        })
    }

    /// What stands in the way, where no offering for a line is open and takes the quantity.
    pub fn exclusions(&self, (lab, field, line): (u32, u32, u128), found: &mut Exclusions) {
        let first = self.window.first;
        let of_line: Vec<&Offering> =
            self.of_lab(lab).map(|(_, one)| one).filter(|one| covers(one, field, line)).collect();
        let open: Vec<&&Offering> = of_line.iter().filter(|one| self.is_open(one)).collect();
        if open.iter().any(|one| self.takes(one)) {
            return;
        }
        if !open.is_empty() {
            found.add(Reason::QuantityOutOfRange, first);
        } else if of_line.iter().any(|one| one.status == OfferingStatus::Paused) {
            found.add(Reason::OfferingPaused, first);
        } else {
            // Of one that ends within the window, the day behind its last.
            let ends =
                of_line.iter().filter(|one| one.status == OfferingStatus::Active && one.valid_from <= first.into());
            let last = ends.map(|one| NaiveDate::from(one.valid_to.next())).filter(|day| *day > first).max();
            found.add(Reason::NoOffering, last.unwrap_or(first));
        }
    }

    /// The best terms that are open for a line.
    pub fn terms(&self, (lab, field, line): (u32, u32, u128)) -> Option<Terms> {
        OpenOffering::best(&self.open(lab), self.register, (field, line))
    }

    /// Everything that is offered and open, by site.
    pub fn all(&self) -> Vec<Vec<OpenOffering>> {
        self.register.labs.iter().map(|(lab, _)| self.open(lab)).collect()
    }

    fn open(&self, lab: u32) -> Vec<OpenOffering> {
        let all = self.of_lab(lab).filter(|(_, one)| self.is_open(one) && self.takes(one));
        all.map(|(number, one)| OpenOffering {
            number,
            terms: Terms { lead: one.lead, turnaround: one.turnaround.unwrap_or(super::UNKNOWN) },
        })
        .collect()
    }
}

/// An offering that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenOffering {
    number: u32,
    terms: Terms,
}

impl OpenOffering {
    /// The best terms of these for a line.
    pub fn best(all: &[Self], register: &Register, (field, line): (u32, u128)) -> Option<Terms> {
        let covering = all
            .iter()
            .filter(|one| register.offerings.get(one.number).is_some_and(|offering| covers(offering, field, line)));
        covering.map(|one| one.terms).min_by_key(|terms| (terms.turnaround, terms.lead))
    }
}

/// Whether an offering is for a line: it names it, or its field, or nothing and so covers the whole site.
fn covers(one: &Offering, field: u32, line: u128) -> bool {
    match (one.fields.is_empty(), one.lines.is_empty()) {
        (true, true) => true,
        (false, _) => one.fields.contains(&field),
        (true, false) => one.lines.binary_search(&line).is_ok(),
    }
}
