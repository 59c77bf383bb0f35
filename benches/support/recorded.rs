//! What a running register sends to PostgreSQL, taken from the database's own log, and pgbench to send it again.
//!
//! So what it is compared with is never out of date.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use sea_orm::Database;

use super::{fill, load::Rate, throwaway::base::Base};

/// A variable that each connection of pgbench has to itself, and that begins at 0.
pub const COUNT: &str = "so_far";

/// A statement as it was executed, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The process of the database that executed it: one connection.
    pub process: String,
    /// Its text.
    pub sql: String,
    /// What was bound to `$1` and on; nothing where it was null.
    pub values: Vec<Option<String>>,
}

/// The log of a database in a throw-away cluster.
pub struct Log {
    file: PathBuf,
    url: String,
    socket: PathBuf,
    database: String,
}

impl Log {
    /// Of a database of PostgreSQL. From here on connections that are opened have their statements written down.
    ///
    /// # Panics
    /// Where the database refuses.
    pub async fn begin(base: &Base) -> Self {
        let url = base.config.url.clone();
        let socket = PathBuf::from(url.split_once("host=").expect("a socket in the URL").1);
        let path = url.split_once('?').expect("parameters in the URL").0;
        let database = path.rsplit('/').next().expect("a name in the URL").to_owned();
        let log = Self { file: socket.join("server.log"), url, socket, database };
        log.set("SET log_min_duration_statement = 0").await;
        log
    }

    /// Connections that are opened from here on are written down no more.
    ///
    /// # Panics
    /// Where the database refuses.
    pub async fn end(&self) {
        self.set("RESET log_min_duration_statement").await;
    }

    async fn set(&self, what: &str) {
        let admin = Database::connect(&self.url).await.expect("the database opens");
        fill::run(&admin, &[format!("ALTER DATABASE {} {what}", self.database)]).await;
        admin.close().await.expect("the connections close");
    }

    /// What was executed while `act` ran.
    ///
    /// # Panics
    /// Where the log cannot be read.
    pub fn during(&self, act: impl FnOnce()) -> Vec<Statement> {
        let read = || fs::read_to_string(&self.file).expect("the log of the cluster");
        let before = read().len();
        act();
        statements(&read()[before..])
    }

    /// Runs a script on so many connections, each so often or for so long, as pgbench's `-t` or `-T` says.
    ///
    /// # Panics
    /// Where pgbench is missing or fails.
    pub fn pgbench(&self, script: &str, connections: usize, (flag, count): (&str, u64)) -> Rate {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("script.sql"), script).expect("the script is written");
        let mut pgbench = Command::new(program());
        pgbench.args(["-n", "-M", "prepared", "-l", "-U", "postgres", "-p", "5432"]);
        pgbench.arg("-h").arg(&self.socket).args(["-D", &format!("{COUNT}=0")]);
        pgbench.args(["-c", &connections.to_string(), "-j", &connections.min(2).to_string()]);
        pgbench.args([flag, &count.to_string(), "-f", "script.sql"]);
        let done = pgbench.arg(&self.database).current_dir(folder.path()).output().expect("pgbench runs");
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        let faults = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success() && !faults.contains("aborted"), "{said}{faults}");
        let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")).expect("a rate");
        let per_second = tps.split(' ').next().and_then(|text| text.parse().ok()).expect("a number");
        let took = took(folder.path());
        let at = |part: usize| took[(took.len() * part / 100).min(took.len() - 1)] / 1e3;
        Rate { per_second, p50: at(50), p99: at(99) }
    }
}

/// A value as it stands in a statement.
pub fn literal(value: Option<&String>) -> String {
    value.map_or_else(|| "NULL".to_owned(), |text| format!("'{}'", text.replace('\'', "''")))
}

/// The statement with each `$n` replaced.
pub fn filled(statement: &Statement, value: impl Fn(usize, Option<&String>) -> String) -> String {
    // The highest first, so that $1 does not meet $10.
    (1..=statement.values.len()).rev().fold(statement.sql.clone(), |sql, n| {
        sql.replace(&format!("${n}"), &value(n - 1, statement.values[n - 1].as_ref()))
    })
}

/// How long each transaction took, in microseconds, in order.
fn took(folder: &Path) -> Vec<f64> {
    let mut took: Vec<f64> = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder").flatten() {
        if entry.file_name().to_string_lossy().starts_with("pgbench_log") {
            let text = fs::read_to_string(entry.path()).expect("a log of pgbench");
            took.extend(text.lines().filter_map(|line| line.split(' ').nth(2)?.parse::<f64>().ok()));
        }
    }
    took.sort_unstable_by(f64::total_cmp);
    took
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

/// The statements of a log. A line that begins with a tab goes on with the one before it.
fn statements(log: &str) -> Vec<Statement> {
    let (mut found, mut is_executed): (Vec<Statement>, bool) = (Vec::new(), false);
    for line in log.replace("\n\t", " ").lines() {
        let Some(process) = line.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(id, _)| id) else {
            continue;
        };
        // Values follow each binding too, which is told on its own.
        if let Some((_, text)) = line.split_once("arameters: ") {
            if let Some(last) = found.last_mut().filter(|_| is_executed) {
                last.values = values(text);
            }
            continue;
        }
        let executed = line.split_once(" ms  execute ").and_then(|(_, rest)| rest.split_once(": "));
        let told = executed.or_else(|| line.split_once(" ms  statement: "));
        is_executed = told.is_some();
        if let Some((_, sql)) = told {
            let sql = sql.trim().trim_end_matches(';').to_owned();
            found.push(Statement { process: process.to_owned(), sql, values: Vec::new() });
        }
    }
    found
}

/// The values of `$1 = 'a', $2 = NULL, $3 = 'b''c'`.
fn values(text: &str) -> Vec<Option<String>> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some((_, after)) = rest.split_once(" = ") {
        let Some(quoted) = after.strip_prefix('\'') else {
            found.push(None);
            rest = after;
            continue;
        };
        let (mut value, mut from) = (String::new(), quoted);
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
        found.push(Some(value));
        rest = from;
    }
    found
}
