//! Rows of what is searched for.

pub mod saved_search;
