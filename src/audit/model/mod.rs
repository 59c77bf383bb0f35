//! The chain, its checkpoints, the files it is told in, and what of it is told to whom. Pure.

pub mod chain;
pub mod checkpoint;
pub mod line;
pub mod mask;
