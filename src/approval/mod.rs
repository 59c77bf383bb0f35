//! Approval rules: how an agency decides what the desk asks it, as data of its own.
//!
//! Promise: without a rule one person with the scope decides, and whoever wrote a thing never approves it; a rule can ask
//! for more, and no rule for less. What an agency has in force on a date is the last set that it wrote for then; sets are
//! written anew and never edited, so that each decision says under which set it was taken. A rule that answers by itself
//! has limits, and does not serve whoever wrote it. No other agency learns of an agency's rules and deputies.
//!
//! Tables: `approval_rules`, `deputy`. Actions: see [`policy`]. Events: `approvalRules.changed.v1`, `deputy.appointed.v1`,
//! `deputy.ended.v1`, told to the own agency alone.

pub mod events;
pub mod graphql;
pub mod loader;
pub mod model;
pub mod policy;
pub mod service;
pub mod store;
