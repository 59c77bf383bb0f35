//! Institutions (机构): the legal entities that run labs and hold certificates.
//!
//! Promise: a credit code is judged by GB 32100 and GB 11714 and kept normalised; a personal identity number in its
//! place is refused and never repeated; contact data goes to members of the pact only.
//!
//! Table: `institution`. Actions: see [`policy`]. Events: `institution.changed.v1`, `institution.suspended.v1`,
//! `institution.resumed.v1`, `institution.retired.v1`.

pub mod graphql;
pub mod loader;
pub mod model;
pub mod policy;
pub mod service;
pub mod store;
pub mod uscc;

use entity::ids::InstitutionId;

use crate::platform::personal::Guarded;

/// How the institution is reached may name a person.
pub const GUARDED: Guarded = Guarded {
    kind: InstitutionId::KIND,
    personal: &["contact_name", "contact_phone", "contact_email"],
    secret: &[],
    erasable: crate::directory::contact::erasable("institution", "id", "agency"),
};
