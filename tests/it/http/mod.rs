//! The edge over real sockets.

mod address;
mod caller;
mod connection;
pub mod hostile;
mod limits;
mod origin;
pub mod peer;
mod protocol;
mod sse;
mod tls;
