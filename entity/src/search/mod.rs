//! Rows of what is searched for.

pub mod saved_search;
pub mod saved_search_match;
pub mod saved_search_watch;
