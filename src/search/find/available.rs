//! Availability of lines by what the index knows: for one line with every reason, and for many at once, where what can be
//! said of certificates, items and sites is said once and a line only looks it up. Both ask the same checks.

use std::sync::{
    OnceLock,
    atomic::{AtomicU8, Ordering},
};

use chrono::NaiveDate;
use entity::enums::Standing;

use super::offered::Offered;
use crate::{
    capacity::availability::model::{self, CalibrationFact, CertificateFact, Exclusions, Reason, Window},
    search::{
        index::Segment,
        register::{Certificate, Equipment, Holder, Link, Register, Span},
    },
};

/// A line by its numbers, and where it stands in the index.
#[derive(Clone, Copy)]
pub struct LineAt<'a> {
    /// The part of the index.
    pub segment: &'a Segment,
    /// The line in it.
    pub line: u32,
    /// What is tested and how.
    pub competence: u32,
    /// Who holds it.
    pub holder: u32,
    /// When it is in force.
    pub span: u32,
}

/// Everything that stands in the way of one line.
pub fn exclusions(register: &Register, at: LineAt<'_>, window: Window, offered: &Offered<'_>) -> Exclusions {
    let mut found = Exclusions::default();
    let (Some(holder), Some(span)) = (register.holders.get(at.holder), register.spans.get(at.span)) else {
        return found;
    };
    of_holder(register, holder, window, &mut found);
    of_span(*span, window, &mut found);
    for link in at.segment.equipment(at.line).map(Link::unpacked).filter(|link| touches(*link, window)) {
        if let Some(item) = register.equipment.get(link.to) {
            of_equipment(item, window, &mut found);
        }
    }
    let field = register.competences.get(at.competence).map_or(0, |competence| competence.field);
    let people = at.segment.signatories(at.line).map(Link::unpacked);
    of_signatories(register, (holder.lab, field), people, window, &mut found);
    offered.exclusions((holder.lab, field, at.segment.line(at.line)), &mut found);
    found
}

/// The site takes part, and its certificate is in force and covers it.
fn of_holder(register: &Register, holder: &Holder, window: Window, found: &mut Exclusions) {
    if let Some(lab) = register.labs.get(holder.lab) {
        model::standing(lab.standing, window, found);
    }
    if let Some(certificate) = register.certificates.get(holder.certificate) {
        of_certificate(certificate, window, found);
        let covers = certificate.covers.iter().filter(|cover| cover.0 == holder.lab);
        let spans = covers.map(|(_, from, to)| ((*from).into(), (*to).into()));
        model::covered(spans, window, Reason::SiteNotCovered, found);
    }
}

fn of_certificate(certificate: &Certificate, window: Window, found: &mut Exclusions) {
    let facts = certificate.revisions.iter().map(|one| CertificateFact {
        span: (one.from.into(), one.to.into()),
        valid: (one.valid_from.into(), one.valid_to.into()),
        status: one.status,
    });
    model::certificate(facts, window, found);
}

fn of_span(span: Span, window: Window, found: &mut Exclusions) {
    model::covered([(span.from.into(), span.until.into())], window, Reason::ScopeNotInForce, found);
}

pub(super) fn of_equipment(item: &Equipment, window: Window, found: &mut Exclusions) {
    let revisions = item.revisions.iter().map(|one| (one.from.into(), one.to.into(), one.status));
    model::service(revisions, window, found);
    let calibrations: Vec<CalibrationFact> = item
        .calibrations
        .iter()
        .map(|(performed, due, fit)| CalibrationFact { performed: (*performed).into(), due: (*due).into(), fit: *fit })
        .collect();
    model::calibration(&calibrations, window, found);
}

/// On every day somebody may sign: those of the site for the field, and those named for the line.
fn of_signatories(
    register: &Register,
    (lab, field): (u32, u32),
    named: impl Iterator<Item = Link>,
    window: Window,
    found: &mut Exclusions,
) {
    let own = register.signatories_of.get(lab).map_or(&[][..], Vec::as_slice).iter();
    let own = own
        .filter_map(|number| register.signatories.get(*number))
        .filter(|one| one.standing == Standing::Active && (one.fields.is_empty() || one.fields.contains(&field)));
    let mut spans: Vec<(NaiveDate, NaiveDate)> =
        own.map(|one| (one.valid_from.into(), one.valid_to.next().into())).collect();
    spans.extend(named.filter_map(|link| {
        let one = register.signatories.get(link.to).filter(|one| one.standing == Standing::Active)?;
        Some((one.valid_from.max(link.from).into(), one.valid_to.next().min(link.until).into()))
    }));
    model::covered(spans, window, Reason::NoSignatory, found);
}

fn touches(link: Link, window: Window) -> bool {
    NaiveDate::from(link.from) <= window.last && NaiveDate::from(link.until) > window.first
}

/// What was found out of certificates, items and sites over a window, each when it was first asked for; shared by all
/// questions about that window.
pub struct Availability {
    window: Window,
    holders: Known,
    spans: Known,
    equipment: Known,
    /// By site: the fields for which somebody may sign on every day.
    signed: Vec<OnceLock<Box<[u32]>>>,
}

/// Whether nothing stands in the way, by number: 0 where nobody has asked yet, 1 where not, 2 where nothing does.
pub(super) struct Known(Vec<AtomicU8>);

impl Known {
    pub(super) fn of(count: usize) -> Self {
        Self(std::iter::repeat_with(AtomicU8::default).take(count).collect())
    }

    pub(super) fn get(&self, number: u32, check: impl FnOnce(&mut Exclusions)) -> bool {
        let Some(place) = self.0.get(number as usize) else { return false };
        match place.load(Ordering::Relaxed) {
            0 => {
                let mut found = Exclusions::default();
                check(&mut found);
                place.store(if found.is_empty() { 2 } else { 1 }, Ordering::Relaxed);
                found.is_empty()
            }
            known => known == 2,
        }
    }
}

impl Availability {
    /// Over a window, for one state of the register.
    pub fn over(register: &Register, window: Window) -> Self {
        Self {
            window,
            holders: Known::of(register.holders.len()),
            spans: Known::of(register.spans.len()),
            equipment: Known::of(register.equipment.len()),
            signed: std::iter::repeat_with(OnceLock::new).take(register.labs.len()).collect(),
        }
    }

    /// Whether nothing stands in the way of a line.
    pub fn is_free(&self, register: &Register, at: LineAt<'_>) -> bool {
        let window = self.window;
        let (Some(holder), Some(span)) = (register.holders.get(at.holder), register.spans.get(at.span)) else {
            return false;
        };
        self.spans.get(at.span, |found| of_span(*span, window, found))
            && self.holders.get(at.holder, |found| of_holder(register, holder, window, found))
            && at.segment.equipment(at.line).map(Link::unpacked).filter(|link| touches(*link, window)).all(|link| {
                let item = register.equipment.get(link.to);
                item.is_some_and(|item| self.equipment.get(link.to, |found| of_equipment(item, window, found)))
            })
            && self.is_signed(register, holder.lab, at)
    }

    fn is_signed(&self, register: &Register, lab: u32, at: LineAt<'_>) -> bool {
        let field = register.competences.get(at.competence).map_or(0, |competence| competence.field);
        let Some(place) = self.signed.get(lab as usize) else { return false };
        if place.get_or_init(|| signed(register, lab, self.window)).contains(&field) {
            return true;
        }
        let mut named = at.segment.signatories(at.line).map(Link::unpacked).peekable();
        if named.peek().is_none() {
            return false;
        }
        let mut found = Exclusions::default();
        of_signatories(register, (lab, field), named, self.window, &mut found);
        found.is_empty()
    }
}

/// The fields for which somebody at a site may sign on every day of a window.
fn signed(register: &Register, lab: u32, window: Window) -> Box<[u32]> {
    let is_signed = |field: &u32| {
        let mut found = Exclusions::default();
        of_signatories(register, (lab, *field), std::iter::empty(), window, &mut found);
        found.is_empty()
    };
    register.fields.iter().copied().filter(is_signed).collect()
}
