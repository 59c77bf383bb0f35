//! Rows of what is opened to others.

pub mod offering;
pub mod offering_equipment;
pub mod offering_scope;
