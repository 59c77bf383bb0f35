//! The executor's own rules.

mod budget;
mod cost;
mod text;
