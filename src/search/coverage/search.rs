//! Branch and bound over sets of labs.

use super::assign::{Assigned, assign, number};
use super::bound::{Costs, Multipliers, Node};
use super::instance::{Figure, Instance, NOBODY};

/// Steps that are left.
pub(super) struct Steps {
    pub(super) left: u64,
}

impl Steps {
    /// Takes steps; false when there are none left.
    pub(super) fn take(&mut self, count: u64) -> bool {
        let enough = self.left >= count;
        self.left = if enough { self.left - count } else { 0 };
        enough
    }

    /// True when the work was cut short.
    pub(super) fn spent(&self) -> bool {
        self.left == 0
    }
}

/// A plan with its figures in the order of the preference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) cost: [u64; 4],
    pub(super) assigned: Assigned,
    /// The labs used, ascending.
    pub(super) set: Vec<usize>,
}

impl Found {
    /// Items that have a lab.
    pub(super) fn covered(&self) -> usize {
        self.assigned.lab.iter().filter(|l| **l != NOBODY).count()
    }

    pub(super) fn better(&self, than: &Self) -> bool {
        (self.cost, &self.assigned.lab) < (than.cost, &than.assigned.lab)
    }
}

/// What is asked of one search.
pub(super) struct Task<'a> {
    pub(super) at: &'a Instance,
    pub(super) order: [Figure; 4],
    /// Items left out (no plan can cover more).
    pub(super) skip: usize,
    /// Sets of labs that earlier plans use.
    pub(super) taken: &'a [Vec<usize>],
}

impl Task<'_> {
    /// The best plan that uses exactly these labs (ascending), if it is a new set; `best` cuts what is worse.
    pub(super) fn evaluate(&self, set: &[usize], best: Option<&Found>, steps: &mut Steps) -> Option<Found> {
        if self.taken.iter().any(|t| t == set) {
            return None;
        }
        let metres = set.iter().map(|l| self.at.metres[*l]).sum();
        let least = self.cost(set.len() as u64, metres, 0, i64::MIN);
        let mut cap = u64::MAX;
        if let Some(best) = best {
            let place = self.place(Figure::Quality);
            if least[..place] > best.cost[..place] {
                return None;
            }
            if least[..place] == best.cost[..place] {
                cap = best.cost[place];
            }
        }
        let assigned = assign(self.at, set, self.skip, cap, steps)?;
        Some(self.found(set.to_vec(), assigned))
    }

    /// A plan with its figures.
    pub(super) fn found(&self, set: Vec<usize>, assigned: Assigned) -> Found {
        let metres = set.iter().map(|l| self.at.metres[*l]).sum();
        Found { cost: self.cost(set.len() as u64, metres, assigned.quality, assigned.latest), assigned, set }
    }

    fn cost(&self, labs: u64, metres: u64, quality: u64, latest: i64) -> [u64; 4] {
        self.order.map(|figure| match figure {
            Figure::Labs => labs,
            Figure::Metres => metres,
            Figure::Quality => quality,
            Figure::Latest => day(latest),
        })
    }

    fn place(&self, figure: Figure) -> usize {
        self.order.iter().position(|f| *f == figure).unwrap_or(0)
    }
}

/// A day in the order of days, as an unsigned figure.
fn day(day: i64) -> u64 {
    day.cast_unsigned() ^ (1 << 63)
}

/// The search of one plan.
pub(super) struct Search<'a, 's> {
    pub(super) task: &'a Task<'a>,
    pub(super) steps: &'s mut Steps,
    pub(super) best: Option<Found>,
    costs: Costs,
    /// Units each lab can contribute, and those that must be placed.
    room: Vec<u64>,
    load: u64,
    /// Only the first figure counts: anything not better in it is cut.
    first_only: bool,
}

impl<'a, 's> Search<'a, 's> {
    pub(super) fn new(task: &'a Task<'a>, steps: &'s mut Steps, start: Option<Found>) -> Self {
        let at = task.at;
        let room = (0..at.lab.len()).map(|l| at.room(l)).collect();
        Self { task, steps, best: start, costs: Costs::new(at), room, load: at.load(task.skip), first_only: true }
    }

    /// The best plan out of `open` labs, or the one started with. First the best first figure is proven, then
    /// the others below it.
    pub(super) fn run(mut self, open: &[usize]) -> Option<Found> {
        let by = Multipliers::new(self.task.at.items());
        for first_only in [true, false] {
            self.first_only = first_only;
            self.node(&mut Vec::new(), open.to_vec(), by.clone());
        }
        self.best
    }

    fn node(&mut self, chosen: &mut Vec<usize>, mut open: Vec<usize>, mut by: Multipliers) {
        if !self.steps.take(open.len() as u64 + 4) {
            return;
        }
        let at = self.task.at;
        let covered = chosen.iter().fold(0, |m, l| m | at.mask[*l]);
        let missing = at.everything() & !covered;
        if missing.count_ones() as usize <= self.task.skip && !chosen.is_empty() {
            self.leaf(chosen);
        }
        let Some(reduced) = self.promising(chosen, &mut open, &mut by) else { return };
        let Some(branch) = self.branch(missing, &open, &reduced) else { return };
        let mut rest = open;
        for l in branch {
            rest.retain(|o| *o != l);
            chosen.push(l);
            self.node(chosen, rest.clone(), by.clone());
            chosen.pop();
            if self.steps.spent() {
                return;
            }
        }
        // With items to leave out, the item branched on may be one of them: all its labs are closed now.
        if self.task.skip > 0 && missing != 0 {
            self.node_without(chosen, rest, by);
        }
    }

    /// Goes on without the labs just closed, unless nothing is left to decide.
    fn node_without(&mut self, chosen: &mut Vec<usize>, rest: Vec<usize>, by: Multipliers) {
        if !rest.is_empty() {
            self.node(chosen, rest, by);
        }
    }

    fn leaf(&mut self, chosen: &[usize]) {
        let mut set = chosen.to_vec();
        set.sort_unstable();
        if let Some(found) = self.task.evaluate(&set, self.best.as_ref(), self.steps)
            && self.best.as_ref().is_none_or(|b| found.better(b))
        {
            self.best = Some(found);
        }
    }

    /// The labs to try next, in turn: those of the missing item with the fewest, else all. None: a missing item
    /// has none and may not be left out.
    fn branch(&self, missing: u128, open: &[usize], reduced: &[f64]) -> Option<Vec<usize>> {
        let at = self.task.at;
        let count = |i: usize| open.iter().filter(|l| at.mask[**l] >> i & 1 == 1).count();
        let mut narrow: Option<(usize, usize)> = None;
        let mut dead = 0;
        for i in (0..at.items()).filter(|i| missing >> i & 1 == 1) {
            match count(i) {
                0 => dead += 1,
                labs if narrow.is_none_or(|(least, _)| labs < least) => narrow = Some((labs, i)),
                _ => {}
            }
        }
        if dead > self.task.skip {
            return None;
        }
        let offers = |l: usize| narrow.is_none_or(|(_, i)| at.mask[l] >> i & 1 == 1);
        let mut labs: Vec<(f64, usize)> =
            reduced.iter().copied().zip(open.iter().copied()).filter(|(_, l)| offers(*l)).collect();
        labs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        Some(labs.into_iter().map(|(_, l)| l).collect())
    }

    /// Whether a plan with the chosen labs and at least one open one can beat the best; closes open labs that
    /// cannot. Gives the reduced costs of the labs still open, or none when the node is cut.
    fn promising(&mut self, chosen: &[usize], open: &mut Vec<usize>, by: &mut Multipliers) -> Option<Vec<f64>> {
        if open.is_empty() {
            return None;
        }
        let mut reduced = vec![0.0; open.len()];
        let Some(best) = self.best.clone() else { return Some(reduced) };
        let most = self.task.at.items() - self.task.skip;
        let mut more = most.saturating_sub(chosen.len());
        for (place, figure) in self.task.order.into_iter().enumerate() {
            let strict = place == 0 && self.first_only;
            let target = if strict { best.cost[0].checked_sub(1)? } else { best.cost[place] };
            if figure == Figure::Labs {
                more = more.min(usize::try_from(target).unwrap_or(most).checked_sub(chosen.len())?);
            }
            if more == 0 || !self.roomy(chosen, open, more) {
                return None;
            }
            let least = match figure {
                Figure::Latest => self.soonest(chosen, open),
                _ => self.lower(figure, (chosen, more, target), open, by, &mut reduced),
            };
            if least > target || open.is_empty() {
                return None;
            }
            if least < target || strict {
                return Some(reduced);
            }
        }
        self.earlier(chosen, open, &best).then_some(reduced)
    }

    /// Closes the open labs with which `more` labs cannot give the room that is missing; false when none can.
    fn roomy(&self, chosen: &[usize], open: &mut Vec<usize>, more: usize) -> bool {
        let held: u64 = chosen.iter().map(|l| self.room[*l]).sum();
        let Some(missing) = self.load.checked_sub(held).filter(|m| *m > 0) else { return true };
        let mut rooms: Vec<u64> = open.iter().map(|l| self.room[*l]).collect();
        rooms.sort_unstable_by(|a, b| b.cmp(a));
        let others: u64 = rooms.iter().take(more - 1).sum();
        open.retain(|l| self.room[*l] + others >= missing);
        !open.is_empty()
    }

    fn lower(
        &mut self,
        figure: Figure,
        node: (&[usize], usize, u64),
        open: &mut Vec<usize>,
        by: &mut Multipliers,
        reduced: &mut Vec<f64>,
    ) -> u64 {
        let (chosen, more, target) = node;
        let rounds = if chosen.is_empty() { 200 } else { 14 };
        let asked = Node { chosen, open, more, skip: self.task.skip, target, rounds };
        let lower = self.costs.lower(self.task.at, figure, &asked, by, self.steps);
        let mut keep = lower.hopeless.iter().map(|h| !h);
        let mut keep_too = lower.hopeless.iter().map(|h| !h);
        *reduced = lower.reduced;
        open.retain(|_| keep.next().unwrap_or(true));
        reduced.retain(|_| keep_too.next().unwrap_or(true));
        let held: u64 = match figure {
            Figure::Labs => chosen.len() as u64 + 1,
            Figure::Metres => chosen.iter().map(|l| self.task.at.metres[*l]).sum(),
            Figure::Quality | Figure::Latest => 0,
        };
        lower.value.max(held)
    }

    /// The soonest day by which enough items can be finished.
    fn soonest(&self, chosen: &[usize], open: &[usize]) -> u64 {
        let at = self.task.at;
        let first = |i: usize| chosen.iter().chain(open).filter_map(|l| at.choice(*l, i)).map(|c| c.ready).min();
        let mut days: Vec<i64> = (0..at.items()).map(|i| first(i).unwrap_or(i64::MAX)).collect();
        days.sort_unstable_by(|a, b| b.cmp(a));
        days.get(self.task.skip).map_or(0, |d| day(*d))
    }

    /// Whether an assignment with earlier labs than the best one's is still possible.
    fn earlier(&self, chosen: &[usize], open: &[usize], best: &Found) -> bool {
        let at = self.task.at;
        for (i, theirs) in best.assigned.lab.iter().enumerate() {
            let first = chosen.iter().chain(open).filter(|l| at.choice(**l, i).is_some()).min();
            let ours = first.map_or(NOBODY, |l| number(*l));
            if ours != *theirs {
                return ours < *theirs;
            }
        }
        false
    }
}
