//! The shortest way through the lines of a question: by what is tested, by who holds it, or part by the one and part by the
//! other.
//!
//! A word that names of sites have, such as 水, means every line of these sites whatever is tested, besides the lines in which it
//! stands; and conditions on sites mean every line of some. Going through what is tested would be going through everything.

use super::{
    rule::{Candidate, Rule},
    scan::Wanted,
};
use crate::search::index::{LinesHeld, LinesOf, Snapshot};

/// Below this part of all lines it does not matter.
const MANY: u64 = 50;
/// From so many lines on that were taken out of a part, telling them apart in the order of holders takes too long.
const MOST_GONE: u32 = 20_000;
/// More tables of scores are not made for one question.
const MOST_TABLES: usize = 8;

/// Which lines are gone through in which order; both together are all lines that may be found, each of them once.
pub(super) struct Way {
    /// These in the order of what is tested.
    pub(super) by_competence: Vec<Candidate>,
    /// The lines of these holders.
    pub(super) by_holder: Vec<u32>,
    /// And the scores with which they are found.
    pub(super) scores: Scores,
    /// How many lines that is in all.
    pub(super) lines: u64,
}

/// With which score a line is found, by competence; one table for each set of words that sites answer.
pub(super) struct Scores {
    /// The table of each class of holders, and what its sites add; none where no line of it is found here.
    of_class: Vec<Option<(usize, u32)>>,
    tables: Vec<Vec<u32>>,
    /// The highest of all.
    pub(super) most: u32,
}

impl Scores {
    /// The scores of the lines of a class by their competences, 0 where they are not found, and what the class adds to them.
    pub(super) fn of(&self, class: u32) -> Option<(&[u32], u32)> {
        let (table, more) = self.of_class.get(class as usize).copied().flatten()?;
        Some((self.tables.get(table)?, more))
    }
}

/// The shortest way, where it is another than going through all that is tested.
pub(super) fn shorter(
    snapshot: &Snapshot,
    rule: &Rule,
    wanted: &Wanted,
    (lines_of, lines): (&LinesOf, u64),
) -> Option<Way> {
    let is_simple = rule.more.is_none() && wanted.before.is_none() && !wanted.any;
    if lines < snapshot.len() / MANY || !is_simple || snapshot.segments.iter().any(|segment| segment.gone() > MOST_GONE)
    {
        return None;
    }
    let held = snapshot.lines_held();
    let is_enough = |candidate: &Candidate, words: u32| (candidate.words | words).count_ones() >= rule.words;
    let sum = |candidates: &[Candidate]| -> u64 { candidates.iter().map(|one| lines_of.of(one.competence)).sum() };
    let alone: Vec<Candidate> = rule.candidates.iter().copied().filter(|one| is_enough(one, 0)).collect();
    let all = holders(rule, &held, |_| true);
    let of_words = holders(rule, &held, |words| words != 0);
    let (by_all, divided) = (all.1, sum(&alone) + of_words.1);
    let shortest = lines.min(by_all).min(divided);
    // What is set up for it has to be worth its while.
    if shortest > lines / 4 * 3 {
        return None;
    }
    let (by_competence, (by_holder, _)) = if by_all <= divided { (Vec::new(), all) } else { (alone, of_words) };
    let others = rule.candidates.iter().filter(|one| by_competence.is_empty() || !is_enough(one, 0));
    let scores = scores(snapshot, rule, &others.copied().collect::<Vec<_>>(), is_enough)?;
    Some(Way { by_competence, by_holder, scores, lines: shortest })
}

/// The holders that may be found and whose sites answer such words, and how many lines they have.
fn holders(rule: &Rule, held: &LinesHeld, is_wanted: impl Fn(u32) -> bool) -> (Vec<u32>, u64) {
    let classes: Vec<bool> =
        [false].into_iter().chain(rule.answered().iter().map(|(words, _)| is_wanted(*words))).collect();
    let wanted = (0..).zip(rule.classes()).filter(|(_, class)| classes.get(**class as usize).copied().unwrap_or(false));
    let holders: Vec<u32> = wanted.map(|(holder, _)| holder).collect();
    let lines = holders.iter().map(|holder| u64::from(held.0.get(*holder as usize).copied().unwrap_or(0))).sum();
    (holders, lines)
}

fn scores(
    snapshot: &Snapshot,
    rule: &Rule,
    candidates: &[Candidate],
    is_enough: impl Fn(&Candidate, u32) -> bool,
) -> Option<Scores> {
    let mut sets: Vec<u32> = rule.answered().iter().map(|(words, _)| *words).collect();
    sets.sort_unstable();
    sets.dedup();
    if sets.len() > MOST_TABLES {
        return None;
    }
    let of_words = |words: u32| {
        let mut scores = vec![0; snapshot.register.competences.len()];
        for candidate in candidates.iter().filter(|one| is_enough(one, words)) {
            scores[candidate.competence as usize] = candidate.score;
        }
        scores
    };
    let of_class = rule.answered().iter().map(|(words, more)| Some((sets.binary_search(words).ok()?, *more)));
    Some(Scores {
        of_class: [None].into_iter().chain(of_class).collect(),
        tables: sets.iter().map(|words| of_words(*words)).collect(),
        most: candidates.iter().map(|one| one.score).max().unwrap_or(0),
    })
}
