//! The real binary, started as an operator starts it.

mod audit;
mod files;
mod guide;
mod import;
mod instance;
mod killed;
mod memory;
mod refusal;
mod reindex;
mod serving;

use std::{
    path::Path,
    process::{Command, Output},
};

use crate::support::base::{Backend, Base};

/// The program with these arguments, and nothing of the surroundings that could configure it.
fn labpact(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_labpact"));
    command.args(arguments);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LABPACT")) {
        command.env_remove(name);
    }
    command
}

/// Runs it to its end.
fn run(arguments: &[&str]) -> Output {
    labpact(arguments).output().expect("the program runs")
}

/// What it printed, of a run that went well.
fn told(arguments: &[&str]) -> String {
    let output = run(arguments);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{arguments:?}\n{out}\n{err}");
    out
}

/// The one sentence of a run that was refused.
fn refusal(output: &Output) -> String {
    let err = text(&output.stderr);
    assert!(!output.status.success(), "{err}");
    for word in ["panicked", "RUST_BACKTRACE", "stack backtrace", "DbErr"] {
        assert!(!err.contains(word), "{err}");
    }
    assert!(err.starts_with("labpact: "), "{err}");
    err.trim_end().to_owned()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn show(path: &Path) -> &str {
    path.to_str().expect("a path of ASCII")
}

/// A configuration file for a fresh database, with a key folder of its own; `None` where the machine has no PostgreSQL.
async fn configured(backend: Backend, more: &str) -> Option<(Base, std::path::PathBuf)> {
    let base = Base::new(backend).await?;
    let file = base.folder.path().join("labpact.toml");
    let keys = base.folder.path().join("keys");
    let config = format!(
        "[database]\nurl = \"{}\"\n[identity.embedded]\nurl = \"http://127.0.0.1\"\nagencies = [\"GD\", \"SD\"]\nkeys = \"{}\"\n[attachments]\nstore = \"{}\"\n{more}",
        base.config.url,
        keys.display(),
        base.folder.path().join("files").display()
    );
    std::fs::write(&file, config).expect("written");
    Some((base, file))
}

/// Runs a test on SQLite and on PostgreSQL.
fn on_both(test: impl AsyncFn(&Base, &str)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for backend in [Backend::Sqlite, Backend::Postgres] {
        runtime.block_on(async {
            let Some((base, file)) = configured(backend, "").await else { return };
            test(&base, show(&file)).await;
            base.remove().await;
        });
    }
}
