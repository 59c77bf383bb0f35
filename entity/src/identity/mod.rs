//! Rows of identity.

pub mod machine_account;
pub mod revocation;
pub mod used_assertion;
