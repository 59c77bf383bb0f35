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

use entity::ids::LabId;

use crate::platform::personal::Guarded;

/// How the lab is reached may name a person.
pub const GUARDED: Guarded = Guarded {
    kind: LabId::KIND,
    personal: &["contact_name", "contact_phone", "contact_email"],
    secret: &[],
    erasable: crate::directory::contact::erasable("lab", "id", "agency"),
};
