//! The executor's own rules.

mod budget;
mod cost;
pub mod documents;
mod fuzz;
mod text;
mod whole;
