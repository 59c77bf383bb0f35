//! Saved searches: questions that an agency keeps under a name and asks again.
//!
//! Promise: a saved search belongs to one agency, and no other learns that it exists; its name is unique within the
//! agency however it is written; what is kept is the question as the API spells it, read again each time it is asked, so
//! that it finds what there is to find then. A deleted one is gone; the change log keeps it.
//!
//! Tables: `saved_search`. Actions: see [`policy`]. Events: those of `search::watch`, which asks again for those that want to
//! be told.

pub mod graphql;
pub mod loader;
pub mod model;
pub mod policy;
pub mod service;
pub mod store;
