//! Rows of what is opened to others.

pub mod calendar_feed;
pub mod capacity_calendar;
pub mod capacity_closure;
pub mod capacity_day;
pub mod capacity_exception;
pub mod equipment_outage;
pub mod hold;
pub mod hold_block;
pub mod hold_day;
pub mod offering;
pub mod offering_equipment;
pub mod offering_scope;
