//! Agencies: the member regulators of the pact.
//!
//! Promise: the members are entered at the first start; an agency edits its own entry alone, and none can be added or
//! removed through the API.
//!
//! Table: `agency`. Actions: see [`policy`]. Events: `agency.changed.v1`.

pub mod graphql;
pub mod loader;
pub mod members;
pub mod model;
pub mod policy;
pub mod service;
pub mod store;

pub use service::ensure_members;

use entity::ids::AgencyCode;

use crate::platform::personal::Guarded;

/// How the agency is reached may name a person.
pub const GUARDED: Guarded = Guarded {
    kind: AgencyCode::KIND,
    personal: &["contact_name", "contact_phone", "contact_email"],
    secret: &[],
    erasable: crate::directory::contact::erasable("agency", "code", "code"),
};
