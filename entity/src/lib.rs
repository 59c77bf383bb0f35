//! The stored rows of Labpact and nothing else: no rules, no GraphQL.
//!
//! One folder per capability, one file per table.

pub mod ids;
