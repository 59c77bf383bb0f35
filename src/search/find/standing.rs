//! What stands in the way of lines and sites that are named, rather than searched for.

use std::{collections::BTreeMap, sync::Arc};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    available::{LineAt, exclusions},
    holders::sees,
    offered::Offered,
    question::Wanted,
};
use crate::{
    capacity::availability::model::{Exclusion, Reason},
    platform::access::Visible,
    search::{
        index::{Segment, Snapshot},
        register::Shelf,
    },
};

/// A line with what stands in its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineStanding {
    /// The line.
    pub id: Uuid,
    /// Everything that stands in its way; nothing where it is available.
    pub exclusions: Vec<Exclusion>,
}

/// A site with what stands in the way of its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabStanding {
    /// The site.
    pub id: Uuid,
    /// How many of its lines are in force on the first day and may be seen.
    pub lines: u64,
    /// How many of them are available.
    pub available: u64,
    /// Each reason with the first day on which it bites, and the number of lines that it stands in the way of.
    pub exclusions: Vec<(Exclusion, u64)>,
}

/// Who asks about which window.
pub struct Asking<'a> {
    /// The state of the index.
    pub snapshot: &'a Arc<Snapshot>,
    /// What may be seen.
    pub visible: &'a Visible,
    /// The window, and how much is wanted.
    pub wanted: Wanted,
}

impl Asking<'_> {
    /// Each line that is in force on the first day of the window and may be seen.
    pub fn lines(&self, ids: &[Uuid]) -> Vec<LineStanding> {
        let mut found = Vec::new();
        for id in ids {
            let places = self.snapshot.segments.iter().flat_map(|segment| {
                let lines = segment.of_line(id.as_u128()).unwrap_or_default();
                lines.into_iter().map(move |line| (&**segment, line))
            });
            let at = places.map(|(segment, line)| line_at(segment, line)).find(|at| self.counts(at));
            found.extend(at.map(|at| LineStanding { id: *id, exclusions: self.exclusions(at) }));
        }
        found
    }

    /// Each site that has lines which may be seen.
    pub fn labs(&self, ids: &[Uuid]) -> Vec<LabStanding> {
        let numbered = ids.iter().filter_map(|id| Some((*id, self.snapshot.numbers.get(Shelf::Lab, *id)?)));
        numbered.map(|(id, lab)| self.lab(id, lab)).filter(|lab| lab.lines > 0).collect()
    }

    fn lab(&self, id: Uuid, lab: u32) -> LabStanding {
        let mut standing = LabStanding { id, lines: 0, available: 0, exclusions: Vec::new() };
        let mut reasons: BTreeMap<Reason, (NaiveDate, u64)> = BTreeMap::new();
        for segment in &self.snapshot.segments {
            for line in segment.of_lab(lab).unwrap_or_default() {
                let at = line_at(segment, line);
                if segment.is_gone(line) || !self.counts(&at) {
                    continue;
                }
                standing.lines += 1;
                let found = self.exclusions(at);
                standing.available += u64::from(found.is_empty());
                for Exclusion { reason, from } in found {
                    let known = reasons.entry(reason).or_insert((from, 0));
                    *known = (known.0.min(from), known.1 + 1);
                }
            }
        }
        standing.exclusions =
            reasons.into_iter().map(|(reason, (from, lines))| (Exclusion { reason, from }, lines)).collect();
        standing
    }

    fn exclusions(&self, at: LineAt<'_>) -> Vec<Exclusion> {
        let register = &self.snapshot.register;
        let offered = Offered::to(register, self.visible, self.wanted.window, self.wanted.quantity);
        let offered = offered.counting(self.snapshot.free());
        exclusions(register, at, self.wanted.window, &offered).into_sorted()
    }

    /// Whether a revision is the one in force on the first day, and may be seen with its site.
    fn counts(&self, at: &LineAt<'_>) -> bool {
        let register = &self.snapshot.register;
        let first = self.wanted.window.first.into();
        let in_force = register.spans.get(at.span).is_some_and(|span| span.from <= first && first < span.to);
        let Some(holder) = register.holders.get(at.holder) else { return false };
        let Some(lab) = register.labs.get(holder.lab) else { return false };
        let sees = |agency: u32, visibility| sees(self.visible, register.text(agency), visibility);
        in_force
            && sees(holder.agency, holder.visibility)
            && sees(lab.agency, lab.visibility)
            && sees(lab.institution_agency, lab.institution_visibility)
    }
}

fn line_at(segment: &Segment, line: u32) -> LineAt<'_> {
    LineAt {
        segment,
        line,
        competence: segment.competence(line),
        holder: segment.holders()[line as usize],
        span: segment.span(line),
    }
}
