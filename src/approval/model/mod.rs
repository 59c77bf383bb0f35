//! Rules, and what they ask for in a case. Pure.

pub mod case;
pub mod counsel;
pub mod deputy;
pub mod rule;
