//! Rows of how agencies decide.

pub mod approval_rules;
pub mod deputy;
