//! Standards: each edition of each, its titles, its life, and what replaced it.
//!
//! Promise: a number is found in any spelling; which edition of a standard is current can be told; the chain of
//! replacement can be walked both ways. Standards belong to the pact as a whole and everybody may see them.
//!
//! Table: `standard`. Actions: see [`policy`]. Event: `standard.changed.v1`.

pub mod graphql;
pub mod loader;
pub mod model;
pub mod number;
pub mod policy;
pub mod service;
pub mod store;
