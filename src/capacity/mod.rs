//! What labs can do for others, and when.

pub mod availability;
