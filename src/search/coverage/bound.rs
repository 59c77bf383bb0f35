//! Lower bounds for all plans that contain given labs and otherwise only open ones.
//!
//! The bound relaxes "each item at one lab" with a multiplier per item (Lagrangian relaxation of set cover and of
//! the p-median problem; its best value equals that of the linear relaxation). A lab whose limit binds takes what
//! pays best for its room, the last item in part, which keeps it a lower bound. Rounding up is safe because every figure is a whole number and the sums are far below 2^53.

use std::cell::Cell;

use super::instance::{Figure, Instance};
use super::search::Steps;

/// Tolerance for the rounding of sums, and the same relative to the size of what is summed.
const SLACK: (f64, f64) = (1e-6, 1e-12);

/// Steps for a lab whose limit binds.
const TIGHT: u64 = 8;

/// Multipliers of the three figures that have them, passed from a node to its children.
#[derive(Clone)]
pub(super) struct Multipliers([Vec<f64>; 3]);

impl Multipliers {
    pub(super) fn new(items: usize) -> Self {
        Self([vec![0.0; items], vec![0.0; items], vec![0.0; items]])
    }

    fn of(&mut self, figure: Figure) -> &mut Vec<f64> {
        match figure {
            Figure::Labs => &mut self.0[0],
            Figure::Quality => &mut self.0[1],
            Figure::Metres | Figure::Latest => &mut self.0[2],
        }
    }
}

/// A node of the search as the bound sees it.
pub(super) struct Node<'a> {
    pub(super) chosen: &'a [usize],
    pub(super) open: &'a [usize],
    /// How many more labs there may be.
    pub(super) more: usize,
    /// Items that may be left out.
    pub(super) skip: usize,
    /// Value above which the node is of no interest.
    pub(super) target: u64,
    /// Rounds of improving the multipliers.
    pub(super) rounds: usize,
}

/// What a bound says of a node.
pub(super) struct Lower {
    /// No plan of the node has less.
    pub(super) value: u64,
    /// The reduced cost of each open lab; small ones are promising.
    pub(super) reduced: Vec<f64>,
    /// Open labs with which a plan exceeds the target.
    pub(super) hopeless: Vec<bool>,
}

/// Costs of labs and items by figure, as a dense matrix.
pub(super) struct Costs {
    items: usize,
    quality: Vec<f64>,
    covers: Vec<f64>,
    quantity: Vec<f64>,
    /// Units by lab, infinite when its limit cannot bind.
    capacity: Vec<f64>,
    tight: Cell<u64>,
}

struct Pass {
    value: f64,
    /// How often each item is served.
    served: Vec<f64>,
    reduced: Vec<f64>,
    /// Reduced cost that a further lab would have to push out.
    edge: f64,
    /// Labs whose limit bound, which cost more to look at.
    tight: u64,
}

impl Costs {
    pub(super) fn new(at: &Instance) -> Self {
        let quality = at.choice.iter().map(|c| c.map_or(f64::INFINITY, |c| f64::from(c.quality))).collect();
        let covers = at.choice.iter().map(|c| c.map_or(f64::INFINITY, |_| 0.0)).collect();
        let quantity = at.quantity.iter().map(|q| whole(*q)).collect();
        let capacity = at.capacity.iter().map(|c| if *c == u64::MAX { f64::INFINITY } else { whole(*c) }).collect();
        Self { items: at.items(), quality, covers, quantity, capacity, tight: Cell::new(0) }
    }

    /// A lower bound of `figure` (labs, quality or metres), the multipliers improved on the way.
    pub(super) fn lower(
        &self,
        at: &Instance,
        figure: Figure,
        node: &Node<'_>,
        by: &mut Multipliers,
        steps: &mut Steps,
    ) -> Lower {
        let matrix = if figure == Figure::Quality { &self.quality } else { &self.covers };
        let fixed = |l: usize| match figure {
            Figure::Labs => 1.0,
            Figure::Metres => whole(at.metres[l]),
            Figure::Quality | Figure::Latest => 0.0,
        };
        let base: f64 = node.chosen.iter().map(|l| fixed(*l)).sum();
        let held = self.held(matrix, node.chosen);
        let target = whole(node.target);
        let u = by.of(figure);
        seed(u, &held, node, target - base);
        let mut best: Option<(Pass, Vec<f64>)> = None;
        let (mut pace, mut stalled) = (1.0, 0);
        for _ in 0..node.rounds.max(1) {
            if !steps.take((node.open.len() + node.chosen.len()) as u64 + 1) {
                break;
            }
            let pass = self.pass(matrix, &fixed, node, u, base);
            steps.take(pass.tight * TIGHT);
            let gain: Vec<f64> = pass.served.iter().map(|s| 1.0 - s).collect();
            let value = pass.value;
            if best.as_ref().is_none_or(|(b, _)| value > b.value) {
                best = Some((pass, u.clone()));
                stalled = 0;
            } else {
                stalled += 1;
                if stalled == 4 {
                    pace /= 2.0;
                    stalled = 0;
                }
            }
            if round_up(value) > node.target || !climb(u, &gain, &held, pace, target + 1.0 - value) {
                break;
            }
        }
        let Some((pass, kept)) = best else {
            return Lower { value: 0, reduced: vec![0.0; node.open.len()], hopeless: vec![false; node.open.len()] };
        };
        *u = kept;
        let hopeless =
            pass.reduced.iter().map(|r| round_up(pass.value + r - pass.edge) > node.target && *r > pass.edge).collect();
        Lower { value: round_up(pass.value), reduced: pass.reduced, hopeless }
    }

    /// What each item costs at the chosen labs that are not limited.
    fn held(&self, matrix: &[f64], chosen: &[usize]) -> Vec<f64> {
        let mut held = vec![f64::INFINITY; self.items];
        for l in chosen.iter().filter(|l| self.capacity[**l].is_infinite()) {
            for (h, c) in held.iter_mut().zip(&matrix[l * self.items..(l + 1) * self.items]) {
                *h = h.min(*c);
            }
        }
        held
    }

    fn pass(&self, matrix: &[f64], fixed: &impl Fn(usize) -> f64, node: &Node<'_>, u: &[f64], base: f64) -> Pass {
        let mut served = vec![0.0; self.items];
        let limited = node.chosen.iter().filter(|l| self.capacity[**l].is_finite());
        let forced: f64 = limited.map(|l| self.serve(matrix, *l, u, Some(&mut served))).sum();
        let reduced: Vec<f64> = node.open.iter().map(|l| fixed(*l) + self.serve(matrix, *l, u, None)).collect();
        let mut negative: Vec<usize> = (0..reduced.len()).filter(|o| reduced[*o] < 0.0).collect();
        if negative.len() > node.more {
            negative.sort_by(|a, b| reduced[*a].total_cmp(&reduced[*b]));
            negative.truncate(node.more);
        }
        let full = negative.len() == node.more;
        let edge = if full { negative.iter().map(|o| reduced[*o]).fold(f64::MIN, f64::max) } else { 0.0 };
        for o in &negative {
            self.serve(matrix, node.open[*o], u, Some(&mut served));
        }
        let (given, taken) = (base + u.iter().sum::<f64>(), forced + negative.iter().map(|o| reduced[*o]).sum::<f64>());
        let value = given + taken - spare(u, node.skip, &mut served) - SLACK.0 - SLACK.1 * (given - taken);
        Pass { value, served, reduced, edge, tight: self.tight.take() }
    }

    /// What an open lab gains (as a negative cost) by serving items at these multipliers; notes what it serves.
    fn serve(&self, matrix: &[f64], l: usize, u: &[f64], served: Option<&mut [f64]>) -> f64 {
        let row = &matrix[l * self.items..(l + 1) * self.items];
        let gain: f64 = row.iter().zip(u).map(|(c, u)| (c - u).min(0.0)).sum();
        let wanted = || (0..self.items).filter(|i| row[*i] < u[*i]);
        if self.capacity[l].is_finite() && wanted().map(|i| self.quantity[i]).sum::<f64>() > self.capacity[l] {
            return self.fill(l, wanted().map(|i| (i, row[i] - u[i])).collect(), served);
        }
        if let Some(served) = served {
            wanted().for_each(|i| served[i] += 1.0);
        }
        gain
    }

    /// The most a limited lab gains when the last item may be taken in part.
    fn fill(&self, l: usize, mut wanted: Vec<(usize, f64)>, mut served: Option<&mut [f64]>) -> f64 {
        self.tight.set(self.tight.get() + 1);
        // Gains are negative: the best for its room first; items without quantity always.
        wanted.sort_unstable_by(|a, b| (a.1 * self.quantity[b.0]).total_cmp(&(b.1 * self.quantity[a.0])));
        let mut room = self.capacity[l];
        let mut gain = 0.0;
        for (i, worth) in wanted {
            let part = if self.quantity[i] > room { room / self.quantity[i] } else { 1.0 };
            room -= part * self.quantity[i];
            gain += part * worth;
            if let Some(served) = served.as_deref_mut() {
                served[i] += part;
            }
        }
        gain
    }
}

/// Leaves out the items with the largest multipliers.
fn spare(u: &[f64], skip: usize, served: &mut [f64]) -> f64 {
    if skip == 0 {
        return 0.0;
    }
    let mut dear: Vec<usize> = (0..u.len()).collect();
    dear.sort_by(|a, b| u[*b].total_cmp(&u[*a]));
    dear.truncate(skip);
    for i in &dear {
        served[*i] += 1.0;
    }
    dear.iter().map(|i| u[*i]).sum()
}

/// Multipliers within what the chosen labs already give; a first guess where there is none.
fn seed(u: &mut [f64], held: &[f64], node: &Node<'_>, left: f64) {
    #[expect(clippy::cast_precision_loss, reason = "at most a hundred items")]
    let share = left.max(0.0) / u.len().max(1) as f64;
    let fresh = u.iter().all(|u| *u == 0.0) && node.rounds > 1;
    for (u, h) in u.iter_mut().zip(held) {
        if fresh {
            *u = share;
        }
        *u = u.min(*h).max(0.0);
    }
}

/// One step along the subgradient; false when there is none.
fn climb(u: &mut [f64], gain: &[f64], held: &[f64], pace: f64, missing: f64) -> bool {
    let useful =
        |(i, g): (usize, &f64)| if (*g > 0.0 && u[i] >= held[i]) || (*g < 0.0 && u[i] <= 0.0) { 0.0 } else { g * g };
    let length: f64 = gain.iter().enumerate().map(useful).sum();
    if length == 0.0 {
        return false;
    }
    let step = pace * missing / length;
    for ((u, g), h) in u.iter_mut().zip(gain).zip(held) {
        *u = (*u + step * g).min(*h).max(0.0);
    }
    true
}

#[expect(clippy::cast_precision_loss, reason = "sums of distances stay below 2^53; a target without limit only steers")]
fn whole(value: u64) -> f64 {
    value.min(1 << 52) as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
fn round_up(value: f64) -> u64 {
    value.ceil().clamp(0.0, 1e15) as u64
}
