//! `labpact schema`.

use clap::Args;

use super::say;
use crate::{
    graphql::{api, root},
    platform::fault::Outcome,
};

/// Print the GraphQL schema (SDL) that this program serves.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  labpact schema > schema.graphql")]
pub struct Schema {}

impl Schema {
    pub(super) fn run(self) -> Outcome<()> {
        say(api::sdl(&root::schema(root::Services::default())).trim_end())
    }
}
