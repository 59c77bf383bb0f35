//! How many items can be covered at all when labs have limits.
//!
//! A packing by hand answers most baskets. Where it leaves items over, the question is a multiple knapsack, and an
//! integer program is solved; its answer is rounded and checked in whole numbers.

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};

use super::instance::{Instance, NOBODY};

/// Nodes of the integer program.
const NODES: u64 = 400;

/// Items covered at most, and whether that is proven.
pub(super) struct Most {
    pub(super) items: usize,
    pub(super) proven: bool,
}

/// The largest number of items that can be covered together.
pub(super) fn most(at: &Instance) -> Most {
    let offered = (0..at.lab.len()).fold(0, |m, l| m | at.mask[l]).count_ones() as usize;
    let packed = packed(at);
    if packed == offered {
        return Most { items: packed, proven: true };
    }
    let solved = program(at);
    match solved {
        Some(Most { items, proven }) if items >= packed => Most { items, proven },
        _ => Most { items: packed, proven: false },
    }
}

/// Items placed by taking them in a few fixed orders, each at the lab where it leaves the least room.
fn packed(at: &Instance) -> usize {
    let labs = |i: usize| (0..at.lab.len()).filter(|l| at.choice(*l, i).is_some()).count();
    let mut orders = [(); 3].map(|()| (0..at.items()).collect::<Vec<usize>>());
    orders[0].sort_by_key(|i| (u64::MAX - at.quantity[*i], *i));
    orders[1].sort_by_key(|i| (labs(*i), u64::MAX - at.quantity[*i]));
    orders[2].sort_by_key(|i| (at.quantity[*i], *i));
    orders.iter().map(|order| fill(at, order).iter().filter(|l| **l != NOBODY).count()).max().unwrap_or(0)
}

fn fill(at: &Instance, order: &[usize]) -> Vec<u32> {
    let mut room = at.capacity.clone();
    let mut lab = vec![NOBODY; at.items()];
    for &i in order {
        let fits = |l: &usize| at.choice(*l, i).is_some() && room[*l] >= at.quantity[i];
        let free =
            (0..room.len()).filter(fits).min_by_key(|l| if room[*l] == u64::MAX { (0, 0) } else { (1, room[*l]) });
        let Some(l) = free else { continue };
        lab[i] = super::assign::number(l);
        if room[l] != u64::MAX {
            room[l] -= at.quantity[i];
        }
    }
    lab
}

/// The same question as an integer program: as many placements as possible, one per item, within the limits.
fn program(at: &Instance) -> Option<Most> {
    let mut program = Problem::new(OptimizationDirection::Maximize);
    let mut placed: Vec<(usize, usize, Variable)> = Vec::new();
    for l in 0..at.lab.len() {
        for i in (0..at.items()).filter(|i| at.choice(l, *i).is_some()) {
            placed.push((l, i, program.add_binary_var(1.0)));
        }
    }
    for i in 0..at.items() {
        let row: Vec<(Variable, f64)> = placed.iter().filter(|p| p.1 == i).map(|p| (p.2, 1.0)).collect();
        program.add_constraint(row, ComparisonOp::Le, 1.0);
    }
    for l in (0..at.lab.len()).filter(|l| at.capacity[*l] != u64::MAX) {
        let row: Vec<(Variable, f64)> =
            placed.iter().filter(|p| p.0 == l).map(|p| (p.2, units(at.quantity[p.1]))).collect();
        program.add_constraint(row, ComparisonOp::Le, units(at.capacity[l]));
    }
    let mut options = SolveOptions::default();
    options.node_limit = Some(NODES);
    let outcome = program.solve_with(options).ok()?;
    let solution = outcome.solution()?;
    let chosen: Vec<(usize, usize)> =
        placed.iter().filter(|p| solution.var_value(p.2) > 0.5).map(|p| (p.0, p.1)).collect();
    keeps(at, &chosen).then_some(Most { items: chosen.len(), proven: outcome.is_optimal() })
}

/// Whether placements keep every limit, in whole numbers.
fn keeps(at: &Instance, chosen: &[(usize, usize)]) -> bool {
    let mut load = vec![0u64; at.lab.len()];
    let mut times = vec![0u8; at.items()];
    for &(l, i) in chosen {
        load[l] += at.quantity[i];
        times[i] = times[i].saturating_add(1);
    }
    times.iter().all(|t| *t <= 1) && load.iter().zip(&at.capacity).all(|(used, room)| used <= room)
}

#[expect(clippy::cast_precision_loss, reason = "at most a hundred quantities of 32 bits")]
fn units(quantity: u64) -> f64 {
    quantity as f64
}
