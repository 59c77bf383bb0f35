//! Counting the lines of candidates, and putting the first of them in order.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{
    available::LineAt,
    rank::{Best, Rank, Ranked},
    rule::{Candidate, Looked, Rule},
    scan::{Found, Wanted},
};
use crate::search::index::{Segment, Snapshot};

/// What was found of some candidates so far.
pub(super) struct Tally<'a> {
    snapshot: &'a Snapshot,
    rule: &'a Rule,
    wanted: &'a Wanted,
    candidates: &'a [Candidate],
    best: Best,
    found: Found,
    /// The score of a line of the candidate under way, by class of its holder; none where it is not found.
    scores: Vec<Option<u32>>,
    /// 1 where it is found, else 0.
    counts: Vec<u32>,
    /// Which of these lines may be among the first: those whose site has drawn no more than this.
    limits: Vec<Option<u64>>,
}

/// Lines of one competence that stand together.
struct Lines<'a> {
    segment: &'a Segment,
    from: u32,
    holders: &'a [u32],
    spans: &'a [u32],
}

impl<'a> Tally<'a> {
    /// Nothing so far.
    pub(super) fn new(snapshot: &'a Snapshot, rule: &'a Rule, wanted: &'a Wanted, candidates: &'a [Candidate]) -> Self {
        let counted = |count: usize| if wanted.counts { vec![0; count] } else { Vec::new() };
        let found = Found {
            of_candidate: counted(candidates.len()),
            of_holder: counted(snapshot.register.holders.len()),
            best_at_lab: if wanted.labs { vec![None; snapshot.register.labs.len()] } else { Vec::new() },
            ..Found::default()
        };
        let best = Best::new(wanted.lines, wanted.after, wanted.before);
        Self {
            snapshot,
            rule,
            wanted,
            candidates,
            best,
            found,
            scores: Vec::new(),
            counts: Vec::new(),
            limits: Vec::new(),
        }
    }

    /// The lines of all candidates. Both they and the runs of a part are in the order of competences.
    pub(super) fn runs(mut self, abandoned: &AtomicBool) -> Self {
        for segment in &self.snapshot.segments {
            let (runs, mut place) = (segment.runs(), 0);
            for (at, candidate) in self.candidates.iter().enumerate() {
                place = reached(runs, place, candidate.competence);
                let Some((competence, from)) = runs.get(place) else { break };
                if *competence == candidate.competence {
                    self.run(segment, at, (*from, segment.end(place)));
                }
                if abandoned.load(Ordering::Relaxed) || self.wanted.any && self.found.total > 0 {
                    return self;
                }
            }
        }
        self
    }

    /// The lines of a candidate from `from` on up to `to`.
    pub(super) fn run(&mut self, segment: &Segment, at: usize, (from, to): (u32, u32)) {
        let rule = self.rule;
        let candidate = self.candidates[at];
        self.decide(candidate);
        let stretch = from as usize..to as usize;
        let lines =
            Lines { segment, from, holders: &segment.holders()[stretch.clone()], spans: &segment.spans()[stretch] };
        let passing = if rule.more.is_some() {
            self.look(&lines, candidate.competence)
        } else {
            let passing = if segment.has_gone() {
                self.count(&lines, |line| u32::from(!segment.is_gone(line)))
            } else {
                self.count(&lines, |_| 1)
            };
            self.order(&lines, candidate.competence);
            passing
        };
        self.found.total += u64::from(passing);
        if self.wanted.counts {
            self.found.of_candidate[at] += passing;
        }
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

    /// Counts lines of which nothing but their class matters, without a branch that a processor could guess wrong: there
    /// are millions of them.
    fn count(&mut self, lines: &Lines<'_>, is_there: impl Fn(u32) -> u32) -> u32 {
        let (classes, counts, in_force) = (self.rule.classes(), self.counts.as_slice(), self.rule.spans.as_slice());
        let passes = |line: u32, holder: u32, span: u32| {
            counts[classes[holder as usize] as usize] & u32::from(in_force[span as usize]) & is_there(line)
        };
        let all = (lines.from..).zip(lines.holders.iter().zip(lines.spans));
        if !self.wanted.counts {
            return all.map(|(line, (holder, span))| passes(line, *holder, *span)).sum();
        }
        let (mut passing, of_holder) = (0, self.found.of_holder.as_mut_slice());
        for (line, (holder, span)) in all {
            let one = passes(line, *holder, *span);
            passing += one;
            of_holder[*holder as usize] += one;
        }
        passing
    }

    /// Puts lines that were counted in their place, where they may be among the first.
    fn order(&mut self, lines: &Lines<'_>, competence: u32) {
        let rule = self.rule;
        let widest = |limits: &[Option<u64>]| limits.iter().flatten().copied().max();
        let Some(mut widest_limit) = widest(&self.limits) else { return };
        for (line, (holder, span)) in (lines.from..).zip(lines.holders.iter().zip(lines.spans)) {
            if rule.holders.sites.ties[*holder as usize] > widest_limit {
                continue;
            }
            let class = rule.classes()[*holder as usize] as usize;
            let (Some(score), Some(_)) = (self.scores[class], self.limits[class]) else { continue };
            if !rule.spans[*span as usize] || lines.segment.is_gone(line) {
                continue;
            }
            let at = LineAt { segment: lines.segment, line, competence, holder: *holder, span: *span };
            self.place(at, score, Looked { tier: 0, terms: None });
            self.limits[class] = self.limit(class);
            match widest(&self.limits) {
                Some(limit) => widest_limit = limit,
                None => return,
            }
        }
    }

    /// Counts lines that have to be looked at one by one, and puts them in their place.
    fn look(&mut self, lines: &Lines<'_>, competence: u32) -> u32 {
        let rule = self.rule;
        let mut passing = 0;
        for (line, (holder, span)) in (lines.from..).zip(lines.holders.iter().zip(lines.spans)) {
            let class = rule.classes()[*holder as usize] as usize;
            let Some(score) = self.scores[class] else { continue };
            if !rule.spans[*span as usize] || lines.segment.is_gone(line) {
                continue;
            }
            let at = LineAt { segment: lines.segment, line, competence, holder: *holder, span: *span };
            let looked = match &rule.more {
                None => Looked { tier: 0, terms: None },
                Some(more) => match more.look(&self.snapshot.register, at, self.lab(*holder)) {
                    Some(looked) => looked,
                    None => continue,
                },
            };
            passing += 1;
            if self.wanted.counts {
                self.found.of_holder[*holder as usize] += 1;
            }
            if self.limits[class].is_some() {
                self.place(at, score, looked);
            }
        }
        passing
    }

    fn lab(&self, holder: u32) -> u32 {
        self.rule.holders.sites.labs.get(holder as usize).copied().unwrap_or(0)
    }

    /// Puts a line in its place among the first.
    fn place(&mut self, at: LineAt<'_>, score: u32, looked: Looked) {
        let (rule, lab) = (self.rule, self.lab(at.holder));
        let (first, second) = rule.order.key(looked, score, rule.metres(lab));
        let tie = rule.holders.sites.ties.get(at.holder as usize).copied().unwrap_or(0);
        if self.wanted.labs {
            let best = self.found.best_at_lab[lab as usize].get_or_insert((first, second, tie));
            *best = (*best).min((first, second, tie));
        }
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

    /// What two found of which the other had the candidates behind those of this.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.found.total += other.found.total;
        self.found.of_candidate.extend(other.found.of_candidate);
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
