//! The edge over real sockets.

mod caller;
mod hostile;
mod limits;
mod origin;
pub mod peer;
mod protocol;
mod sse;
