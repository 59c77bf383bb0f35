//! What labs can do for others, on which terms, and when.

pub mod availability;
pub mod calendar;
pub mod events;
pub mod feed;
pub mod hold;
pub mod offering;
