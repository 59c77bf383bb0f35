//! Certificates (资质认定 CMA, CNAS, …) of institutions, with all their revisions, and the labs that they cover.
//!
//! Promise: numbers are kept as written and compared folded; whether a certificate holds on a date is computed from the
//! revision in force on that date, so any past date has an answer; expiry is never stored.
//!
//! Tables: `certificate`, `certificate_lab`. Actions: see [`policy`]. Events: `certificate.changed.v1`,
//! `certificate.suspended.v1`, `certificate.resumed.v1`, `certificate.withdrawn.v1`.

pub mod graphql;
pub mod loader;
pub mod model;
pub mod number;
pub mod policy;
pub mod service;
pub mod store;
