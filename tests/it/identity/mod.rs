//! Issuers, keys, tokens, actors.

#![expect(clippy::unwrap_used, reason = "a test ends where its ground gives way")]

mod account;
mod actor;
mod assertion;
mod config;
mod embedded;
mod forge;
mod hostile;
mod jwk;
mod jwks;
mod verify;
