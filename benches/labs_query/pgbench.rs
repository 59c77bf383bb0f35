//! The yardstick of the database: pgbench with the very statements that the register sends for the query, prepared.
//!
//! They are taken from PostgreSQL's own log of one request, so they are never out of date; the values that were bound
//! are bound again.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use sea_orm::Database;
use serde_json::json;

use super::support::{
    fill,
    instance::Instance,
    load::{Rate, Request},
    throwaway::base::Base,
};

/// A script for pgbench.
pub struct Script {
    folder: tempfile::TempDir,
    socket: PathBuf,
    database: String,
    values: Vec<(String, String)>,
}

impl Script {
    /// Lets the register answer `query` once and writes down the statements that reach the database.
    ///
    /// # Panics
    /// Where they do not turn up in the log.
    pub async fn record(base: &Base, query: &str) -> Self {
        let url = &base.config.url;
        let socket = PathBuf::from(url.split_once("host=").expect("a socket in the URL").1);
        let path = url.split_once('?').expect("parameters in the URL").0;
        let database = path.rsplit('/').next().expect("a name in the URL").to_owned();
        let admin = Database::connect(url).await.expect("the database opens");
        fill::run(&admin, &[format!("ALTER DATABASE {database} SET log_min_duration_statement = 0")]).await;
        let instance = Instance::start(base.config.clone()).await;
        let request = Request::post("/graphql", &instance.token(), &json!({ "query": query }).to_string());
        let log = socket.join("server.log");
        let before = fs::read_to_string(&log).expect("the log of the cluster").len();
        request.once(instance.address);
        let text = fs::read_to_string(&log).expect("the log of the cluster")[before..].to_owned();
        instance.end().await;
        fill::run(&admin, &[format!("ALTER DATABASE {database} RESET log_min_duration_statement")]).await;
        admin.close().await.expect("the connections close");

        let (mut script, mut values) = (String::new(), Vec::new());
        // The followers of the instance ask on their own account.
        let theirs = ["set_config", "\"revocation\"", " revocation", "\"uncounted\"", "\"feed\""];
        let asked = |statement: &str| !theirs.iter().any(|table| statement.contains(table));
        let asked = statements(&text).into_iter().filter(|(statement, _)| asked(statement));
        for (at, (statement, bound)) in asked.enumerate() {
            let mut statement = statement;
            // The highest first, so that $1 does not meet $10.
            for n in (1..=bound.len()).rev() {
                statement = statement.replace(&format!("${n}"), &format!(":v{at}_{n}"));
            }
            script.push_str(&statement);
            script.push_str(";\n");
            values.extend(bound.into_iter().enumerate().map(|(n, value)| (format!("v{at}_{}", n + 1), value)));
        }
        assert_eq!(script.lines().count(), 3, "one statement per level:\n{script}");
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("query.sql"), script).expect("the script is written");
        Self { folder, socket, database, values }
    }

    /// Runs it on so many connections.
    ///
    /// # Panics
    /// Where pgbench is missing or fails.
    pub fn run(&self, connections: usize, span: Duration) -> Rate {
        let mut pgbench = Command::new(program());
        pgbench.args(["-n", "-M", "prepared", "-l", "-U", "postgres", "-p", "5432"]);
        pgbench.arg("-h").arg(&self.socket);
        pgbench.args(["-c", &connections.to_string(), "-j", &connections.min(2).to_string()]);
        pgbench.args(["-T", &span.as_secs().to_string(), "-f", "query.sql"]);
        for (name, value) in &self.values {
            pgbench.arg("-D").arg(format!("{name}={value}"));
        }
        let done = pgbench.arg(&self.database).current_dir(self.folder.path()).output().expect("pgbench runs");
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
        let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")).expect("a rate");
        let per_second = tps.split(' ').next().and_then(|text| text.parse().ok()).expect("a number");
        let took = self.took();
        let at = |part: usize| took[(took.len() * part / 100).min(took.len() - 1)] / 1e3;
        Rate { per_second, p50: at(50), p99: at(99) }
    }

    /// How long each transaction took, in microseconds, in order; takes pgbench's own logs away.
    fn took(&self) -> Vec<f64> {
        let mut took: Vec<f64> = Vec::new();
        for entry in fs::read_dir(self.folder.path()).expect("the folder").flatten() {
            if !entry.file_name().to_string_lossy().starts_with("pgbench_log") {
                continue;
            }
            let text = fs::read_to_string(entry.path()).expect("a log of pgbench");
            took.extend(text.lines().filter_map(|line| line.split(' ').nth(2)?.parse::<f64>().ok()));
            fs::remove_file(entry.path()).expect("the log is removed");
        }
        took.sort_unstable_by(f64::total_cmp);
        took
    }
}

/// Beside the server's other commands.
fn program() -> PathBuf {
    let folders = env::var_os("PG_BIN").map(PathBuf::from).into_iter();
    let mut debian: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|each| each.path().join("bin"))
        .collect();
    debian.sort();
    let path = env::var_os("PATH").unwrap_or_default();
    let all = folders.chain(env::split_paths(&path)).chain(debian.into_iter().rev());
    all.map(|folder| folder.join("pgbench")).find(|file| Path::is_file(file)).expect("pgbench is on the machine")
}

/// The statements of a log and the values bound to each.
fn statements(log: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    let mut lines = log.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((_, rest)) = line.split_once("  execute ") else { continue };
        let Some((_, statement)) = rest.split_once(": ") else { continue };
        if !statement.starts_with("SELECT ") {
            continue;
        }
        let bound = lines.peek().and_then(|next| next.split_once("arameters: ")).map(|(_, text)| values(text));
        found.push((statement.to_owned(), bound.unwrap_or_default()));
    }
    found
}

/// The values of `$1 = 'a', $2 = 'b''c'`.
fn values(text: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some((_, after)) = rest.split_once(" = '") {
        let mut value = String::new();
        let mut from = after;
        while let Some((part, next)) = from.split_once('\'') {
            value.push_str(part);
            match next.strip_prefix('\'') {
                Some(more) => {
                    value.push('\'');
                    from = more;
                }
                None => {
                    from = next;
                    break;
                }
            }
        }
        found.push(value);
        rest = from;
    }
    found
}
