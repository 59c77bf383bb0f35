//! The edge over real sockets.

mod address;
mod caller;
mod connection;
mod documents;
pub mod hostile;
mod limits;
pub mod lines;
mod metrics;
mod origin;
pub mod peer;
mod protocol;
pub mod ready;
mod sse;
mod tls;
mod traces;
