//! `labpact reindex`.

use std::time::Duration;

use clap::Args;

use super::{Instance, say};
use crate::{
    platform::{clock::Clock, db::Db, fault::Outcome, schema},
    search::follow::{self, Settings, Shown},
};

/// Build the search index anew while the node is stopped.
///
/// A node builds a lost index by itself when it starts; this is for whoever would rather wait.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  labpact reindex --config /etc/labpact.toml")]
pub struct Reindex {
    #[command(flatten)]
    instance: Instance,
}

impl Reindex {
    pub(super) async fn run(self) -> Outcome<()> {
        let config = self.instance.load()?;
        let db = Db::connect(&config.database, Clock::system()).await?;
        schema::status(&db).await?.refuse_pending()?;
        let settings = Settings {
            place: config.search.place(&config.database),
            threads: config.search.writer_threads,
            poll: Duration::from_millis(config.search.poll_milliseconds),
        };
        let built = follow::anew(&db, &Shown::default(), &settings).await;
        db.close().await;
        say(format!("{} revisions of scope lines are in the index.", built?))
    }
}
