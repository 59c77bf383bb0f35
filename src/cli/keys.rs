//! `labpact keys`.

use clap::{Args, Subcommand};

use super::{Instance, say};
use crate::{
    attachment::Attachments,
    identity::embedded::{EmbeddedIssuer, KeyFolder, KeyState},
    platform::{
        clock::Clock,
        fault::{Fault, Outcome},
    },
};

/// The signing keys of the embedded issuer, those of the addresses of files, or those of the checkpoints of the chain.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  labpact keys list --data var/demo\n  labpact keys rotate --data var/demo\n  labpact keys rotate --attachments --data var/demo\n  labpact keys rotate --audit --config /etc/labpact.toml"
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
    #[arg(long, conflicts_with = "audit")]
    attachments: bool,
    /// Those that sign checkpoints of the chain, where the configuration names a folder for them.
    #[arg(long)]
    audit: bool,
}

impl Keys {
    pub(super) fn run(self) -> Outcome<()> {
        match self.what {
            What::Rotate(which) if which.attachments => say(files(&which.instance)?.keys()?.rotate()?),
            What::Rotate(which) if which.audit => say(chain(&which.instance)?.rotate()?),
            What::List(which) if which.audit => {
                for (at, kid) in chain(&which.instance)?.list().into_iter().enumerate() {
                    let state = if at == 0 { "signing" } else { "retired; what it has signed stays proven" };
                    say(format!("{kid}  {state}"))?;
                }
                Ok(())
            }
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

fn chain(instance: &Instance) -> Outcome<KeyFolder> {
    let config = instance.load()?;
    let folder = config.audit.keys.filter(|_| config.identity.embedded.is_none()).ok_or_else(|| {
        let message = "No folder of keys signs the chain here; where there is an embedded issuer, its keys do: labpact keys rotate.";
        Fault::invalid("audit.keys", "NO_AUDIT_KEYS", message)
    })?;
    KeyFolder::open(folder, "audit.keys", &Clock::system())
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
