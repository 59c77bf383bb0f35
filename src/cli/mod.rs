//! The command line: a file per command, each over the same services as the API.

mod demo;
mod doctor;
mod events;
mod export;
mod import;
mod keys;
mod migrate;
mod reindex;
mod schema;
mod serve;
mod telemetry;
mod token;

use std::{
    error::Error,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};

use crate::{
    config::{Config, Source},
    platform::fault::{Fault, Outcome},
};

/// The shared register and request desk of a pact between regulatory agencies.
#[derive(Debug, Parser)]
#[command(name = "labpact", version, about, propagate_version = true)]
#[command(
    after_help = "Begin with `labpact demo`. A command finds its instance by --config FILE, or by --data DIR for an embedded one."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Serve(serve::Serve),
    Migrate(migrate::Migrate),
    Schema(schema::Schema),
    Events(events::Events),
    Token(token::Token),
    Keys(keys::Keys),
    Import(import::Import),
    Export(export::Export),
    Doctor(doctor::Doctor),
    Reindex(reindex::Reindex),
}

/// Where the command finds its instance.
#[derive(Debug, Args)]
struct Instance {
    /// Configuration file (TOML); its commented reference is in src/config/reference.toml.
    #[arg(long, value_name = "FILE", env = "LABPACT_CONFIG", conflicts_with = "data")]
    config: Option<PathBuf>,
    /// Folder of an embedded instance: SQLite and its own keys, such as the demo's var/demo.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Instance {
    fn load(&self) -> Outcome<Config> {
        let source = match (&self.config, &self.data) {
            (Some(file), _) => Source::File(file.clone()),
            (None, Some(folder)) => Source::Data(folder.clone()),
            (None, None) => {
                return Err(Fault::invalid(
                    "",
                    "INSTANCE",
                    "Say which instance: --config FILE, or --data DIR for an embedded one.",
                ));
            }
        };
        Config::load(&source)
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => return failed(&Fault::internal(cause)),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(code) => code,
        Err(fault) => failed(&fault),
    }
}

async fn run(command: Command) -> Outcome<ExitCode> {
    match command {
        Command::Demo(command) => command.run().await?,
        Command::Serve(command) => command.run().await?,
        Command::Migrate(command) => return command.run().await,
        Command::Schema(command) => command.run()?,
        Command::Events(command) => command.run()?,
        Command::Token(command) => command.run()?,
        Command::Keys(command) => command.run()?,
        Command::Import(command) => return command.run().await,
        Command::Export(command) => command.run().await?,
        Command::Doctor(command) => return command.run().await,
        Command::Reindex(command) => command.run().await?,
    }
    Ok(ExitCode::SUCCESS)
}

fn failed(fault: &Fault) -> ExitCode {
    let mut text = fault.to_string();
    if let Fault::Internal(_) = fault {
        // There is no log to look into and nobody to hide the cause from: whoever runs a command is the operator.
        text = "This should not have happened; please report it with what follows.".to_owned();
        let mut cause = fault.source();
        while let Some(each) = cause {
            text.push_str(&format!(" Cause: {each}."));
            cause = each.source();
        }
    }
    // Nothing is left to do where even standard error is closed.
    let _ = writeln!(io::stderr(), "labpact: {text}");
    ExitCode::FAILURE
}

/// Writes a line to standard output; a reader that has gone away, as `head` does, ends the command quietly.
fn say(text: impl std::fmt::Display) -> Outcome<()> {
    match writeln!(io::stdout(), "{text}") {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => Err(Fault::internal(cause)),
        _ => Ok(()),
    }
}
