//! Equipment of labs with all its revisions, its calibrations, and the scope lines that need it.
//!
//! Promise: whether an item was in service and in calibration on a date has an answer for any past date; a calibration
//! is never edited, a wrong entry is voided and entered again.
//!
//! Tables: `equipment`, `calibration`, `equipment_scope`. Actions: see [`policy`]. Events: `equipment.changed.v1`,
//! `equipment.status_changed.v1`, `calibration.recorded.v1`, `calibration.voided.v1`.

pub mod graphql;
pub mod loader;
pub mod model;
pub mod policy;
pub mod service;
pub mod store;
