//! What labs can do for others, on which terms, and when.

pub mod availability;
pub mod offering;
