//! Every query on the tables of calendars, closures and outages.

mod rules;

pub use rules::{outages, rules, rules_of};
