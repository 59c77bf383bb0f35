//! Offerings: what a lab, or an agency itself, opens to others.
//!
//! Promise: an offering belongs to one agency, for good to one lab or to none, and is of one kind; nobody but the owner
//! sees it before it is first opened, and one that names agencies is seen by the owner and by these alone; where the lab
//! is not seen, its offerings are not either. What it names belongs to its lab.
//!
//! Tables: `offering`, `offering_scope`, `offering_equipment`. Actions: see [`policy`]. Events: `offering.changed.v1`,
//! `offering.opened.v1` (activated or resumed), `offering.paused.v1`, `offering.archived.v1`.

pub mod graphql;
pub mod loader;
pub mod model;
pub mod policy;
pub mod service;
pub mod store;
