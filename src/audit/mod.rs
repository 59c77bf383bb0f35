//! Looking back: who did what, when and why, and proof that nothing was altered since.
//!
//! Promise: every change and every event is an entry of one chain of hashes (see `platform::feed`); whoever recomputes it
//! learns of the first entry that was altered, taken away or moved. Signed checkpoints, which partners can keep, show where
//! somebody has made the whole chain anew. Data of persons can be erased and old content can be let go, each by an act that is
//! itself an entry, and the chain still holds. Who read what is protected is on record too.
//!
//! The module names no capability: what is guarded and what is kept for a time is listed in `app.rs`.
//!
//! Tables: `checkpoint`, `pruned`, `access_log`; it reads `feed`, `change` and `outbox`. Actions: see [`policy`]. Events:
//! none.

pub mod graphql;
pub mod model;
pub mod policy;
pub mod retention;
pub mod service;
mod store;
