//! Going through the lines that a question may find, once: what passes is counted, and the first of them are kept.
//!
//! Lines of one competence stand together in a part of the index, so the lines of a question are runs, and what is read
//! of each is a number and a bit: who holds it, and whether it is in force. Everything else was decided before, once for
//! each competence and holder.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::{
    rank::{Rank, Ranked},
    rule::{Candidate, Rule},
    tally::{Part, Tally},
    way::{self, Scores},
};
use crate::search::index::Snapshot;

/// Below so many lines a second thread costs more than it brings.
const ALONE: u64 = 40_000;
/// From so many lines on it is worth its while to mark the holders whose lines may be among the first.
const MANY: u64 = 10_000;
/// How many times as long a line takes that is looked up by its site, apart from the others.
const APART: u64 = 200;

/// What a scan found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// How many lines pass.
    pub total: u64,
    /// How many of them there are of each competence, by number.
    pub of_competence: Vec<u32>,
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
    /// Whether lines are counted by competence and holder.
    pub counts: bool,
    /// Whether the best line of each site is wanted.
    pub labs: bool,
    /// Whether it is enough to know that there is a line.
    pub any: bool,
}

/// Goes through the lines of a rule. `abandoned` ends it early, with what was found by then.
pub fn scan(snapshot: &Snapshot, rule: &Rule, wanted: &Wanted, abandoned: &AtomicBool) -> Found {
    let begin = || Tally::new(snapshot, rule, wanted);
    if rule.candidates.is_empty() || !rule.holders.any {
        return begin().found();
    }
    let lines_of = snapshot.lines_of();
    let lines = rule.candidates.iter().map(|candidate| lines_of.of(candidate.competence)).sum();
    if let Some(labs) = &rule.holders.few_labs {
        let each = snapshot.len() / (snapshot.register.labs.len() as u64).max(1) + 1;
        if labs.len() as u64 * each * APART < lines {
            return by_lab(snapshot, rule, (wanted, labs), abandoned);
        }
    }
    let way = way::shorter(snapshot, rule, wanted, (&lines_of, lines));
    let lines = way.as_ref().map_or(lines, |way| way.lines);
    // Small enough that another question need not wait long for its turn.
    let parts = if lines < ALONE || wanted.any { 1 } else { rayon::current_num_threads() * 2 };
    let each = lines.div_ceil(parts as u64).max(1);
    let candidates = way.as_ref().map_or(&rule.candidates, |way| &way.by_competence);
    let mut shares: Vec<Share<'_>> =
        shares(candidates, |one| lines_of.of(one.competence), each).into_iter().map(Share::Candidates).collect();
    if let Some(way) = &way {
        let held = snapshot.lines_held();
        let of_holder = |holder: &u32| held.0.get(*holder as usize).copied().unwrap_or(0).into();
        shares.extend(
            self::shares(&way.by_holder, of_holder, each).into_iter().map(|one| Share::Holders(one, &way.scores)),
        );
    }
    let done = |share: &Share<'_>| match share {
        Share::Candidates(candidates) if lines < MANY => begin().runs(candidates, abandoned),
        Share::Candidates(candidates) => begin().of_many().runs(candidates, abandoned),
        Share::Holders(holders, scores) => begin().holders(scores, holders, abandoned),
    };
    let ended = match shares.as_slice() {
        [share] => done(share),
        _ => shares.par_iter().map(done).reduce_with(Tally::and).unwrap_or_else(begin),
    };
    ended.found()
}

/// A part of what is gone through.
enum Share<'a> {
    /// The lines of these competences.
    Candidates(&'a [Candidate]),
    /// Of these holders.
    Holders(&'a [u32], &'a Scores),
}

/// Divides a list into parts of about as many lines each.
fn shares<T>(all: &[T], lines: impl Fn(&T) -> u64, each: u64) -> Vec<&[T]> {
    let (mut shares, mut from, mut held) = (Vec::new(), 0, 0);
    for (at, one) in all.iter().enumerate() {
        held += lines(one);
        if held >= each {
            shares.push(&all[from..=at]);
            (from, held) = (at + 1, 0);
        }
    }
    if from < all.len() {
        shares.push(&all[from..]);
    }
    shares
}

/// Goes through the lines of a few sites.
pub fn by_lab(snapshot: &Snapshot, rule: &Rule, (wanted, labs): (&Wanted, &[u32]), abandoned: &AtomicBool) -> Found {
    let mut tally = Tally::new(snapshot, rule, wanted);
    for segment in &snapshot.segments {
        let in_force = segment.in_force(&snapshot.register, rule.on);
        let part = Part { segment, in_force: &in_force };
        for lab in labs {
            if abandoned.load(Ordering::Relaxed) {
                break;
            }
            // A part that cannot be read has nothing to say; the follower notices and builds anew.
            for line in segment.of_lab(*lab).unwrap_or_default() {
                let competence = segment.competence(line);
                if let Ok(at) = rule.candidates.binary_search_by_key(&competence, |each| each.competence) {
                    tally.run(part, rule.candidates[at], (line, line + 1));
                }
            }
        }
    }
    tally.found()
}
