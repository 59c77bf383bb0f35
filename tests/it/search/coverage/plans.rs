//! The solver against plain enumeration, and its marks at the limits of its work.

use std::collections::BTreeMap;

use labpact::search::coverage::{Answer, Candidate, Offer, Plan, Preference, Problem, Work, solve};
use proptest::prelude::*;

/// What a plan is judged by; smaller is better.
type Rank = (usize, [u64; 4], Vec<usize>);

const PREFERENCES: [Preference; 3] = [Preference::FewestLabs, Preference::Nearest, Preference::Soonest];
/// In an assignment: no lab.
const NONE: usize = usize::MAX;

fn metres(problem: &Problem) -> Vec<u64> {
    let usable = |l: usize| problem.offers.iter().any(|o| o.lab == l && fits(problem, o));
    let known: Vec<Option<u64>> =
        problem.labs.iter().map(|c| c.distance_km.map(|km| (km * 1000.0).round() as u64)).collect();
    let far = known.iter().enumerate().filter(|(l, _)| usable(*l)).filter_map(|(_, m)| *m).max();
    known.iter().map(|m| m.unwrap_or(far.map_or(10_000_000, |f| f + 1000))).collect()
}

fn fits(problem: &Problem, o: &Offer) -> bool {
    let quantity = problem.quantities[o.item];
    o.free.is_none_or(|f| f >= quantity) && problem.labs[o.lab].limit.is_none_or(|l| l >= quantity)
}

fn day(ready: Option<i32>) -> u64 {
    ready.map_or(u64::MAX, |d| d as u64)
}

fn rank(problem: &Problem, preference: Preference, offers: &[Option<usize>]) -> Option<(Vec<usize>, Rank)> {
    let metres = metres(problem);
    let mut load: BTreeMap<usize, u64> = BTreeMap::new();
    let chosen: Vec<&Offer> = offers.iter().flatten().map(|o| &problem.offers[*o]).collect();
    for o in &chosen {
        *load.entry(o.lab).or_default() += u64::from(problem.quantities[o.item]);
    }
    if load.iter().any(|(l, used)| problem.labs[*l].limit.is_some_and(|limit| *used > u64::from(limit))) {
        return None;
    }
    let labs = load.len() as u64;
    let distance = load.keys().map(|l| metres[*l]).sum();
    let quality = chosen.iter().map(|o| u64::from(o.quality)).sum();
    let latest = chosen.iter().map(|o| day(o.ready)).max().unwrap_or(0);
    let cost = match preference {
        Preference::FewestLabs => [labs, quality, distance, latest],
        Preference::Nearest => [distance, labs, quality, latest],
        Preference::Soonest => [latest, labs, quality, distance],
    };
    let by_lab = offers.iter().map(|o| o.map_or(NONE, |o| problem.offers[o].lab)).collect();
    Some((load.into_keys().collect(), (offers.iter().filter(|o| o.is_none()).count(), cost, by_lab)))
}

/// The best plan of each set of labs, all ways tried.
fn enumerate(problem: &Problem, preference: Preference) -> Vec<Rank> {
    let choices: Vec<Vec<Option<usize>>> = (0..problem.quantities.len())
        .map(|i| {
            let mine = problem.offers.iter().enumerate().filter(|(_, o)| o.item == i && fits(problem, o));
            std::iter::once(None).chain(mine.map(|(at, _)| Some(at))).collect()
        })
        .collect();
    let mut best: BTreeMap<Vec<usize>, Rank> = BTreeMap::new();
    let mut at = vec![0; choices.len()];
    loop {
        let offers: Vec<Option<usize>> = at.iter().zip(&choices).map(|(a, c)| c[*a]).collect();
        if let Some((set, rank)) = rank(problem, preference, &offers) {
            let old = best.entry(set).or_insert_with(|| rank.clone());
            if rank < *old {
                *old = rank;
            }
        }
        let Some(place) = (0..at.len()).find(|p| at[*p] + 1 < choices[*p].len()) else { break };
        at[..place].fill(0);
        at[place] += 1;
    }
    let mut ranks: Vec<Rank> = best.into_values().collect();
    ranks.sort();
    let least = ranks[0].0;
    ranks.retain(|r| r.0 == least);
    ranks.truncate(3);
    ranks
}

fn offers_of(problem: &Problem, plan: &Plan) -> Vec<Option<usize>> {
    let mut offers = vec![None; problem.quantities.len()];
    for p in &plan.assignments {
        assert!(offers[p.item].is_none(), "an item is assigned twice");
        let offer = &problem.offers[p.offer];
        assert!(offer.item == p.item && offer.lab == p.lab && fits(problem, offer));
        offers[p.item] = Some(p.offer);
    }
    offers
}

fn ranks(problem: &Problem, preference: Preference, answer: &Answer) -> Vec<Rank> {
    std::iter::once(&answer.best)
        .chain(&answer.alternatives)
        .map(|plan| {
            let (set, rank) = rank(problem, preference, &offers_of(problem, plan)).expect("limits are kept");
            assert_eq!(set, plan.labs_used);
            let left: Vec<usize> = (0..problem.quantities.len()).filter(|i| rank.2[*i] == NONE).collect();
            assert_eq!(left, plan.uncovered);
            rank
        })
        .collect()
}

fn candidate(limits: bool) -> impl Strategy<Value = Candidate> {
    let limit = if limits { proptest::option::of(0u32..9).boxed() } else { Just(None).boxed() };
    (proptest::option::weighted(0.8, 0u8..4), limit)
        .prop_map(|(km, limit)| Candidate { distance_km: km.map(|k| f64::from(k) * 10.5), limit })
}

fn problem(items: usize, labs: usize) -> impl Strategy<Value = Problem> {
    (1..=items, 1..=labs, any::<bool>(), 1u32..4, 2i32..5).prop_flat_map(|(n, m, limits, qualities, days)| {
        let free = if limits { proptest::option::of(0u32..6).boxed() } else { Just(None).boxed() };
        let offer = (0..n, 0..m, 0..qualities, proptest::option::weighted(0.9, 0..days), free)
            .prop_map(|(item, lab, quality, ready, free)| Offer { item, lab, quality, ready, free });
        (
            proptest::collection::vec(0u32..6, n),
            proptest::collection::vec(candidate(limits), m),
            proptest::collection::vec(offer, 0..=n * m.min(4)),
        )
            .prop_map(|(quantities, labs, offers)| Problem { quantities, labs, offers })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    /// Best plan and alternatives are those of enumeration, for each preference.
    #[test]
    fn equals_enumeration(problem in problem(5, 6)) {
        for preference in PREFERENCES {
            let answer = solve(&problem, preference, Work::default());
            prop_assert_eq!(ranks(&problem, preference, &answer), enumerate(&problem, preference), "{:?}", preference);
            prop_assert!(answer.best.optimal && answer.alternatives.iter().all(|a| a.optimal));
        }
    }

    /// With hardly any work allowed the answer is still a plan, ordered, each with its own labs.
    #[test]
    fn holds_without_work(problem in problem(8, 8), steps in 0u64..300) {
        for preference in PREFERENCES {
            let answer = solve(&problem, preference, Work { steps });
            let ranks = ranks(&problem, preference, &answer);
            prop_assert!(ranks.is_sorted());
            let mut sets: Vec<_> = answer.alternatives.iter().map(|a| &a.labs_used).collect();
            sets.push(&answer.best.labs_used);
            sets.sort();
            sets.dedup();
            prop_assert_eq!(sets.len(), ranks.len());
            let again = solve(&problem, preference, Work { steps });
            prop_assert_eq!(again, answer);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Baskets too large for a proof still get plans that hold, and say that they are not proven.
    #[test]
    fn large_baskets(problem in problem(100, 300)) {
        let covered: std::collections::BTreeSet<usize> = problem.offers.iter().filter(|o| fits(&problem, o)).map(|o| o.item).collect();
        prop_assume!(covered.len() > 30);
        for preference in PREFERENCES {
            let answer = solve(&problem, preference, Work { steps: 100_000 });
            prop_assert!(ranks(&problem, preference, &answer).is_sorted());
            prop_assert!(!answer.best.optimal);
            if problem.labs.iter().all(|l| l.limit.is_none()) {
                prop_assert_eq!(answer.best.assignments.len(), covered.len());
            }
        }
    }
}

/// Nothing to cover is a proven answer; offers that fit nowhere leave their items uncovered.
#[test]
fn nothing_to_cover() {
    let empty = solve(&Problem::default(), Preference::Nearest, Work::default());
    assert!(empty.best.optimal && empty.best.assignments.is_empty() && empty.alternatives.is_empty());
    let offer = Offer { item: 0, lab: 0, quality: 0, ready: None, free: Some(4) };
    let stray = Offer { item: 7, lab: 9, ..offer };
    let labs = vec![Candidate { distance_km: Some(f64::NAN), limit: None }];
    let problem = Problem { quantities: vec![5], labs, offers: vec![offer, stray] };
    for preference in PREFERENCES {
        assert_eq!(solve(&problem, preference, Work::default()).best.uncovered, vec![0]);
    }
}
