//! What is offered for a line, to whoever asks.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::enums::{OfferingKind, OfferingStatus, Visibility};

use super::{available::Known, holders::sees};
use crate::{
    capacity::availability::model::{self, Exclusions, Reason, Window},
    platform::access::Visible,
    search::{
        follow::Free,
        register::{Offering, Register},
    },
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
    free: Arc<Free>,
}

impl<'a> Offered<'a> {
    /// To somebody, over a window, of so much; nothing counts units until it is told what is [`free`](Self::counting).
    pub fn to(register: &'a Register, visible: &'a Visible, window: Window, quantity: Option<u32>) -> Self {
        Self { register, visible, window, quantity, free: Arc::default() }
    }

    /// The same by what is free.
    pub fn counting(self, free: Arc<Free>) -> Self {
        Self { free, ..self }
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

    /// Whether so much of an offering is free over the window. What nobody counts is free.
    fn has_room(&self, one: &Offering) -> bool {
        let mut found = Exclusions::default();
        self.shortage(one, &mut found);
        found.is_empty()
    }

    fn shortage(&self, one: &Offering, found: &mut Exclusions) {
        if let Some(days) = self.days(one) {
            model::free_capacity(days, self.quantity.unwrap_or(1), self.window, found);
        }
    }

    /// What is free of each day of the window for whoever asks; none where nobody counts.
    fn days(&self, one: &Offering) -> Option<impl Iterator<Item = (NaiveDate, i32)>> {
        let owner = matches!(self.visible, Visible::Partner(own) if own.as_str() == self.register.text(one.agency));
        Some(self.free.of(one.id)?.days(self.window, (!owner, self.free.today())))
    }

    /// Units that a site has free over the window in all that is open there; none where it does not count some of them.
    pub fn limit(&self, lab: u32) -> Option<u32> {
        let open = self.of_lab(lab).map(|(_, one)| one).filter(|one| self.is_open(one));
        let units = |one: &Offering| -> Option<i64> { Some(self.days(one)?.map(|(_, free)| i64::from(free)).sum()) };
        let sum: i64 = open.map(units).sum::<Option<i64>>()?;
        Some(u32::try_from(sum.max(0)).unwrap_or(u32::MAX))
    }

    /// What stands in the way, where no offering for a line is open, takes the quantity and has it free.
    pub fn exclusions(&self, (lab, field, line): (u32, u32, u128), found: &mut Exclusions) {
        let first = self.window.first;
        let of_line: Vec<&Offering> =
            self.of_lab(lab).map(|(_, one)| one).filter(|one| covers(one, field, line)).collect();
        let open: Vec<&&Offering> = of_line.iter().filter(|one| self.is_open(one)).collect();
        let taking: Vec<&&&Offering> = open.iter().filter(|one| self.takes(one)).collect();
        if taking.iter().any(|one| self.has_room(one)) {
            return;
        }
        if !taking.is_empty() {
            // What has something for the longest time.
            let shortages = taking.iter().map(|one| {
                let mut of_one = Exclusions::default();
                self.shortage(one, &mut of_one);
                of_one.into_sorted()
            });
            let last = shortages.flatten().map(|one| one.from).max();
            found.add(Reason::NoCapacity, last.unwrap_or(first));
        } else if !open.is_empty() {
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

/// Which offerings have as much free over a window as is asked for, each looked at when it is first asked for; shared by all
/// questions of the same caller about that window and quantity.
pub struct Room {
    visible: Visible,
    window: Window,
    quantity: Option<u32>,
    free: Arc<Free>,
    known: Known,
}

impl Room {
    /// For somebody, over a window, for so much.
    pub fn over(
        register: &Register,
        visible: &Visible,
        (window, quantity): (Window, Option<u32>),
        free: Arc<Free>,
    ) -> Self {
        let known = Known::of(register.offerings.len());
        Self { visible: visible.clone(), window, quantity, free, known }
    }

    /// Whether an offering has it.
    pub fn has(&self, register: &Register, one: &OpenOffering) -> bool {
        self.known.get(one.number, |found| {
            if let Some(offering) = register.offerings.get(one.number) {
                let free = Arc::clone(&self.free);
                let offered = Offered::to(register, &self.visible, self.window, self.quantity).counting(free);
                offered.shortage(offering, found);
            }
        })
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
    pub fn best<'a>(
        all: impl IntoIterator<Item = &'a Self>,
        register: &Register,
        (field, line): (u32, u128),
    ) -> Option<Terms> {
        let covering = all
            .into_iter()
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
