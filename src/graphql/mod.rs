//! The schema's foundations: what every capability's `graphql.rs` builds with, and the root that puts them together.

pub mod access;
pub mod api;
pub mod budget;
pub mod catalogue;
pub mod context;
pub mod cost;
pub mod documents;
pub mod error;
pub mod filter;
pub mod introspection;
pub mod limits;
pub mod merging;
pub mod node;
pub mod observe;
pub mod page;
pub mod payload;
pub mod root;
pub mod scalars;
pub mod streams;
pub mod text;
pub mod visibility;
