//! Going through the lines that a question may find, once: what passes is counted, and the first of them are kept.
//!
//! Lines of one competence stand together in a part of the index, so the lines of a question are runs, and what is read
//! of each is two numbers: who holds it, and when it is in force. Everything else was decided before, once for each
//! competence, holder and span.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::{
    available::LineAt,
    rank::{Best, Rank, Ranked},
    rule::{Candidate, Looked, Rule},
};
use crate::search::index::{Segment, Snapshot, number};

/// Lines looked at with one call into a column.
const STRETCH: u32 = 1_024;
/// Lines between two runs that are rather read than left out: a call into a column costs about as much.
const GAP: u32 = 48;
/// Below so many lines a second thread costs more than it brings.
const ALONE: u64 = 40_000;
/// Where so few sites may be meant, their own lines may be gone through.
pub const FEW_LABS: usize = 2_000;
/// How many times as long a line takes that is looked up by its site, apart from the others.
const APART: u64 = 6;

/// What a scan found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// How many lines pass.
    pub total: u64,
    /// How many of them there are of each candidate, in the order of the candidates.
    pub of_candidate: Vec<u32>,
    /// How many of them there are of each holder, by number.
    pub of_holder: Vec<u32>,
    /// The place of the best of them at each site, but for the line itself, by number.
    pub best_at_lab: Vec<Option<(u64, u64, u64)>>,
    /// The first of them, in order.
    pub first: Vec<Ranked>,
}

/// What is wanted of a scan.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// How many of the first lines.
    pub lines: usize,
    /// Only lines behind this place.
    pub after: Option<Rank>,
    /// Only lines before this place, and of these the last.
    pub before: Option<Rank>,
    /// Whether lines are counted by candidate and holder.
    pub counts: bool,
    /// Whether the best line of each site is wanted.
    pub labs: bool,
    /// Whether it is enough to know that there is a line.
    pub any: bool,
}

/// A piece of work: lines of one candidate in one part.
#[derive(Clone, Copy, Debug)]
struct Run {
    segment: u32,
    candidate: u32,
    from: u32,
    to: u32,
}

/// Goes through the lines of a rule. `abandoned` ends it early, with what was found by then.
pub fn scan(snapshot: &Snapshot, rule: &Rule, wanted: &Wanted, abandoned: &AtomicBool) -> Found {
    if rule.candidates.is_empty() || !rule.holders.any {
        return Scan::new(snapshot, rule, wanted).found();
    }
    let runs = runs(snapshot, rule);
    let lines: u64 = runs.iter().map(|run| u64::from(run.to - run.from)).sum();
    if let Some(labs) = &rule.holders.few_labs {
        let each = snapshot.len() / (snapshot.register.labs.len() as u64).max(1) + 1;
        if labs.len() as u64 * each * APART < lines {
            return by_lab(snapshot, rule, (wanted, labs), abandoned);
        }
    }
    // Small enough that another question need not wait long for its turn.
    let parts = if lines < ALONE || wanted.any { 1 } else { rayon::current_num_threads() * 2 };
    let shares = shares(&runs, lines, parts);
    let work = |share: &[Run]| {
        let mut scan = Scan::new(snapshot, rule, wanted);
        let mut rest = share;
        while !(rest.is_empty() || abandoned.load(Ordering::Relaxed) || wanted.any && scan.found.total > 0) {
            let (near, others) = rest.split_at(near(rest));
            scan.stretch(near);
            rest = others;
        }
        scan
    };
    let ended = match shares.as_slice() {
        [] => Scan::new(snapshot, rule, wanted),
        [share] => work(share),
        _ => shares.par_iter().map(|share| work(share)).reduce_with(Scan::and).unwrap_or_else(|| work(&[])),
    };
    ended.found()
}

/// Where the lines of each candidate stand.
fn runs(snapshot: &Snapshot, rule: &Rule) -> Vec<Run> {
    let mut runs = Vec::new();
    for (segment, part) in (0_u32..).zip(&snapshot.segments) {
        let mut add = |candidate: usize, from: u32, to: u32| {
            if from < to {
                runs.push(Run { segment, candidate: u32::try_from(candidate).unwrap_or(u32::MAX), from, to });
            }
        };
        // Both lists are in the order of competences; the shorter one leads.
        if rule.candidates.len() * 16 < part.runs().len() {
            for (at, candidate) in rule.candidates.iter().enumerate() {
                let (from, to) = part.run(candidate.competence);
                add(at, from, to);
            }
            continue;
        }
        let mut at = 0;
        for (place, (competence, from)) in part.runs().iter().enumerate() {
            while rule.candidates.get(at).is_some_and(|candidate| candidate.competence < *competence) {
                at += 1;
            }
            if rule.candidates.get(at).is_some_and(|candidate| candidate.competence == *competence) {
                add(at, *from, part.runs().get(place + 1).map_or(part.len(), |next| next.1));
            }
        }
    }
    runs
}

/// How many of the first runs stand so near one another that they are read together.
fn near(runs: &[Run]) -> usize {
    let apart = |pair: &[Run]| {
        pair[0].segment != pair[1].segment
            || pair[1].from.saturating_sub(pair[0].to) > GAP
            || pair[1].to - runs[0].from > STRETCH
    };
    runs.windows(2).position(apart).map_or(runs.len(), |at| at + 1)
}

/// Divides runs into parts of about as many lines each.
fn shares(runs: &[Run], lines: u64, parts: usize) -> Vec<Vec<Run>> {
    let each = lines.div_ceil(parts.max(1) as u64).max(1);
    let (mut shares, mut share, mut held) = (Vec::with_capacity(parts), Vec::new(), 0);
    for run in runs {
        let mut run = *run;
        while held + u64::from(run.to - run.from) > each {
            let cut = run.from + u32::try_from(each - held).unwrap_or(0);
            share.push(Run { to: cut, ..run });
            run.from = cut;
            shares.push(std::mem::take(&mut share));
            held = 0;
        }
        held += u64::from(run.to - run.from);
        share.push(run);
    }
    if !share.is_empty() {
        shares.push(share);
    }
    shares
}

/// Goes through the lines of a few sites.
pub fn by_lab(snapshot: &Snapshot, rule: &Rule, (wanted, labs): (&Wanted, &[u32]), abandoned: &AtomicBool) -> Found {
    let mut scan = Scan::new(snapshot, rule, wanted);
    for segment in &snapshot.segments {
        for lab in labs {
            if abandoned.load(Ordering::Relaxed) {
                break;
            }
            // A part that cannot be read has nothing to say; the follower notices and builds anew.
            for line in segment.of_lab(*lab).unwrap_or_default() {
                let competence = segment.competence(line);
                if let Ok(at) = rule.candidates.binary_search_by_key(&competence, |each| each.competence) {
                    scan.line(segment, (line, at), segment.holder(line), segment.span(line));
                }
            }
        }
    }
    scan.found()
}

struct Scan<'a> {
    snapshot: &'a Snapshot,
    rule: &'a Rule,
    wanted: &'a Wanted,
    best: Best,
    found: Found,
    holders: Box<[u64; STRETCH as usize]>,
    spans: Box<[u64; STRETCH as usize]>,
}

impl<'a> Scan<'a> {
    fn new(snapshot: &'a Snapshot, rule: &'a Rule, wanted: &'a Wanted) -> Self {
        let counted = |count: usize| if wanted.counts { vec![0; count] } else { Vec::new() };
        let found = Found {
            of_candidate: counted(rule.candidates.len()),
            of_holder: counted(rule.holders.passes.len()),
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
            holders: Box::new([0; STRETCH as usize]),
            spans: Box::new([0; STRETCH as usize]),
        }
    }

    /// Reads runs that stand near one another, as [`near`] says, with as few calls as can be.
    fn stretch(&mut self, runs: &[Run]) {
        let (Some(first), Some(last)) = (runs.first(), runs.last()) else { return };
        let segment = &*self.snapshot.segments[first.segment as usize];
        let mut from = first.from;
        let mut rest = runs;
        while from < last.to {
            let count = (last.to - from).min(STRETCH);
            segment.holders(from, &mut self.holders[..count as usize]);
            segment.spans(from, &mut self.spans[..count as usize]);
            let end = from + count;
            while let Some(run) = rest.first().filter(|run| run.from < end) {
                self.part(segment, run, (from, run.from.max(from), run.to.min(end)));
                if run.to > end {
                    break;
                }
                rest = &rest[1..];
            }
            from = end;
        }
    }

    /// The lines of a run from `first` on up to `end`, of a stretch that begins at `from`.
    fn part(&mut self, segment: &Segment, run: &Run, (from, first, end): (u32, u32, u32)) {
        let rule = self.rule;
        let at = run.candidate as usize;
        if !rule.is_plain() || self.wanted.labs {
            for line in first..end {
                let (holder, span) = self.read(line - from);
                self.line(segment, (line, at), holder, span);
            }
            return;
        }
        // What is the same for all of them is decided once.
        let candidate = rule.candidates[at];
        let looked = Looked { tier: 0, terms: None };
        let (major, minor) = rule.order.key(looked, candidate.score, 0);
        let is_wanted = self.wanted.lines > 0 && !self.best.is_beyond(major, minor);
        let has_gone = segment.has_gone();
        let mut passing = 0;
        for line in first..end {
            let (holder, span) = self.read(line - from);
            if !rule.holders.passes[holder as usize] || !rule.spans[span as usize] || has_gone && segment.is_gone(line)
            {
                continue;
            }
            passing += 1;
            if self.wanted.counts {
                self.found.of_holder[holder as usize] += 1;
            }
            if is_wanted {
                let tie = rule.holders.ties[holder as usize];
                let (competence, number) = (candidate.competence, segment.number());
                self.best.offer(major, minor, tie, || Ranked {
                    rank: Rank { first: major, second: minor, tie, line: segment.line(line) },
                    competence,
                    holder,
                    span,
                    terms: None,
                    place: (number, line),
                });
            }
        }
        self.found.total += u64::from(passing);
        if self.wanted.counts {
            self.found.of_candidate[at] += passing;
        }
    }

    fn read(&self, at: u32) -> (u32, u32) {
        (number(self.holders[at as usize]), number(self.spans[at as usize]))
    }

    fn line(&mut self, segment: &Segment, (line, at): (u32, usize), holder: u32, span: u32) {
        let rule = self.rule;
        let candidate: &Candidate = &rule.candidates[at];
        if !rule.holders.passes[holder as usize]
            || !rule.spans[span as usize]
            || segment.has_gone() && segment.is_gone(line)
        {
            return;
        }
        let lab = self.snapshot.register.holders.get(holder).map_or(0, |holder| holder.lab);
        let (words, more_score) = rule.lab_words.of(lab);
        if rule.words > 0 && (candidate.words | words).count_ones() < rule.words {
            return;
        }
        let mut looked = Looked { tier: 0, terms: None };
        if let Some(more) = &rule.more {
            let at = LineAt { segment, line, competence: candidate.competence, holder, span };
            let Some(found) = more.look(&self.snapshot.register, at, lab) else { return };
            looked = found;
        }
        self.found.total += 1;
        if self.wanted.counts {
            self.found.of_candidate[at] += 1;
            self.found.of_holder[holder as usize] += 1;
        }
        if !self.wanted.labs && self.wanted.lines == 0 {
            return;
        }
        let (first, second) = rule.order.key(looked, candidate.score + more_score, rule.metres(lab));
        let tie = rule.holders.ties[holder as usize];
        if self.wanted.labs {
            let best = self.found.best_at_lab[lab as usize].get_or_insert((first, second, tie));
            *best = (*best).min((first, second, tie));
        }
        if self.wanted.lines > 0 {
            self.best.offer(first, second, tie, || Ranked {
                rank: Rank { first, second, tie, line: segment.line(line) },
                competence: candidate.competence,
                holder,
                span,
                terms: looked.terms,
                place: (segment.number(), line),
            });
        }
    }

    fn and(mut self, other: Self) -> Self {
        self.found.total += other.found.total;
        for (own, more) in self.found.of_candidate.iter_mut().zip(other.found.of_candidate) {
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

    fn found(mut self) -> Found {
        self.found.first = self.best.in_order();
        self.found
    }
}
