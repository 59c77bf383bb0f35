//! Find: who can test what, by which method, where and when.
//!
//! A read model of the directory, kept on each node and fed by the change feed alone. It owns no table but
//! that of the searches which agencies keep (see [`saved`]). Lines are three
//! numbers each (see [`register`]), in a tantivy index sorted by what is tested; a question is decided once for each
//! competence, holder and span, and lines are only counted (see [`find`]).

pub mod coverage;
pub mod find;
pub mod follow;
pub mod graphql;
pub mod index;
pub mod policy;
pub mod register;
pub mod saved;
pub mod service;
pub mod text;
pub mod watch;
