//! What the measurements stand on: filled databases, a running instance, and a bounded load.

pub mod fill;
pub mod instance;
pub mod load;
pub mod memory;
pub mod recorded;

/// The throw-away databases of the tests.
#[expect(dead_code, reason = "the tests use more of it than the measurements do")]
#[path = "../../tests/it/support/mod.rs"]
pub mod throwaway;

/// A number from the environment, or what is usual.
pub fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}
