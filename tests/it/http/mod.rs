//! The edge over real sockets.

mod caller;
mod hostile;
mod limits;
mod lines;
mod metrics;
mod origin;
pub mod peer;
mod protocol;
pub mod ready;
mod sse;
mod traces;
