//! Counting the lines of candidates, and putting the first of them in order.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{
    available::LineAt,
    marked::{MARK, Marked},
    rank::{Best, Rank, Ranked},
    rule::{Candidate, Looked, Rule},
    scan::{Found, Wanted},
};
use crate::search::index::{InForce, Segment, Snapshot};

/// What was found of some candidates so far.
pub(super) struct Tally<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) rule: &'a Rule,
    pub(super) wanted: &'a Wanted,
    pub(super) best: Best,
    pub(super) found: Found,
    /// The score of a line of the candidate under way, by class of its holder; none where it is not found.
    scores: Vec<Option<u32>>,
    /// 1 where it is found, else 0.
    counts: Vec<u32>,
    /// Which of these lines may be among the first: those whose site has drawn no more than this.
    limits: Vec<Option<u64>>,
    /// Where many lines are gone through.
    marked: Option<Marked>,
}

/// Lines of one competence that stand together.
struct Lines<'a> {
    part: Part<'a>,
    from: u32,
    holders: &'a [u32],
    competence: u32,
}

impl<'a> Lines<'a> {
    /// Each line with its holder.
    fn each(&self) -> impl Iterator<Item = (u32, u32)> + use<'a> {
        (self.from..).zip(self.holders.iter().copied())
    }

    fn is_there(&self, line: u32) -> bool {
        self.part.in_force.is(line as usize) == 1 && !self.part.segment.is_gone(line)
    }

    fn at(&self, (line, holder): (u32, u32)) -> LineAt<'a> {
        let segment = self.part.segment;
        LineAt { segment, line, competence: self.competence, holder, span: segment.span(line) }
    }
}

/// A part of the index, with which of its lines are in force.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) segment: &'a Segment,
    pub(super) in_force: &'a InForce,
}

impl<'a> Tally<'a> {
    /// Nothing so far.
    pub(super) fn new(snapshot: &'a Snapshot, rule: &'a Rule, wanted: &'a Wanted) -> Self {
        let counted = |count: usize| if wanted.counts { vec![0; count] } else { Vec::new() };
        let found = Found {
            of_competence: counted(snapshot.register.competences.len()),
            of_holder: counted(snapshot.register.holders.len()),
            best_at_lab: if wanted.labs { vec![None; snapshot.register.labs.len()] } else { Vec::new() },
            ..Found::default()
        };
        let best = Best::new(wanted.lines, wanted.after, wanted.before);
        Self {
            snapshot,
            rule,
            wanted,
            best,
            found,
            scores: Vec::new(),
            counts: Vec::new(),
            limits: Vec::new(),
            marked: None,
        }
    }

    /// For many lines, so that marking those that may be among the first is worth its while.
    pub(super) fn of_many(mut self) -> Self {
        self.marked = Some(Marked::all(self.rule.classes()));
        self
    }

    /// The lines of all candidates. Both they and the runs of a part are in the order of competences.
    pub(super) fn runs(mut self, candidates: &[Candidate], abandoned: &AtomicBool) -> Self {
        for segment in &self.snapshot.segments {
            let in_force = segment.in_force(&self.snapshot.register, self.rule.on);
            let part = Part { segment, in_force: &in_force };
            let (runs, mut place) = (segment.runs(), 0);
            for candidate in candidates {
                place = reached(runs, place, candidate.competence);
                let Some((competence, from)) = runs.get(place) else { break };
                if *competence == candidate.competence {
                    self.run(part, *candidate, (*from, segment.end(place)));
                }
                if abandoned.load(Ordering::Relaxed) || self.wanted.any && self.found.total > 0 {
                    return self;
                }
            }
        }
        self
    }

    /// The lines of a candidate from `from` on up to `to`.
    pub(super) fn run(&mut self, part: Part<'_>, candidate: Candidate, (from, to): (u32, u32)) {
        let rule = self.rule;
        self.decide(candidate);
        let holders = &part.segment.holders()[from as usize..to as usize];
        let lines = Lines { part, from, holders, competence: candidate.competence };
        let passing = if rule.more.is_some() { self.look(&lines) } else { self.count_and_order(&lines) };
        self.found.total += u64::from(passing);
        if self.wanted.counts {
            self.found.of_competence[candidate.competence as usize] += passing;
        }
    }

    /// Counts lines of which nothing but their class matters, and puts those in their place that may be among the first.
    fn count_and_order(&mut self, lines: &Lines<'_>) -> u32 {
        let widest = self.widest_limit();
        if let (Some(limit), Some(marked)) = (widest, &mut self.marked) {
            marked.move_to(limit, &self.rule.holders.sites);
        }
        let segment = lines.part.segment;
        let (passing, marked) = match segment.has_gone() {
            true => self.count(lines, |line| u32::from(!segment.is_gone(line))),
            false => self.count(lines, |_| 1),
        };
        if widest.is_some() && (marked || self.marked.is_none()) {
            self.order(lines);
        }
        passing
    }

    /// Decides once what is the same for all lines of a candidate and a class.
    fn decide(&mut self, candidate: Candidate) {
        let rule = self.rule;
        self.scores.clear();
        self.scores.push(None);
        for (words, more) in rule.answered() {
            let is_enough = (candidate.words | words).count_ones() >= rule.words;
            self.scores.push(is_enough.then_some(candidate.score + more));
        }
        self.counts.clear();
        self.counts.extend(self.scores.iter().map(|score| u32::from(score.is_some())));
        self.limits.clear();
        for at in 0..self.scores.len() {
            self.limits.push(self.limit(at));
        }
    }

    /// Up to which number that a site has drawn a line of a class may be among the first.
    fn limit(&self, class: usize) -> Option<u64> {
        let score = self.scores[class]?;
        if self.wanted.labs || !self.rule.is_plain() {
            return (self.wanted.labs || self.wanted.lines > 0).then_some(u64::MAX);
        }
        let (first, second) = self.rule.order.key(Looked { tier: 0, terms: None }, score, 0);
        if self.wanted.lines > 0 { self.best.limit(first, second) } else { None }
    }

    /// Up to which number that its site has drawn a line may be among the first, of whatever class.
    fn widest_limit(&self) -> Option<u64> {
        self.limits.iter().flatten().copied().max()
    }

    /// Counts lines of which nothing but their class matters, without a branch that a processor could guess wrong: there
    /// are millions of them. Tells too whether any of them is of a holder that is marked.
    fn count(&mut self, lines: &Lines<'_>, is_there: impl Fn(u32) -> u32) -> (u32, bool) {
        let classes = self.marked.as_ref().map_or(self.rule.classes(), Marked::classes);
        let (counts, in_force) = (self.counts.as_slice(), lines.part.in_force);
        let (mut passing, mut marks) = (0, 0);
        let mut passes = |line: u32, holder: u32| {
            let class = classes[holder as usize];
            let one = counts[(class & !MARK) as usize] & in_force.is(line as usize) & is_there(line);
            passing += one;
            marks |= class & one.wrapping_neg();
            one
        };
        if self.wanted.counts {
            let of_holder = self.found.of_holder.as_mut_slice();
            lines.each().for_each(|(line, holder)| of_holder[holder as usize] += passes(line, holder));
        } else {
            lines.each().for_each(|(line, holder)| {
                passes(line, holder);
            });
        }
        (passing, marks & MARK != 0)
    }

    /// Puts lines that were counted in their place, where they may be among the first.
    fn order(&mut self, lines: &Lines<'_>) {
        let rule = self.rule;
        let Some(mut widest) = self.widest_limit() else { return };
        for (line, holder) in lines.each() {
            if rule.holders.sites.ties[holder as usize] > widest {
                continue;
            }
            let class = rule.classes()[holder as usize] as usize;
            let (Some(score), Some(_)) = (self.scores[class], self.limits[class]) else { continue };
            if !lines.is_there(line) {
                continue;
            }
            self.place(lines.at((line, holder)), score, Looked { tier: 0, terms: None });
            self.limits[class] = self.limit(class);
            match self.widest_limit() {
                Some(limit) => widest = limit,
                None => return,
            }
        }
    }

    /// Counts lines that have to be looked at one by one, and puts them in their place.
    fn look(&mut self, lines: &Lines<'_>) -> u32 {
        let rule = self.rule;
        let mut passing = 0;
        for (line, holder) in lines.each() {
            let class = rule.classes()[holder as usize] as usize;
            let Some(score) = self.scores[class].filter(|_| lines.is_there(line)) else { continue };
            let looked = match &rule.more {
                None => Looked { tier: 0, terms: None },
                Some(more) => match more.look(&self.snapshot.register, lines.at((line, holder)), self.lab(holder)) {
                    Some(looked) => looked,
                    None => continue,
                },
            };
            passing += 1;
            if self.wanted.counts {
                self.found.of_holder[holder as usize] += 1;
            }
            if self.limits[class].is_some() {
                self.place(lines.at((line, holder)), score, looked);
            }
        }
        passing
    }

    fn lab(&self, holder: u32) -> u32 {
        self.rule.holders.sites.labs.get(holder as usize).copied().unwrap_or(0)
    }

    /// Puts a line in its place among the first.
    pub(super) fn place(&mut self, at: LineAt<'_>, score: u32, looked: Looked) {
        let tie = self.tie(at.holder);
        let (first, second) = self.key(at.holder, score, looked);
        self.note_best((first, second, tie), at.holder);
        if self.wanted.lines > 0 {
            self.best.offer(first, second, tie, || Ranked {
                rank: Rank { first, second, tie, line: at.segment.line(at.line) },
                competence: at.competence,
                holder: at.holder,
                span: at.span,
                terms: looked.terms,
                place: (at.segment.number(), at.line),
            });
        }
    }

    /// Notes the best place of any line at a site, where that is wanted.
    pub(super) fn note_best(&mut self, place: (u64, u64, u64), holder: u32) {
        if self.wanted.labs {
            let lab = self.lab(holder) as usize;
            let best = self.found.best_at_lab[lab].get_or_insert(place);
            *best = (*best).min(place);
        }
    }

    pub(super) fn key(&self, holder: u32, score: u32, looked: Looked) -> (u64, u64) {
        self.rule.order.key(looked, score, self.rule.metres(self.lab(holder)))
    }

    pub(super) fn tie(&self, holder: u32) -> u64 {
        self.rule.holders.sites.ties.get(holder as usize).copied().unwrap_or(0)
    }

    /// What two found that have gone through different lines.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.found.total += other.found.total;
        for (own, more) in self.found.of_competence.iter_mut().zip(other.found.of_competence) {
            *own += more;
        }
        for (own, more) in self.found.of_holder.iter_mut().zip(other.found.of_holder) {
            *own += more;
        }
        for (own, more) in self.found.best_at_lab.iter_mut().zip(other.found.best_at_lab) {
            *own = [*own, more].into_iter().flatten().min();
        }
        self.best = self.best.and(other.best);
        self
    }

    /// All of it.
    pub(super) fn found(mut self) -> Found {
        self.found.first = self.best.in_order();
        self.found
    }
}

/// The place of the first run from `place` on that is of a competence or of one behind it: looked for in growing steps,
/// since it is mostly near.
fn reached(runs: &[(u32, u32)], place: usize, competence: u32) -> usize {
    let (mut from, mut step) = (place, 1);
    while runs.get(from + step).is_some_and(|run| run.0 < competence) {
        from += step;
        step *= 2;
    }
    let end = (from + step).min(runs.len());
    from.min(end) + runs[from.min(end)..end].partition_point(|run| run.0 < competence)
}
