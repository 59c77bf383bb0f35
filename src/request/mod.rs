//! The request desk: what an agency needs, where that was placed, what was answered, and how it ended.
//!
//! Promise: every step is one of the two state machines in [`model`], has an actor and, where it refuses something, a
//! coded reason; no step is open for ever; whoever accepts has not written; acceptance, capacity, what is told and the
//! record of it are one transaction. A provider sees a request from the moment at which it is sent to it, and of the
//! other providers nothing.
//!
//! Tables: `request`, `request_item`, `referral`, `referral_item`, `offer`, `offer_condition`, `approval`, `transition`.
//! Actions: see [`policy`]. Events: `request.*.v1`, `referral.*.v1`, one for each step and each side that is told.

pub mod deadline;
pub mod decision_events;
pub mod events;
pub mod graphql;
pub mod loader;
pub mod model;
pub mod policy;
pub mod service;
pub mod store;
