//! Regions: the divisions of the members' provinces (GB/T 2260), shipped with the program.
//!
//! Promise: a code that is no longer in use leads to the one that took its place.
//!
//! No table: the divisions change once a year and come with a release.

pub mod divisions;
pub mod graphql;
pub mod policy;
