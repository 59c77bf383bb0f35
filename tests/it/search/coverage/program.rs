//! The solver against an integer program on baskets too large for enumeration.

use labpact::search::coverage::{Candidate, Offer, Preference, Problem, Work, solve};
use microlp::{ComparisonOp as Op, OptimizationDirection as Direction, Problem as Program, Variable};
use proptest::prelude::*;

/// Fewest labs, then best quality, then least distance, each with those before it held; none when infeasible.
fn stages(problem: &Problem, order: [usize; 3]) -> Option<[u64; 3]> {
    let mut held = [None; 3];
    for figure in order {
        held[figure] = Some(stage(problem, figure, held)?);
    }
    Some(held.map(|h| h.unwrap_or(0)))
}

fn stage(problem: &Problem, figure: usize, held: [Option<u64>; 3]) -> Option<u64> {
    let mut program = Program::new(Direction::Minimize);
    let km = |l: usize| problem.labs[l].distance_km.unwrap_or(0.0);
    let labs: Vec<Variable> =
        (0..problem.labs.len()).map(|l| program.add_binary_var([1.0, 0.0, km(l)][figure])).collect();
    let mut placed = Vec::new();
    for o in &problem.offers {
        let x = program.add_binary_var([0.0, f64::from(o.quality), 0.0][figure]);
        program.add_constraint([(x, 1.0), (labs[o.lab], -1.0)], Op::Le, 0.0);
        placed.push((x, o));
    }
    for i in 0..problem.quantities.len() {
        let row: Vec<(Variable, f64)> = placed.iter().filter(|p| p.1.item == i).map(|p| (p.0, 1.0)).collect();
        program.add_constraint(row, Op::Eq, 1.0);
    }
    for (l, lab) in problem.labs.iter().enumerate() {
        let quantity = |o: &Offer| f64::from(problem.quantities[o.item]);
        let row: Vec<(Variable, f64)> = placed.iter().filter(|p| p.1.lab == l).map(|p| (p.0, quantity(p.1))).collect();
        if let (Some(limit), false) = (lab.limit, row.is_empty()) {
            program.add_constraint(row, Op::Le, f64::from(limit));
        }
    }
    let rows = [
        labs.iter().map(|y| (*y, 1.0)).collect::<Vec<_>>(),
        placed.iter().map(|p| (p.0, f64::from(p.1.quality))).collect(),
        labs.iter().enumerate().map(|(l, y)| (*y, km(l))).collect(),
    ];
    for (row, value) in rows.into_iter().zip(held) {
        if let Some(value) = value {
            program.add_constraint(row, Op::Le, value as f64);
        }
    }
    let outcome = program.solve().ok()?;
    Some(outcome.solution()?.objective().round() as u64)
}

fn problem() -> impl Strategy<Value = Problem> {
    (6..14usize, 8..24usize, 10..50u8, any::<bool>(), 1..8u32).prop_flat_map(|(n, m, percent, limits, qualities)| {
        let limit = if limits { proptest::option::of(10u32..60).boxed() } else { Just(None).boxed() };
        let lab = (0..40u8, limit).prop_map(|(km, limit)| Candidate { distance_km: Some(f64::from(km)), limit });
        let cell = (0..100u8, 0..qualities);
        (
            proptest::collection::vec(1u32..20, n),
            proptest::collection::vec(lab, m),
            proptest::collection::vec(cell, n * m),
        )
            .prop_map(move |(quantities, labs, cells)| {
                let chosen = cells.iter().enumerate().filter(|(_, c)| c.0 < percent);
                let offers = chosen
                    .map(|(at, c)| Offer { item: at % n, lab: at / n, quality: c.1, ready: None, free: None })
                    .collect();
                Problem { quantities, labs, offers }
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, ..ProptestConfig::default() })]

    /// Labs, quality and distance of the best plan are those of the integer program.
    #[test]
    fn equals_the_integer_program(problem in problem()) {
        for (preference, order) in [(Preference::FewestLabs, [0, 1, 2]), (Preference::Nearest, [2, 0, 1])] {
            let best = solve(&problem, preference, Work { steps: u64::MAX }).best;
            match stages(&problem, order) {
                Some(figures) => {
                    let km = best.figures.total_km.round() as u64;
                    prop_assert_eq!([best.labs_used.len() as u64, best.figures.quality, km], figures, "{:?}", preference);
                }
                None => prop_assert!(!best.uncovered.is_empty()),
            }
        }
    }
}
