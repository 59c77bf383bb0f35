//! Dates of the register that come near: calibrations that fall due, certificates that end.
//!
//! Promise: so many days before, as the configuration lists them, the owner is told once of each date, on however many nodes
//! this runs and however often. Who finds several of those days past (an instance that stood still, a date that was entered
//! late) tells the nearest alone. What has been over for more than a week is told no more. A date that changes is told anew.
//!
//! Tables: `reminder`, of the platform. Events: `calibration.due.v1`, `certificate.expiring.v1`.

pub mod model;
pub mod policy;
pub mod service;
mod store;
