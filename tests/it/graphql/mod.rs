//! The executor's own rules.

mod cost;
mod text;
