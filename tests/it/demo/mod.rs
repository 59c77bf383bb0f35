//! The demonstration data: what is made, and how it is written.

mod fill;
mod made;
mod rules;

use chrono::NaiveDate;
use labpact::demo::{Part, Plan, Size};

/// The date that the tests' data is made for.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date")
}

fn plan(size: Size) -> Plan {
    Plan::new(size, today()).expect("a size within its limits")
}

/// Everything of the default size.
fn all() -> Vec<Part> {
    plan(Size::default()).parts().collect()
}
