//! Plans for baskets.

mod plans;
mod program;
