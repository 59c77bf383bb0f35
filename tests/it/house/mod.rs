//! The house's own rules, held against its own text: what imports what, what the schema says of itself.

mod cluster;
mod direction;
mod schema;
