//! `labpact import`.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use entity::enums::ScopeVersionReason;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Instance, say, telemetry};
use crate::{
    app::App,
    exchange::{
        format::{Kind, Mapping},
        service::{AnnexOrder, ImportOrder, Progress, import},
    },
    platform::{
        access::{Actor, Caller},
        clock::Clock,
        command::Command,
        fault::{Fault, Outcome},
        feed,
        lenient::fold_code,
    },
};

/// Bring files into the register: CSV or XLSX.
///
/// Columns are found by their Chinese or English headings in any order, or by a mapping file. Every row that is refused
/// is reported with file, sheet, row, column, value and reason; the others are entered, all in one transaction.
#[derive(Debug, Args)]
#[command(
    after_help = "Kinds: institutions labs certificates scopes equipment calibrations standards holidays signatories\n\nExamples:\n  \
                        labpact import labs labs.xlsx --data var/demo --agency GD --dry-run\n  \
                        labpact import scopes annex.xlsx --data var/demo --agency GD --certificate 202319012345 --lab GZ-01 --complete\n  \
                        labpact import standards list.csv --config labpact.toml --mapping list.toml --format json"
)]
pub struct Import {
    /// What the files are lists of.
    #[arg(value_parser = kind)]
    kind: Kind,
    /// The files, in their order.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    instance: Instance,
    /// Code of the agency to which new rows belong.
    #[arg(long)]
    agency: Option<String>,
    /// Mapping file (TOML) for files with headings of their own.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Say what would be done and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Enter nothing where one row is refused.
    #[arg(long)]
    all_or_nothing: bool,
    /// Annexes: the certificate of rows that name none.
    #[arg(long, value_name = "NUMBER")]
    certificate: Option<String>,
    /// Annexes: the lab of rows that name none.
    #[arg(long, value_name = "CODE")]
    lab: Option<String>,
    /// Annexes: date of the edition, where rows name none; today where not given.
    #[arg(long, value_name = "DATE")]
    dated: Option<NaiveDate>,
    /// Annexes: the file is the whole annex, so lines that are missing in it end.
    #[arg(long)]
    complete: bool,
    /// Form of the report.
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people.
    Text,
    /// For machines.
    Json,
}

pub(super) fn kind(word: &str) -> Result<Kind, String> {
    let known = || Kind::ALL.map(Kind::word).join(", ");
    Kind::parse(word).ok_or_else(|| format!("there are {}", known()))
}

impl Import {
    pub(super) async fn run(self) -> Outcome<ExitCode> {
        let config = self.instance.load()?;
        telemetry::begin_quietly(&config.log)?;
        let mapping =
            self.mapping.as_deref().map(|path| Mapping::read(path, self.kind)).transpose()?.unwrap_or_default();
        let app = App::open(config, Clock::system()).await?;
        let agency = self.agency.as_deref().map(|code| fold_code(code).as_str().into());
        let caller = Caller::new(Actor::system(agency.clone(), "cli:import"), app.db.clock().id().simple().to_string());
        let order = ImportOrder {
            kind: self.kind,
            files: self.files,
            mapping,
            agency,
            all_or_nothing: self.all_or_nothing,
            annex: AnnexOrder {
                certificate: self.certificate,
                lab: self.lab,
                dated: self.dated,
                reason: ScopeVersionReason::Reassessment,
                complete: self.complete,
            },
        };
        let bar = Bar::new();
        let command = Command { dry_run: self.dry_run, ..Command::new(&app.db, &caller) };
        let report = import(&command, &order, &bar).await;
        bar.0.finish_and_clear();
        feed::drain(&app.db).await?;
        app.db.close().await;
        let report = report?;
        match self.format {
            Form::Text => say(format!("{report}").trim_end())?,
            Form::Json => say(serde_json::to_string_pretty(&report).map_err(Fault::internal)?)?,
        }
        Ok(if report.refused_rows == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
    }
}

/// A bar on a terminal; elsewhere a plain line at 1,000, 2,000 … 10,000, 20,000 … rows and so on.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} rows {per_sec}") {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl Progress for Bar {
    fn rows(&self, read: u64) {
        self.0.set_position(read);
        let decade = 10_u64.pow(read.max(1).ilog10());
        if !std::io::stderr().is_terminal() && read.is_multiple_of(decade) {
            // Nobody may be listening any more; the import goes on.
            let _ = writeln!(std::io::stderr(), "{read} rows read");
        }
    }
}
