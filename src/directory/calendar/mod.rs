//! The calendar: listed holidays and make-up days (调休上班), from which working days are counted.
//!
//! Promise: the days shipped with the program are known from the start; each year's notice is entered or imported on
//! top, and a day that is entered again is corrected.
//!
//! Table: `holiday`. Actions: see [`policy`]. Events: `calendar.changed.v1`.

pub mod graphql;
pub mod loader;
pub mod policy;
pub mod service;
pub mod store;
