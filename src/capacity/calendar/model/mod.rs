//! How much there is, and when: pure functions of rules and listed days.

mod hours;
mod outage;
mod rules;

pub use hours::{Blocking, Hours};
pub use outage::{FAR, spans};
pub use rules::{Closed, ClosedBy, Listed, Quota, Rules, monday};
