//! What every capability stands on: access, transactions, faults, time. Knows no capability.

pub mod access;
pub mod clock;
pub mod fault;
pub mod lenient;
pub mod workday;
