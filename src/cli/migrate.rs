//! `labpact migrate`.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{Instance, say};
use crate::platform::{
    clock::Clock,
    db::Db,
    fault::Outcome,
    schema::{self, Status},
};

/// Bring the database up to this program's version, or see where it stands.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  labpact migrate status --config /etc/labpact.toml\n  labpact migrate up --config /etc/labpact.toml"
)]
pub struct Migrate {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make every pending change.
    Up(Instance),
    /// List what was made and what is pending; exit code 1 where something is.
    Status(Instance),
}

impl Migrate {
    pub(super) async fn run(self) -> Outcome<ExitCode> {
        match self.what {
            What::Up(instance) => {
                let config = instance.load()?;
                let db = Db::migrate(&config.database, Clock::system()).await?;
                let status = schema::status(&db).await?;
                db.close().await;
                say(format!("{} changes are in the database, none is pending.", status.applied.len()))?;
                Ok(ExitCode::SUCCESS)
            }
            What::Status(instance) => {
                let config = instance.load()?;
                let db = Db::connect(&config.database, Clock::system()).await?;
                let status = schema::status(&db).await?;
                db.close().await;
                show(&status)
            }
        }
    }
}

fn show(status: &Status) -> Outcome<ExitCode> {
    for name in &status.applied {
        say(format!("made     {name}"))?;
    }
    for name in &status.pending {
        say(format!("pending  {name}"))?;
    }
    for name in &status.unknown {
        say(format!("unknown  {name} (made by a newer version of labpact)"))?;
    }
    Ok(if status.pending.is_empty() && status.unknown.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
