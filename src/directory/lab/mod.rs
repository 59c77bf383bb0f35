//! Labs (检验检测场所): the sites of institutions where tests are done.
//!
//! Promise: a lab belongs to one institution of the same agency and never moves; contact data goes to members of the
//! pact only.
//!
//! Table: `lab`. Actions: see [`policy`]. Events: `lab.changed.v1`, `lab.suspended.v1`, `lab.resumed.v1`,
//! `lab.retired.v1`.

pub mod graphql;
pub mod loader;
pub mod model;
pub mod policy;
pub mod service;
pub mod store;
