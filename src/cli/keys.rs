//! `labpact keys`.

use clap::{Args, Subcommand};

use super::{Instance, say};
use crate::{
    attachment::Attachments,
    identity::embedded::{EmbeddedIssuer, KeyState},
    platform::{
        clock::Clock,
        fault::{Fault, Outcome},
    },
};

/// The signing keys of the embedded issuer, or those of the addresses of files.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  labpact keys list --data var/demo\n  labpact keys rotate --data var/demo\n  labpact keys rotate --attachments --data var/demo"
)]
pub struct Keys {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a new key, which signs from now on; the old one verifies for the configured overlap, or for a day.
    Rotate(Which),
    /// List the keys, newest first.
    List(Which),
}

#[derive(Debug, Args)]
struct Which {
    #[command(flatten)]
    instance: Instance,
    /// Those with which the addresses of files are signed.
    #[arg(long)]
    attachments: bool,
}

impl Keys {
    pub(super) fn run(self) -> Outcome<()> {
        match self.what {
            What::Rotate(which) if which.attachments => say(files(&which.instance)?.keys()?.rotate()?),
            What::Rotate(which) => say(open(&which.instance)?.rotate()?),
            What::List(which) if which.attachments => {
                for (at, (name, lives)) in files(&which.instance)?.keys()?.list().into_iter().enumerate() {
                    let state = match (at, lives) {
                        (0, _) => "signing",
                        (_, true) => "verifying",
                        (_, false) => "retired; the next rotation removes its file",
                    };
                    say(format!("{name}  {state}"))?;
                }
                Ok(())
            }
            What::List(which) => {
                for key in open(&which.instance)?.list() {
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

fn files(instance: &Instance) -> Outcome<Attachments> {
    let config = instance.load()?;
    let settings = config.attachments.settings(&config.database, &config.identity)?;
    Ok(Attachments::new(settings, Clock::system()))
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
