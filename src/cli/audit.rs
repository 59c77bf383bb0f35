//! `labpact audit`.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Subcommand};

use super::{Instance, say};
use crate::{
    app::GUARDED,
    audit::{
        model::{
            chain::{Break, Chain},
            checkpoint::Checkpoint,
        },
        service::{
            erase::erase,
            export::export,
            verify::{Span, verify, verify_file},
        },
    },
    platform::{
        access::{Actor, Caller},
        access_log::Accesses,
        clock::Clock,
        command::Command,
        db::Db,
        fault::{Fault, Outcome},
        feed, schema,
    },
};

/// Prove that nothing was altered, take the proof out as a file, and erase data of persons.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  labpact audit verify --config /etc/labpact.toml\n  labpact audit verify --checkpoint kept.json --config /etc/labpact.toml\n  labpact audit export --from 1 --output chain.jsonl --config /etc/labpact.toml\n  labpact audit verify --file chain.jsonl"
)]
pub struct Audit {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Recompute the chain, and name the first link that does not hold. Exits with 1 where one does not.
    Verify(Verify),
    /// Write a span of the chain as JSON Lines, which `labpact audit verify --file` verifies alone.
    Export(Export),
    /// Erase the data of a person from its record, its history and its events. The chain still holds.
    Erase(Erase),
}

#[derive(Debug, Args)]
struct Verify {
    #[command(flatten)]
    instance: Instance,
    /// Number of the first entry.
    #[arg(long, value_name = "ENTRY", default_value_t = 1)]
    from: i64,
    /// Number of the last entry; the end of the chain where not given.
    #[arg(long, value_name = "ENTRY")]
    to: Option<i64>,
    /// A checkpoint that somebody has kept: a JSON object with its jws and jwk. May be given several times.
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    /// A file that was exported, instead of the database.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from", "to", "checkpoint"])]
    file: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Export {
    #[command(flatten)]
    instance: Instance,
    /// Number of the first entry.
    #[arg(long, value_name = "ENTRY", default_value_t = 1)]
    from: i64,
    /// Number of the last entry; the end of the chain where not given.
    #[arg(long, value_name = "ENTRY")]
    to: Option<i64>,
    /// The file; standard output where not given.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Erase {
    #[command(flatten)]
    instance: Instance,
    /// The kind of the record: signatory (or person), lab, institution, agency.
    #[arg(long, value_name = "KIND")]
    entity: String,
    /// Its id, with or without the kind.
    #[arg(long, value_name = "ID")]
    id: String,
    /// Why; it stays on record.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Audit {
    pub(super) async fn run(self) -> Outcome<ExitCode> {
        match self.what {
            What::Verify(command) => match &command.file {
                Some(file) => of_file(file),
                None => command.run().await,
            },
            What::Export(command) => command.run().await.map(|()| ExitCode::SUCCESS),
            What::Erase(command) => command.run().await.map(|()| ExitCode::SUCCESS),
        }
    }
}

impl Verify {
    async fn run(self) -> Outcome<ExitCode> {
        let kept = self.checkpoint.iter().map(|path| kept(path)).collect::<Outcome<Vec<_>>>()?;
        if !kept.is_empty() && (self.from, self.to) != (1, None) {
            let text = "A checkpoint that was kept is held against the whole chain; leave out --from and --to.";
            return Err(Fault::invalid("checkpoint", "SPAN", text));
        }
        let db = opened(&self.instance).await?;
        let span = Span { from: self.from, to: self.to };
        let verdict = verify(&db, &operator(), span, &kept).await;
        db.close().await;
        let verdict = verdict?;
        if let Some(broken) = verdict.broken {
            return told_broken(&verdict.chain, &broken);
        }
        told_whole(&verdict.chain, verdict.from)?;
        told_covered(verdict.checkpoints, verdict.covered, verdict.chain.next - 1)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn of_file(path: &Path) -> Outcome<ExitCode> {
    let file = File::open(path).map_err(|cause| unreadable(path, &cause))?;
    match verify_file(BufReader::new(file))? {
        Err((chain, broken)) => told_broken(&chain, &broken),
        Ok(told) => {
            told_whole(&told.chain, told.from)?;
            told_covered(told.checkpoints, told.covered, told.chain.next - 1)?;
            if told.unproven {
                say(
                    "Some of what was erased or let go was so by acts that are not in this file; verify a longer one.",
                )?;
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

impl Export {
    async fn run(self) -> Outcome<()> {
        let db = opened(&self.instance).await?;
        let span = Span { from: self.from, to: self.to };
        let accesses = Accesses::default();
        let at = (&db, &accesses);
        match &self.output {
            None => drop(export(at, &operator(), span, BufWriter::new(io::stdout())).await?),
            Some(path) => {
                let file = File::create(path)
                    .map_err(|cause| Fault::Unavailable(format!("{} cannot be written: {cause}.", path.display())))?;
                let count = export(at, &operator(), span, BufWriter::new(file)).await?;
                say(format!("{count} entries are in {}.", path.display()))?;
            }
        }
        db.close().await;
        Ok(())
    }
}

impl Erase {
    async fn run(self) -> Outcome<()> {
        let db = opened(&self.instance).await?;
        let kind = if self.entity == "person" { "signatory" } else { self.entity.as_str() };
        let key = self.id.strip_prefix(&format!("{kind}:")).unwrap_or(&self.id);
        let caller = operator();
        let erased = erase(&Command::new(&db, &caller), GUARDED, (kind, key), &self.reason).await?;
        // A node that serves would do so within a second; there may be none.
        feed::drain(&db).await?;
        db.close().await;
        say(format!("Erased from the record, {} changes and {} events.", erased.changes, erased.events))
    }
}

fn operator() -> Caller {
    Caller::new(Actor::system(None, "cli:audit"), "cli:audit")
}

async fn opened(instance: &Instance) -> Outcome<Db> {
    let config = instance.load()?;
    let db = Db::connect(&config.database, Clock::system()).await?;
    schema::status(&db).await?.refuse_pending()?;
    Ok(db)
}

fn kept(path: &Path) -> Outcome<Checkpoint> {
    let text = std::fs::read_to_string(path).map_err(|cause| unreadable(path, &cause))?;
    Checkpoint::parse(&text)
}

fn unreadable(path: &Path, cause: &io::Error) -> Fault {
    Fault::Unavailable(format!("{} cannot be read: {cause}.", path.display()))
}

fn told_broken(chain: &Chain, broken: &Break) -> Outcome<ExitCode> {
    say(format!("BROKEN at entry {}: {} ({})", broken.seq, broken.text, broken.flaw.code()))?;
    say(format!("{} entries before it hold.", chain.entries))?;
    Ok(ExitCode::FAILURE)
}

fn told_whole(chain: &Chain, from: i64) -> Outcome<()> {
    say(format!("The chain holds: {} entries, {from} to {}.", chain.entries, chain.next - 1))?;
    say(format!("Hash of the last: {}", hex::encode(&chain.hash)))?;
    if chain.erased > 0 {
        say(format!("Of {} entries the data of a person was erased.", chain.erased))?;
    }
    if chain.pruned > 0 {
        say(format!("Of {} entries the content was let go when its time was over.", chain.pruned))?;
    }
    Ok(())
}

fn told_covered(checkpoints: u64, covered: Option<i64>, last: i64) -> Outcome<()> {
    match covered {
        Some(seq) if seq == last => say(format!("{checkpoints} checkpoints hold; the last covers all of it.")),
        Some(seq) => {
            say(format!("{checkpoints} checkpoints hold; the last covers entry {seq}, and none what follows."))
        }
        None => say("No checkpoint covers it."),
    }
}
