//! From a problem to the plans.

use std::cmp::Reverse;

use super::assign::Assigned;
use super::cover::most;
use super::greedy::{build, improve};
use super::instance::{Instance, NOBODY, UNKNOWN_DAY, known_km, order};
use super::model::{Answer, Figures, Placement, Plan, Preference, Problem, Work};
use super::search::{Found, Search, Steps, Task};

/// Fifths of the work for each plan; what one leaves over goes to the next.
const SHARES: [u64; super::PLANS] = [3, 1, 1];

/// The best plan and up to two more, by `preference`. Proven best for baskets of up to [`super::EXACT_ITEMS`]
/// items and [`super::EXACT_LABS`] labs unless `work` runs out; else the best found, marked as not proven.
pub fn solve(problem: &Problem, preference: Preference, work: Work) -> Answer {
    let whole = Instance::new(problem, UNKNOWN_DAY);
    let small = whole.items() <= super::EXACT_ITEMS && whole.lab.len() <= super::EXACT_LABS;
    let plans = if whole.items() == 0 {
        Vec::new()
    } else if small {
        exact(problem, preference, work, &whole)
    } else {
        quick(problem, preference, work, &whole)
    };
    let mut plans = plans.into_iter().map(|(found, proven)| written(problem, &whole, &found.assigned, proven));
    let best = plans.next().unwrap_or_else(|| empty(problem, whole.items() == 0));
    Answer { best, alternatives: plans.collect() }
}

/// The order of plans by preference; the number of items comes first, since it may differ where it is not proven.
fn rank(preference: Preference, found: &Found) -> (Reverse<usize>, i64, [u64; 4], Vec<u32>) {
    let latest = if preference == Preference::Soonest { found.assigned.latest } else { 0 };
    (Reverse(found.covered()), latest, found.cost, found.assigned.lab.clone())
}

/// The state of the proven search over the plans found so far.
struct Exact<'a> {
    problem: &'a Problem,
    preference: Preference,
    skip: usize,
    taken: Vec<Vec<usize>>,
    /// Days that may be the latest of a plan, ascending.
    days: Vec<i64>,
}

fn exact(problem: &Problem, preference: Preference, work: Work, whole: &Instance) -> Vec<(Found, bool)> {
    let covered = most(whole);
    let (days, surely) = days(problem, preference, whole, covered.items);
    let skip = whole.items() - covered.items;
    let mut state = Exact { problem, preference, skip, taken: Vec::new(), days };
    let mut proven = covered.proven && surely;
    let mut plans = Vec::new();
    let mut spare = 0;
    for share in SHARES {
        let mut steps = Steps { left: (work.steps / 5).saturating_mul(share).saturating_add(spare) };
        let Some(found) = state.next(&mut steps) else { break };
        proven &= !steps.spent();
        spare = steps.left;
        state.taken.push(found.set.clone());
        plans.push((found, proven));
    }
    plans.sort_by_key(|(found, _)| rank(preference, found));
    plans
}

/// The days that can be the latest one of a plan which covers `goal` items, and whether the first is proven.
fn days(problem: &Problem, preference: Preference, whole: &Instance, goal: usize) -> (Vec<i64>, bool) {
    if preference != Preference::Soonest {
        return (vec![UNKNOWN_DAY], true);
    }
    let mut days: Vec<i64> = whole.choice.iter().flatten().map(|c| c.ready).collect();
    // A lab's finest offer may be a late one: all dates of the offers count, not only those kept.
    days.extend(problem.offers.iter().map(|o| o.ready.map_or(UNKNOWN_DAY, i64::from)));
    days.sort_unstable();
    days.dedup();
    let mut proven = true;
    let first = days.partition_point(|day| {
        let most = most(&Instance::new(problem, *day));
        proven &= most.proven || most.items >= goal;
        most.items < goal
    });
    (days.split_off(first.min(days.len().saturating_sub(1))), proven)
}

impl Exact<'_> {
    /// The best plan with a new set of labs. With dates first, the soonest day that has one.
    fn next(&mut self, steps: &mut Steps) -> Option<Found> {
        let (mut low, mut high) = (0, self.days.len());
        let mut best = None;
        let mut probe = 0;
        while low < high {
            match self.within(self.days[probe], steps) {
                Some(found) => {
                    best = Some(found);
                    high = probe;
                }
                None => low = probe + 1,
            }
            probe = low + (high - low) / 2;
        }
        self.days.drain(..low.min(self.days.len().saturating_sub(1)));
        best
    }

    /// The best plan with a new set of labs and no date after `day`.
    fn within(&self, day: i64, steps: &mut Steps) -> Option<Found> {
        let at = Instance::new(self.problem, day);
        let task = Task { at: &at, order: order(self.preference), skip: self.skip, taken: &self.taken };
        let start = self.start(&task, steps);
        Search::new(&task, steps, start).run(&at.undominated(self.taken.len()))
    }

    /// Plans at hand: a greedy one, and each earlier plan with one more lab or one exchanged. The first kind of
    /// these must be tried here because a dominated lab can be the better alternative only in this way.
    fn start(&self, task: &Task<'_>, steps: &mut Steps) -> Option<Found> {
        let mut best: Option<Found> = None;
        let mut offer = |found: Option<Found>| {
            if let Some(found) = found
                && best.as_ref().is_none_or(|b| found.better(b))
            {
                best = Some(found);
            }
        };
        let banned = self.taken.iter().flatten().copied().map(|l| vec![l]);
        for banned in std::iter::once(Vec::new()).chain(banned) {
            let built = build(task, &banned);
            if built.covered() + task.skip == task.at.items() && !self.taken.contains(&built.set) {
                offer(Some(improve(task, built, &banned, steps)));
            }
        }
        for set in &self.taken {
            for l in (0..task.at.lab.len()).filter(|l| !set.contains(l)) {
                let mut more = set.clone();
                more.push(l);
                more.sort_unstable();
                offer(task.evaluate(&more, None, steps));
            }
        }
        best
    }
}

/// Greedy plans with local improvement, for problems too large for a proof. Alternatives come from leaving out
/// one lab of the best plan at a time.
fn quick(problem: &Problem, preference: Preference, work: Work, whole: &Instance) -> Vec<(Found, bool)> {
    let free = build(&Task { at: whole, order: order(preference), skip: 0, taken: &[] }, &[]);
    let goal = free.covered();
    let covers = |day: &i64| {
        let at = Instance::new(problem, *day);
        build(&Task { at: &at, order: order(preference), skip: at.items() - goal, taken: &[] }, &[]).covered() >= goal
    };
    let (days, _) = days_by(problem, preference, covers);
    let at = Instance::new(problem, days);
    let task = Task { at: &at, order: order(preference), skip: at.items() - goal, taken: &[] };
    let mut steps = Steps { left: work.steps / 2 };
    let best = improve(&task, build(&task, &[]), &[], &mut steps);
    let share = work.steps / 2 / best.set.len().max(1) as u64;
    let mut others: Vec<Found> = Vec::new();
    for l in &best.set {
        let built = build(&task, &[*l]);
        if built.covered() == best.covered() {
            others.push(improve(&task, built, &[*l], &mut Steps { left: share }));
        }
    }
    others.push(best);
    others.sort_by_key(|found| rank(preference, found));
    let mut plans: Vec<(Found, bool)> = Vec::new();
    for found in others {
        if plans.len() < super::PLANS && plans.iter().all(|(p, _)| p.set != found.set) {
            plans.push((found, false));
        }
    }
    plans
}

/// The first day for which `covers` holds, when dates come first.
fn days_by(problem: &Problem, preference: Preference, covers: impl Fn(&i64) -> bool) -> (i64, bool) {
    if preference != Preference::Soonest {
        return (UNKNOWN_DAY, true);
    }
    let mut days: Vec<i64> = problem.offers.iter().map(|o| o.ready.map_or(UNKNOWN_DAY, i64::from)).collect();
    days.sort_unstable();
    days.dedup();
    let first = days.partition_point(|day| !covers(day));
    (days.get(first).copied().unwrap_or(UNKNOWN_DAY), true)
}

/// A plan in the numbers of the problem.
fn written(problem: &Problem, whole: &Instance, assigned: &Assigned, optimal: bool) -> Plan {
    let mut plan = empty(problem, optimal);
    for (i, l) in assigned.lab.iter().enumerate().filter(|(_, l)| **l != NOBODY) {
        let (item, lab) = (whole.item[i], whole.lab[*l as usize]);
        if let Some(offer) = meant(problem, item, lab, assigned.latest) {
            plan.assignments.push(Placement { item, lab, offer });
        }
    }
    plan.uncovered.retain(|u| plan.assignments.iter().all(|p| p.item != *u));
    plan.labs_used = plan.assignments.iter().map(|p| p.lab).collect();
    plan.labs_used.sort_unstable();
    plan.labs_used.dedup();
    plan.figures = figures(problem, &plan);
    plan
}

/// The offer by which the lab takes the item: the finest in time, then the soonest.
fn meant(problem: &Problem, item: usize, lab: usize, latest: i64) -> Option<usize> {
    let quantity = problem.quantities[item];
    let day = |ready: Option<i32>| ready.map_or(UNKNOWN_DAY, i64::from);
    let mine = problem.offers.iter().enumerate().filter(|(_, o)| o.item == item && o.lab == lab);
    let usable = mine.filter(|(_, o)| o.free.is_none_or(|f| f >= quantity) && day(o.ready) <= latest);
    usable.min_by_key(|(at, o)| (o.quality, day(o.ready), *at)).map(|(at, _)| at)
}

fn figures(problem: &Problem, plan: &Plan) -> Figures {
    let known = |l: &usize| known_km(problem.labs[*l].distance_km);
    let offers = || plan.assignments.iter().map(|p| &problem.offers[p.offer]);
    let days: Option<Vec<i32>> = offers().map(|o| o.ready).collect();
    Figures {
        total_km: plan.labs_used.iter().filter_map(known).sum(),
        unknown_distances: plan.labs_used.iter().filter(|l| known(l).is_none()).count(),
        latest_ready: days.and_then(|d| d.into_iter().max()),
        quality: offers().map(|o| u64::from(o.quality)).sum(),
    }
}

/// A plan that covers nothing.
fn empty(problem: &Problem, optimal: bool) -> Plan {
    Plan {
        assignments: Vec::new(),
        uncovered: (0..problem.quantities.len()).collect(),
        labs_used: Vec::new(),
        figures: Figures::default(),
        optimal,
    }
}
