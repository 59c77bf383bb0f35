//! `labpact demo`.

use clap::Args;

/// x
#[derive(Debug, Args)]
pub struct Demo {}
