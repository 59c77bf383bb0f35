//! Files as callers announce them, and their content as it comes.

pub mod binding;
pub mod content;
pub mod name;
pub mod query;
pub mod record;
