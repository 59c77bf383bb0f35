//! `labpact export`.

use std::{
    fs::File,
    io::{self, BufWriter},
    path::PathBuf,
};

use chrono::NaiveDate;
use clap::Args;

use super::{Instance, import::kind, telemetry};
use crate::{
    app::App,
    exchange::{
        format::Kind,
        service::{ExportOrder, Target, export},
    },
    platform::{
        access::{Actor, Caller},
        clock::Clock,
        fault::{Fault, Outcome},
        lenient::fold_code,
    },
};

/// Write the records of a kind as a file that `labpact import` reads.
///
/// The same register gives the same bytes. To standard output as CSV, or to a file by its ending: .csv or .xlsx.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  labpact export labs --data var/demo --agency GD > labs.csv\n  \
                        labpact export scopes --data var/demo --agency GD --output annexes.xlsx")]
pub struct Export {
    /// What is to be listed.
    #[arg(value_parser = kind)]
    kind: Kind,
    #[command(flatten)]
    instance: Instance,
    /// Code of the agency whose records are meant; standards and holidays are everybody's.
    #[arg(long)]
    agency: Option<String>,
    /// As of which date; today where not given.
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    /// The file; standard output where not given.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Begin CSV with a byte order mark, which spreadsheet programs look for.
    #[arg(long)]
    mark: bool,
}

impl Export {
    pub(super) async fn run(self) -> Outcome<()> {
        let config = self.instance.load()?;
        telemetry::begin_quietly(&config.log)?;
        let app = App::open(config, Clock::system()).await?;
        let agency = self.agency.as_deref().map(|code| fold_code(code).as_str().into());
        let caller = Caller::new(Actor::system(agency.clone(), "cli:export"), "cli:export");
        let order = ExportOrder { kind: self.kind, agency, on: self.on };
        let csv = if self.mark { Target::CsvWithMark } else { Target::Csv };
        match &self.output {
            None => {
                export(&app.db, &caller, &order, (csv, BufWriter::new(io::stdout()))).await?;
            }
            Some(path) => {
                let target = match path.extension().and_then(|ending| ending.to_str()) {
                    Some("xlsx") => Target::Xlsx,
                    Some("csv") => csv,
                    _ => {
                        return Err(Fault::invalid("output", "FILE_ENDING", "Name a file that ends in .csv or .xlsx."));
                    }
                };
                let file = File::create(path)
                    .map_err(|cause| Fault::Unavailable(format!("{} cannot be written: {cause}.", path.display())))?;
                export(&app.db, &caller, &order, (target, BufWriter::new(file))).await?;
            }
        }
        app.db.close().await;
        Ok(())
    }
}
