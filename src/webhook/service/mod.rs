//! Use cases.

pub mod disable;
pub mod edit;
pub mod replay;
pub mod rotate;
