//! The calendar of an offering: how much it gives, and when; closures, and outages of equipment.
//!
//! Promise: what an offering gives on a day follows from its rules, the days listed by the pact, its exceptions and the
//! closures of it and of its lab, and from nothing else; an offering without a calendar states nothing. A planned change
//! never takes away what is set aside or booked: it is refused with all days and times. An outage is no plan: it is always
//! entered, marks the times that it falls into, and names what they were for. Days that the pact lists later are no plan of
//! the offering's either: where they take away what is taken, the day is overcommitted, and says so.
//!
//! Tables: `capacity_calendar`, `capacity_exception`, `capacity_closure`, `equipment_outage`. Actions: see [`policy`].
//! Events: `capacity.changed.v1` (rules, exceptions and closures of an offering), `outage.reported.v1`, `outage.ended.v1`,
//! which name the subjects of the holds that they fall into.

pub mod graphql;
pub mod loader;
pub mod model;
pub mod policy;
pub mod service;
pub mod store;
