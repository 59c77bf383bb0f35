//! What can be done with calendars, closures and outages.

mod closure;
mod outage;
mod plan;
mod rules;

pub use closure::{ClosureDone, cancel, plan as plan_closure};
pub use outage::{OutageDone, end, report};
pub use rules::{except, set, unexcept};
