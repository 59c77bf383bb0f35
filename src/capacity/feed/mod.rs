//! Addresses under which a calendar is followed (iCalendar, RFC 5545), by programs that have no token of ours.
//!
//! Promise: whoever knows the address reads closures, outages and bookings of one offering, or of all that a lab offers,
//! and nothing else; the address is shown once and kept nowhere but as a hash; revoked, it is gone at once on every node.
//! Bookings say how much is booked for which agency, never what is tested or whose sample it is.
//!
//! Tables: `calendar_feed`. Actions: see [`policy`]. Events: none.

pub mod graphql;
pub mod model;
pub mod policy;
pub mod service;
pub mod store;
