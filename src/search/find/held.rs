//! Going through the lines of holders, of all that they test: one number and one bit of each, as in the other order.

use std::{
    ops::Range,
    sync::atomic::{AtomicBool, Ordering},
};

use super::{available::LineAt, rule::Looked, tally::Tally, way::Scores};
use crate::search::index::{ByHolder, InForce, Segment, number};

/// A part of the index in the order of its holders.
struct Held<'a> {
    segment: &'a Segment,
    by_holder: &'a ByHolder,
    in_force: &'a InForce,
    gone: &'a [u32],
}

/// What was found of some lines of a holder.
#[derive(Default)]
struct Stretch {
    passing: u32,
    /// The best score of any.
    best: u32,
    /// The place of a line that may be among the first, and its score.
    stopped: Option<(usize, u32)>,
}

/// What nobody has looked up.
const PLAIN: Looked = Looked { tier: 0, terms: None };

impl Tally<'_> {
    /// The lines of some holders, by the scores of their competences.
    pub(super) fn holders(mut self, scores: &Scores, holders: &[u32], abandoned: &AtomicBool) -> Self {
        for segment in &self.snapshot.segments {
            let in_force = segment.in_force_by_holder(&self.snapshot.register, self.rule.on);
            let all =
                Held { segment, by_holder: segment.by_holder(), in_force: &in_force, gone: segment.gone_by_holder() };
            for holder in holders {
                if abandoned.load(Ordering::Relaxed) {
                    return self;
                }
                let Some((of_competence, more)) = scores.of(self.rule.classes()[*holder as usize]) else { continue };
                self.held(&all, *holder, (of_competence, more, scores.most));
            }
        }
        self
    }

    fn held(&mut self, all: &Held<'_>, holder: u32, (scores, more, most): (&[u32], u32, u32)) {
        let mut left = all.by_holder.of_holder(holder);
        let (mut passing, mut best) = (0, 0);
        while !left.is_empty() {
            // They become fewer with each line that is put in its place.
            let among_first = self.scores_among_first(holder, more, most);
            let gone = |place: usize| all.gone.binary_search(&number(place as u64)).is_ok();
            let stretch = match all.gone.is_empty() {
                true => self.stretch(all, left.clone(), (scores, &among_first), |_| 1),
                false => self.stretch(all, left.clone(), (scores, &among_first), |place| u32::from(!gone(place))),
            };
            passing += stretch.passing;
            best = best.max(stretch.best);
            let Some((place, score)) = stretch.stopped else { break };
            if let Some(line) = all.segment.line_at(holder, place) {
                let competence = all.by_holder.competences()[place];
                let at = LineAt { segment: all.segment, line, competence, holder, span: all.segment.span(line) };
                self.place(at, score + more, PLAIN);
            }
            left.start = place + 1;
        }
        if best > 0 {
            let (first, second) = self.key(holder, best + more, PLAIN);
            self.note_best((first, second, self.tie(holder)), holder);
        }
        self.found.total += u64::from(passing);
        if self.wanted.counts && passing > 0 {
            self.found.of_holder[holder as usize] += passing;
        }
    }

    /// Counts lines up to the first that may be among the first.
    fn stretch(
        &mut self,
        all: &Held<'_>,
        places: Range<usize>,
        (scores, among_first): (&[u32], &Range<u32>),
        is_there: impl Fn(usize) -> u32,
    ) -> Stretch {
        let mut stretch = Stretch::default();
        let counts = self.found.of_competence.as_mut_slice();
        let counted = self.wanted.counts;
        for (place, competence) in places.clone().zip(&all.by_holder.competences()[places]) {
            let score = scores[*competence as usize];
            let one = u32::from(score > 0) & all.in_force.is(place) & is_there(place);
            stretch.passing += one;
            if counted {
                counts[*competence as usize] += one;
            }
            stretch.best = stretch.best.max(score * one);
            if among_first.contains(&score) && one == 1 {
                stretch.stopped = Some((place, score));
                break;
            }
        }
        stretch
    }

    /// The scores of competences with which a line of a holder may be among the first. What is better lies before those that are
    /// wanted: on a late page that is most of it.
    fn scores_among_first(&self, holder: u32, more: u32, most: u32) -> Range<u32> {
        let tie = self.tie(holder);
        let place = |score: u32| {
            let (first, second) = self.key(holder, score + more, PLAIN);
            (first, second, tie)
        };
        if self.wanted.lines == 0 || !self.best.reaches(place(most)) {
            return 0..0;
        }
        // A better score is an earlier place; and a competence that is not meant has none.
        let least = first(1..most, |score| self.best.reaches(place(score)));
        let end = first(least..most + 1, |score| self.best.is_passed(place(score)));
        least..end
    }
}

/// The first number of a range from which on something is so, or its end.
fn first(range: Range<u32>, is_so: impl Fn(u32) -> bool) -> u32 {
    let Range { mut start, mut end } = range;
    while start < end {
        let middle = start.midpoint(end);
        if is_so(middle) { end = middle } else { start = middle + 1 }
    }
    start
}
