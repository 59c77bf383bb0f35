//! What labs and agencies open to others.
//!
//! Each noun is a folder with the same rooms (`model`, `policy`, `store`, `service`, `graphql`, `loader`).

pub mod offering;
