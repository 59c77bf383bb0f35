//! What the tests stand on: the databases, and the world they run in.

pub mod postgres;
