//! `labpact export`.

use clap::Args;

/// x
#[derive(Debug, Args)]
pub struct Export {}
