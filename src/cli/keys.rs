//! `labpact keys`.

use clap::{Args, Subcommand};

use super::{Instance, say};
use crate::{
    identity::embedded::{EmbeddedIssuer, KeyState},
    platform::{
        clock::Clock,
        fault::{Fault, Outcome},
    },
};

/// The signing keys of the embedded issuer.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  labpact keys list --data var/demo\n  labpact keys rotate --data var/demo")]
pub struct Keys {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a new key, which signs from now on; the old one verifies for the configured overlap.
    Rotate(Instance),
    /// List the keys, newest first.
    List(Instance),
}

impl Keys {
    pub(super) fn run(self) -> Outcome<()> {
        match self.what {
            What::Rotate(instance) => say(open(&instance)?.rotate()?),
            What::List(instance) => {
                for key in open(&instance)?.list() {
                    let state = match key.state {
                        KeyState::Signing => "signing".to_owned(),
                        KeyState::VerifyingUntil(until) => format!("verifying until {until}"),
                        KeyState::Retired => "retired; its file can go".to_owned(),
                    };
                    say(format!("{}  made {}  {state}  {}", key.kid, key.created_at, key.file.display()))?;
                }
                Ok(())
            }
        }
    }
}

fn open(instance: &Instance) -> Outcome<EmbeddedIssuer> {
    let config = instance.load()?;
    let section = config.identity.embedded.as_ref().ok_or_else(|| {
        Fault::invalid(
            "identity.embedded",
            "NO_EMBEDDED_ISSUER",
            "This instance has no issuer of its own, hence no keys.",
        )
    })?;
    EmbeddedIssuer::open(section, Clock::system())
}
