//! Capability annexes (能力附表): dated editions, and their lines with all their revisions.
//!
//! Promise: nothing is overwritten, so "was this line valid on the report's date?" has an answer for any past date; an
//! annex that is delivered twice changes nothing the second time.
//!
//! Tables: `scope_version`, `competence_scope`. Actions: see [`policy`]. Events: `scope.changed.v1`, one for each act
//! on one lab, with the certificate, the lab, the edition and the counts of lines created, changed and closed.

pub mod graphql;
pub mod loader;
pub mod model;
pub mod policy;
pub mod serial;
pub mod service;
pub mod store;
