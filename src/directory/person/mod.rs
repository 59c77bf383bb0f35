//! Signatories (授权签字人): who may sign the reports of a site.
//!
//! Promise: an authorisation holds for dates, for fields or for every field, and may name single lines beyond them; names
//! go to members of the pact only.
//!
//! Tables: `signatory`, `signatory_scope`. Actions: see [`policy`]. Events: `signatory.changed.v1`,
//! `signatory.suspended.v1`, `signatory.resumed.v1`, `signatory.retired.v1`.

pub mod graphql;
pub mod link;
pub mod loader;
pub mod model;
pub mod policy;
pub mod service;
pub mod store;

use entity::ids::SignatoryId;

use crate::platform::personal::{Erasable, Guarded, Tombstone};

/// Who the person is: the name, and the number of the authorisation, which names the person elsewhere.
pub const GUARDED: Guarded = Guarded {
    kind: SignatoryId::KIND,
    personal: &["name", "code"],
    secret: &[],
    erasable: Some(Erasable {
        table: "signatory",
        key: "id",
        owner: "agency",
        leaves: &[("name", Tombstone::Word), ("code", Tombstone::WordAndKey)],
    }),
};
