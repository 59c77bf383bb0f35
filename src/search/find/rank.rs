//! Where a line stands among the others, by what does not change while the index moves: pages are cut by it.

use std::{cmp::Ordering, collections::BinaryHeap};

use super::{holders::UNKNOWN, offered::Terms, rule::Looked};

/// A place in an order. What is less stands before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank {
    /// What the order is named after, behind whether the line is available at all.
    pub first: u64,
    /// What decides among equals.
    pub second: u64,
    /// A number that the site has drawn once and for all, so that none stands before its equals by name or by age.
    pub tie: u64,
    /// The line.
    pub line: u128,
}

impl Rank {
    /// The place, but for the line itself.
    fn place(&self) -> (u64, u64, u64) {
        (self.first, self.second, self.tie)
    }
}

/// A line in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// The place.
    pub rank: Rank,
    /// What is tested and how.
    pub competence: u32,
    /// Who holds it.
    pub holder: u32,
    /// When it is in force.
    pub span: u32,
    /// What is offered for it, where that was looked up.
    pub terms: Option<Terms>,
    /// Part of the index and line within it.
    pub place: (u32, u32),
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank.cmp(&other.rank).then_with(|| self.place.cmp(&other.place))
    }
}

/// By what lines are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum By {
    /// How well a line answers the question.
    #[default]
    Relevance,
    /// How far its site is.
    Distance,
    /// In how many working days it is done.
    Turnaround,
    /// When it is done at the earliest.
    Soonest,
}

impl By {
    /// The two numbers of a line's place that the order decides.
    pub fn key(self, looked: Looked, score: u32, metres: u32) -> (u64, u64) {
        let worth = u64::from(u32::MAX - score);
        let days = |of: fn(&Terms) -> u32| u64::from(looked.terms.as_ref().map_or(UNKNOWN, of));
        let (first, second) = match self {
            Self::Relevance => (worth, u64::from(metres)),
            Self::Distance => (u64::from(metres), worth),
            Self::Turnaround => (days(|terms| terms.turnaround), worth),
            Self::Soonest => (days(|terms| terms.lead.saturating_add(terms.turnaround)), worth),
        };
        (u64::from(looked.tier) << 40 | first, second)
    }
}

/// The first lines of many.
pub struct Best {
    most: usize,
    after: Option<Rank>,
    before: Option<Rank>,
    /// The last of them on top. Going backwards the order is turned round.
    heap: BinaryHeap<Turned>,
    backward: bool,
}

struct Turned(Ranked, bool);

impl PartialEq for Turned {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Turned {}

impl PartialOrd for Turned {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Turned {
    fn cmp(&self, other: &Self) -> Ordering {
        let order = self.0.cmp(&other.0);
        if self.1 { order.reverse() } else { order }
    }
}

impl Best {
    /// Keeps so many lines: the first behind `after`, or the last before `before`.
    pub fn new(most: usize, after: Option<Rank>, before: Option<Rank>) -> Self {
        let backward = before.is_some();
        Self { most, after, before, heap: BinaryHeap::with_capacity(most.min(1_024) + 1), backward }
    }

    /// Takes a line where it is among them; the line itself is only made then.
    #[inline]
    pub fn offer(&mut self, first: u64, second: u64, tie: u64, line: impl FnOnce() -> Ranked) {
        let place = (first, second, tie);
        if self.is_passed(place) || self.before.is_some_and(|before| place > before.place()) {
            return;
        }
        if self.heap.len() >= self.most
            && let Some(last) = self.heap.peek()
        {
            let last = last.0.rank.place();
            if if self.backward { place < last } else { place > last } {
                return;
            }
        }
        self.insert(line());
    }

    /// Which lines of this place may be among them: those whose site has drawn no more than this. `None`: no line may.
    pub fn limit(&self, first: u64, second: u64) -> Option<u64> {
        let place = (first, second);
        let of = |rank: &Rank| (rank.first, rank.second);
        let last = (self.heap.len() >= self.most).then(|| self.heap.peek().map(|last| last.0.rank));
        let is_beyond_last = match last {
            Some(Some(last)) if self.backward => place < of(&last),
            Some(Some(last)) => place > of(&last),
            Some(None) => true,
            None => false,
        };
        if is_beyond_last
            || self.after.as_ref().is_some_and(|after| place < of(after))
            || self.before.as_ref().is_some_and(|before| place > of(before))
        {
            return None;
        }
        let tied = last.flatten().filter(|last| !self.backward && place == of(last));
        Some(tied.map_or(u64::MAX, |last| last.tie))
    }

    /// Whether a place lies before the last that is known of them, or there is room behind it. Forward only.
    pub fn reaches(&self, place: (u64, u64, u64)) -> bool {
        match self.heap.peek() {
            Some(last) if self.heap.len() >= self.most => place <= last.0.rank.place(),
            _ => self.most > 0,
        }
    }

    /// Whether a place lies before those that are wanted.
    pub fn is_passed(&self, place: (u64, u64, u64)) -> bool {
        self.after.is_some_and(|after| place < after.place())
    }

    fn insert(&mut self, line: Ranked) {
        if self.after.is_some_and(|after| line.rank <= after) || self.before.is_some_and(|before| line.rank >= before) {
            return;
        }
        self.heap.push(Turned(line, self.backward));
        if self.heap.len() > self.most {
            self.heap.pop();
        }
    }

    /// The first of both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for line in other.heap {
            self.insert(line.0);
        }
        self
    }

    /// The lines, in order.
    pub fn in_order(self) -> Vec<Ranked> {
        let mut lines: Vec<Ranked> = self.heap.into_iter().map(|turned| turned.0).collect();
        lines.sort_unstable();
        lines
    }
}
