//! Coverage of a basket: which labs together take all its items, each item at exactly one lab.
//!
//! The room is pure: no clock, no input or output. The same problem gives the same answer, on every machine
//! whenever the answer is marked optimal. Method: threshold on dates, dominance between labs, then branch and
//! bound over sets of labs with Lagrangian bounds (the relaxation of the item constraints of set cover and
//! p-median), and an exact assignment of the items for each set that is left.

mod assign;
mod bound;
mod cover;
mod greedy;
mod instance;
mod model;
mod plan;
mod search;

pub use model::{Answer, Candidate, Figures, Offer, Placement, Plan, Preference, Problem, Work};
pub use plan::solve;

/// Most items for which an optimal answer is sought.
pub const EXACT_ITEMS: usize = 30;
/// Most candidate labs (with at least one usable offer) for which an optimal answer is sought.
pub const EXACT_LABS: usize = 200;
/// Most items of a basket; items past it are answered as uncovered.
pub const MAX_ITEMS: usize = 100;
/// Plans in an answer: the best and two further ones.
pub const PLANS: usize = 3;
