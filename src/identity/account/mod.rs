//! Machine accounts: a system of an agency proves itself with its own key (RFC 7523) and gets short tokens for it.
//!
//! Promise: an agency manages its own accounts only; an account never carries what would let it make further accounts,
//! nor a scope of the whole pact that its maker does not hold; revocation is in force when the mutation answers, on other
//! nodes within a second.
//!
//! Tables: `machine_account`, `revocation`, `used_assertion`. Actions: see [`policy`]. Events:
//! `account.registered.v1`, `account.changed.v1`, `account.revoked.v1`, `token.revoked.v1`.

pub mod events;
pub mod exchange;
pub mod follower;
pub mod graphql;
pub mod model;
pub mod policy;
pub mod service;
pub mod store;
