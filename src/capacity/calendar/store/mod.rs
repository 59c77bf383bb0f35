//! Every query on the tables of calendars, closures and outages.

mod reading;
mod rules;
mod writing;

pub use reading::{closures_of, outages_of, stated};
pub use rules::{outages, rules, rules_of};
pub use writing::{
    calendar, closed, exception, lock_closure, lock_offerings, lock_outage, stating, target_of_closure,
    target_of_outage,
};
