//! `labpact events`.

use std::{fs, path::PathBuf};

use clap::Args;

use super::say;
use crate::{
    graphql::catalogue::catalogue,
    notify::catalogue::written,
    platform::fault::{Fault, Outcome},
};

/// List the events that this program emits, or write the JSON Schemas of their data into a folder.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  labpact events\n  labpact events --out docs/events")]
pub struct Events {
    /// A folder for one NAME.json of each event; schemas of events that are no more are removed from it.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Events {
    pub(super) fn run(self) -> Outcome<()> {
        let catalogue = catalogue();
        let Some(folder) = self.out else {
            let lines: Vec<String> = catalogue.all().map(|kind| format!("{}\t{}", kind.name, kind.meaning)).collect();
            return say(lines.join("\n"));
        };
        let failed = |cause: std::io::Error| {
            Fault::Unavailable(format!("{} cannot be written: {cause}. Choose a folder that can.", folder.display()))
        };
        fs::create_dir_all(&folder).map_err(failed)?;
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".json"));
            if name.is_some_and(|name| catalogue.of(name).is_none()) {
                fs::remove_file(&path).map_err(failed)?;
            }
        }
        for kind in catalogue.all() {
            fs::write(folder.join(format!("{}.json", kind.name)), written(&kind.schema())).map_err(failed)?;
        }
        Ok(())
    }
}
