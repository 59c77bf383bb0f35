//! Labpact: the shared register and request desk of a pact between regulatory agencies.
//!
//! The modules read as the product's table of contents. Imports point one way only:
//! `cli, http → graphql → capability → entity`, with [`platform`] below all of them;
//! `docs/architecture.md` draws the map and walks two requests through it.

pub mod app;
pub mod approval;
pub mod attachment;
pub mod audit;
pub mod capacity;
pub mod cli;
pub mod config;
pub mod copy;
pub mod demo;
pub mod directory;
pub mod exchange;
pub mod graphql;
pub mod http;
pub mod identity;
pub mod message;
pub mod notify;
pub mod platform;
pub mod request;
pub mod search;
pub mod webhook;
