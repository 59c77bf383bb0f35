//! The calendar of an offering: how much it gives, and when.
//!
//! Promise: what an offering gives on a day follows from its rules, the days listed by the pact, its exceptions and the
//! closures of it and of its lab, and from nothing else; an offering without a calendar states nothing.
//!
//! Tables: `capacity_calendar`, `capacity_exception`, `capacity_closure`, `equipment_outage`.

pub mod model;
pub mod store;
