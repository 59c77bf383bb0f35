//! The lines of annexes: a walk through the catalogue of the lab's fields, with the revisions that standards bring.

use chrono::NaiveDate;
use entity::{
    FOREVER, competence_scope as line,
    enums::{ScopeVersionReason, Visibility},
    ids::ScopeId,
    lab, scope_version,
};

use super::{
    catalogue::{Edition, Entry, Field},
    certificate::Certificate,
    ids::Kind,
    institution::{House, entered},
    plan::Plan,
    random::Random,
};
use crate::directory::scope::serial::sort_key;

const DOMAIN: u64 = 3;

/// A line with what the catalogue knows of it.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its revisions, the last one last.
    pub revisions: Vec<line::Model>,
    /// Where it comes from.
    pub entry: &'static Entry,
}

/// The lines of one lab. `lab` is its place within the institution; the first line of the institution has the id 0.
pub fn all(plan: &Plan, house: &House, lab: usize, certificates: &[Certificate]) -> Vec<Line> {
    let (first_lab, _) = plan.labs_of(house.place);
    let (first_line, _) = plan.lines_of(first_lab);
    let (from, to) = plan.lines_of(first_lab + lab as u64);
    let mut random = Random::stream(plan.size().seed, DOMAIN, first_lab + lab as u64);
    let mut walk = Walk::new(&house.fields, to - from, &mut random);
    let mut lines = Vec::with_capacity(usize::try_from(to - from).unwrap_or(0));
    for number in from..to {
        let Some(step) = walk.next(number - from) else { break };
        let certificate = &certificates[share(number - from, to - from, certificates.len())];
        let id = ScopeId(plan.ids(house.place).id(Kind::Scope, number - first_line));
        let at = Writing { plan, house, lab: &house.labs[lab], certificate, id };
        lines.push(at.written(&step, &mut random));
    }
    lines
}

/// The first certificate has the front of the annex, the others the back: a quarter each.
fn share(at: u64, count: u64, certificates: usize) -> usize {
    let quarter = usize::try_from(at * 4 / count.max(1)).unwrap_or(0);
    (quarter + certificates).saturating_sub(4)
}

/// One step of a walk.
struct Step {
    entry: &'static Entry,
    field: &'static Field,
    serial: String,
    object: String,
}

/// Goes through the entries of the fields one after the other, from a place of its own; long walks go round.
struct Walk<'a> {
    fields: &'a [&'static Field],
    starts: Vec<u64>,
    each: u64,
    heading: Option<(u64, u64)>,
    numbers: (u64, u64),
}

impl<'a> Walk<'a> {
    fn new(fields: &'a [&'static Field], count: u64, random: &mut Random) -> Self {
        let starts = fields.iter().map(|field| random.below(field.entries.len() as u64)).collect();
        Self { fields, starts, each: count.div_ceil(fields.len() as u64).max(1), heading: None, numbers: (0, 0) }
    }

    fn next(&mut self, at: u64) -> Option<Step> {
        let which = usize::try_from(at / self.each).ok()?;
        let (field, start) = (*self.fields.get(which)?, *self.starts.get(which)?);
        let (within, length) = (at % self.each, field.entries.len() as u64);
        let entry = &field.entries[usize::try_from((start + within) % length).ok()?];
        let round = within / length;
        let heading = (which as u64 * 1_000 + round, entry.heading);
        if self.heading != Some(heading) {
            let opened = if within == 0 { 1 } else { self.numbers.0 + 1 };
            (self.heading, self.numbers) = (Some(heading), (opened, 0));
        }
        self.numbers.1 += 1;
        let serial = format!("{}.{}.{}", which + 1, self.numbers.0, self.numbers.1);
        Some(Step { entry, field, serial, object: object(entry, field, round) })
    }
}

/// The object; in later rounds with what sets it apart.
fn object(entry: &Entry, field: &Field, round: u64) -> String {
    let kinds = field.variants.len() as u64;
    let Some(later) = round.checked_sub(1) else { return entry.object.to_owned() };
    let variant = field.variants[usize::try_from(later % kinds).unwrap_or(0)];
    match later / kinds {
        0 => format!("{}（{variant}）", entry.object),
        more => format!("{}（{variant}{}类）", entry.object, more + 1),
    }
}

/// Where a line stands.
struct Writing<'a> {
    plan: &'a Plan,
    house: &'a House,
    lab: &'a lab::Model,
    certificate: &'a Certificate,
    id: ScopeId,
}

impl Writing<'_> {
    fn written(&self, step: &Step, random: &mut Random) -> Line {
        let editions = &self.certificate.editions;
        let third = editions.get(2);
        let opening = if third.is_some() && random.percent(20) { &editions[1] } else { &editions[0] };
        let newest = step.entry.editions.len() - 1;
        let cited = if newest > 0 && random.percent(45) { newest - 1 } else { newest };
        let mut revisions = vec![self.first(step, opening, &step.entry.editions[cited], random)];
        if let Some(third) = third {
            self.revise(&mut revisions, third, (cited < newest).then(|| &step.entry.editions[newest]), random);
        }
        Line { revisions, entry: step.entry }
    }

    fn first(&self, step: &Step, opening: &scope_version::Model, cited: &Edition, random: &mut Random) -> line::Model {
        let group = step.entry.group;
        let clause = (!group.clauses.is_empty()).then(|| *random.pick(group.clauses));
        let limits = (!group.limits.is_empty() && random.percent(35)).then(|| (*random.pick(group.limits)).to_owned());
        let undated = random.percent(2);
        let number = if undated { &cited.undated } else { &cited.printed };
        let hidden = random.percent(3);
        line::Model {
            id: self.id,
            revision: 1,
            scope_version_id: opening.id,
            certificate_id: opening.certificate_id,
            lab_id: self.lab.id,
            agency: self.house.row.agency.clone(),
            serial_key: sort_key(&step.serial),
            serial: step.serial.clone(),
            field: step.field.name.to_owned(),
            object: step.object.clone(),
            parameter: step.entry.parameter.to_owned(),
            method: method(number, clause),
            standard_key: Some(cited.key.clone()),
            standard_year: cited.year.filter(|_| !undated),
            clause: clause.map(str::to_owned),
            limits,
            remarks: random.percent(5).then(|| "演示数据".to_owned()),
            visibility: if hidden { Visibility::Own } else { self.lab.visibility },
            effective_from: opening.dated,
            effective_to: FOREVER,
            recorded_at: entered(opening.dated, self.plan),
        }
    }

    /// What the third edition does to a line: follows its standard, corrects it, takes it away, or nothing.
    fn revise(
        &self,
        revisions: &mut Vec<line::Model>,
        third: &scope_version::Model,
        newest: Option<&Edition>,
        random: &mut Random,
    ) {
        let drawn = random.below(100);
        let Some(last) = revisions.last_mut() else { return };
        let next = match third.reason {
            ScopeVersionReason::Reduction if drawn < 8 => {
                last.effective_to = third.dated;
                return;
            }
            ScopeVersionReason::Correction if drawn < 6 => {
                line::Model { remarks: Some("更正录入（演示数据）".to_owned()), ..last.clone() }
            }
            ScopeVersionReason::StandardChange | ScopeVersionReason::Reassessment if drawn < 65 => {
                let Some(newest) = newest else { return };
                line::Model {
                    method: method(&newest.printed, last.clause.as_deref()),
                    standard_key: Some(newest.key.clone()),
                    standard_year: newest.year,
                    remarks: Some("标准变更（演示数据）".to_owned()),
                    ..last.clone()
                }
            }
            _ => return,
        };
        last.effective_to = third.dated;
        revisions.push(placed(next, third, third.dated, self.plan));
    }
}

fn placed(next: line::Model, edition: &scope_version::Model, from: NaiveDate, plan: &Plan) -> line::Model {
    line::Model {
        revision: next.revision + 1,
        scope_version_id: edition.id,
        effective_from: from,
        effective_to: FOREVER,
        recorded_at: entered(from, plan),
        ..next
    }
}

fn method(number: &str, clause: Option<&str>) -> String {
    clause.map_or_else(|| number.to_owned(), |clause| format!("{number} {clause}"))
}
