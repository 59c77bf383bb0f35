//! Who is calling: trusted issuers, their keys, strict tokens, and the [`Actor`](crate::platform::access::Actor)
//! that a token makes.
//!
//! The way of a token: [`verify::Verifier`] → [`token`] (form, RFC 8725 and RFC 9068) → [`issuer`] (whom we trust for
//! which agencies) → [`jwks`] or [`embedded`] (the key) → [`actor`] (claims → Actor). Client assertions of machine
//! accounts go through the same strict parser in [`assertion`].
//!
//! Every refusal of a token is [`Fault::Unauthenticated`](crate::platform::fault::Fault::Unauthenticated) with a reason
//! for the log that never holds the token. The tables belong to [`account`].

pub mod account;
pub mod actor;
pub mod assertion;
pub mod config;
pub mod embedded;
pub mod fetch;
pub mod issuer;
pub mod json;
pub mod jwk;
pub mod jwks;
pub mod revocation;
pub mod roles;
pub mod scopes;
pub mod token;
pub mod token_request;
pub mod trust;
pub mod verify;
