//! What is found, by site: how many lines each has, and the best of them.

use std::sync::atomic::AtomicBool;

use super::{
    Facets, Span, Understood,
    rank::{Rank, Ranked},
    scan::{self, Wanted},
};

/// A site that has lines which a question finds.
#[derive(Clone, Debug)]
pub struct FoundLab {
    /// Its place.
    pub rank: Rank,
    /// Its number.
    pub lab: u32,
    /// How many of its lines are found.
    pub count: u64,
    /// The best of them, in order.
    pub lines: Vec<Ranked>,
    /// How far it is, in metres.
    pub metres: Option<u32>,
}

/// A part of the sites that a question finds.
pub struct LabPart {
    /// The sites, in order.
    pub labs: Vec<FoundLab>,
    /// Whether sites follow.
    pub has_next: bool,
    /// Whether sites precede.
    pub has_previous: bool,
    /// How many sites there are in all.
    pub total: u64,
    /// How their lines divide.
    pub facets: Facets,
}

impl Understood {
    /// A part of the sites that have lines which it finds, each with up to `lines` of its best.
    pub fn labs(&self, span: Span, lines: usize, abandoned: &AtomicBool) -> LabPart {
        let wanted = Wanted { counts: true, labs: true, ..Wanted::default() };
        let found = scan::scan(&self.snapshot, &self.rule, &wanted, abandoned);
        let facets = self.facets(&found);
        let mut all: Vec<(Rank, u32)> = Vec::with_capacity(usize::try_from(facets.labs).unwrap_or(0));
        for (lab, key) in (0_u32..).zip(&found.best_at_lab).filter(|(_, key)| key.is_some()) {
            let (Some((first, second, tie)), Some(entry)) = (key, self.snapshot.register.labs.get(lab)) else {
                continue;
            };
            all.push((Rank { first: *first, second: *second, tie: *tie, line: entry.id.as_u128() }, lab));
        }
        let total = all.len() as u64;
        all.retain(|(rank, _)| {
            span.after.is_none_or(|after| *rank > after) && span.before.is_none_or(|before| *rank < before)
        });
        let more = all.len() > span.limit;
        all.sort_unstable();
        let from = if span.backward { all.len().saturating_sub(span.limit) } else { 0 };
        let shown = all.into_iter().skip(from).take(span.limit);
        let mut labs: Vec<FoundLab> = shown
            .map(|(rank, lab)| FoundLab {
                rank,
                lab,
                count: 0,
                lines: self.lines_of(lab, lines, abandoned),
                metres: None,
            })
            .collect();
        for lab in &mut labs {
            let holders = self.snapshot.register.holders_of.get(lab.lab).map_or(&[][..], Vec::as_slice);
            lab.count = holders
                .iter()
                .filter_map(|one| found.of_holder.get(*one as usize))
                .map(|count| u64::from(*count))
                .sum();
            lab.metres = self.metres(lab.lab);
        }
        let (has_next, has_previous) =
            if span.backward { (span.before.is_some(), more) } else { (more, span.after.is_some()) };
        LabPart { labs, has_next, has_previous, total, facets }
    }

    /// The best lines of a site.
    pub(super) fn lines_of(&self, lab: u32, lines: usize, abandoned: &AtomicBool) -> Vec<Ranked> {
        if lines == 0 {
            return Vec::new();
        }
        let wanted = Wanted { lines, ..Wanted::default() };
        scan::by_lab(&self.snapshot, &self.rule, (&wanted, &[lab]), abandoned).first
    }

    /// The id of a site by its number.
    pub fn lab_id(&self, lab: u32) -> uuid::Uuid {
        self.snapshot.register.labs.get(lab).map_or(uuid::Uuid::nil(), |lab| lab.id)
    }
}
