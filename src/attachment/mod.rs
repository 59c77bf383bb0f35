//! Files that agencies attach to what they write: requests, offers, reports, consignments.
//!
//! Promise: a file is announced first, with name, media type, size and SHA-256, and then put at a signed address; what
//! comes is kept if it is what was announced, and leaves nothing behind otherwise. It is seen by the agency that has
//! uploaded it alone, until it is bound to something; from then on by the agencies that whoever binds it names, and it is
//! never taken away again. What is not bound in time is cleared away. A row says STORED only while its object is there.
//!
//! For others: [`service::bind`], [`service::show_to`], [`service::of_subject`] and [`service::of_subject_within`] inside
//! their own transactions; [`loader::AttachmentsOf`] in their GraphQL types; `sha256` and `size` of a row are those of the
//! content.
//!
//! Tables: `attachment`, `attachment_party`. Actions: see [`policy`]. Events: `attachment.stored.v1`.

pub mod address;
pub mod desk;
pub mod events;
pub mod graphql;
pub mod loader;
pub mod model;
pub mod object;
pub mod policy;
pub mod service;
pub mod store;
pub mod sweep;

pub use desk::{Attachments, Settings};
