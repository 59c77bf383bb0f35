//! A throw-away PostgreSQL cluster, one per test process, started when the first test asks for it.
//!
//! It listens on a Unix socket in a private folder only, so there is no port to collide on and no password to
//! know. It ends with the process, however that ends: see `cluster.sh`. Under a runner that starts one process per
//! test, each process that asks gets a cluster of its own, which is slower and otherwise the same.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// The commands that a folder must hold to be of use.
const COMMANDS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

const INSTALL: &str = "Install the server (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install \
     postgresql-server; macOS: brew install postgresql), or set PG_BIN to the folder of initdb and pg_ctl.";

/// A running PostgreSQL cluster. Dropping it stops the server and removes its folder.
pub struct Cluster {
    pub home: PathBuf,
    /// The shell that runs `cluster.sh`. Its standard input, held open in here, is the cluster's life line.
    pub keeper: Child,
}

/// The cluster of this process, or `None` where the machine has no PostgreSQL.
///
/// The absence is told once, on standard error, past the capture of the test runner. With `REQUIRE_POSTGRES=1`
/// it is a failure instead. A PostgreSQL that is there and does not start is a failure always.
pub fn postgres() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Result<Option<Cluster>, String>> = OnceLock::new();
    let found = CLUSTER.get_or_init(|| match binaries()? {
        Some(bin) => Cluster::start(&bin, Stdio::piped()).map(Some),
        None if required() => Err(format!("REQUIRE_POSTGRES is set, and no PostgreSQL was found. {INSTALL}")),
        None => {
            let line = format!("\n*** NO POSTGRESQL FOUND: its half of the tests is SKIPPED. {INSTALL} ***\n\n");
            // Not `eprintln!`, which the test runner keeps to itself while tests pass.
            io::stderr().write_all(line.as_bytes()).expect("standard error is open");
            Ok(None)
        }
    });
    found.as_ref().unwrap_or_else(|reason| panic!("{reason}")).as_ref()
}

impl Cluster {
    /// Starts a cluster with the commands in `bin`. It ends when the writing end of `life_line` is closed.
    pub fn start(bin: &Path, life_line: Stdio) -> Result<Self, String> {
        let mut shell = Command::new("sh");
        shell.args(["-c", include_str!("cluster.sh"), "cluster.sh"]).arg(bin);
        shell.stdin(life_line).stdout(Stdio::piped()).stderr(Stdio::null());
        // A group of its own: Ctrl+C and a runner's time limit end the tests, and the cluster follows in order.
        shell.current_dir("/").process_group(0);
        for (name, _) in env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"PG")) {
            shell.env_remove(name);
        }
        if let Some((uid, gid)) = unprivileged()? {
            shell.uid(uid).gid(gid);
        }

        let mut keeper = shell.spawn().map_err(|error| format!("cannot run sh: {error}"))?;
        let mut said = String::new();
        let heard = keeper.stdout.take().expect("stdout is piped").read_to_string(&mut said);
        match said.lines().last().and_then(|line| line.strip_prefix("ready ")) {
            Some(home) if heard.is_ok() => Ok(Self { home: PathBuf::from(home), keeper }),
            _ => {
                let status = keeper.wait().map_err(|error| format!("cannot wait for sh: {error}"))?;
                Err(format!("PostgreSQL of {} did not start ({status}):\n{said}", bin.display()))
            }
        }
    }

    /// The address of the database `name` in this cluster, as the program's `database.url` takes it.
    pub fn url(&self, name: &str) -> String {
        // Port and host are both said: the driver would otherwise take them from PGPORT and PGHOST.
        format!("postgres://postgres@localhost:5432/{name}?host={}", self.home.display())
    }

    /// Creates the database `name` as a copy of `template`, to which nobody may be connected meanwhile.
    /// `template0` gives an empty one.
    ///
    /// # Panics
    /// If the copy fails, or a name has other characters than `a-z`, `0-9` and `_`.
    pub async fn create_from_template(&self, name: &str, template: &str) {
        self.execute(format!("CREATE DATABASE {} TEMPLATE {}", identifier(name), identifier(template))).await;
    }

    /// Drops the database `name` if it is there, and ends the connections to it.
    ///
    /// # Panics
    /// If the server refuses, or the name has other characters than `a-z`, `0-9` and `_`.
    pub async fn drop_database(&self, name: &str) {
        self.execute(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", identifier(name))).await;
    }

    /// Runs one statement in the maintenance database. The connection is opened for it and closed after it: each
    /// test has its own runtime, which a pool shared among tests would outlive.
    async fn execute(&self, statement: String) {
        let mut connection = PgConnection::connect(&self.url("postgres")).await.expect("the cluster accepts");
        let done = sqlx::raw_sql(AssertSqlSafe(statement.as_str())).execute(&mut connection).await;
        done.unwrap_or_else(|error| panic!("{statement}: {error}"));
        connection.close().await.expect("the connection closes");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // Nothing is left to do where this fails, and a drop may run during a panic.
        self.keeper.wait().ok();
    }
}

fn required() -> bool {
    env::var_os("REQUIRE_POSTGRES").is_some_and(|value| !value.is_empty() && value != "0")
}

/// Double-quoted for SQL.
fn identifier(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    assert!(!name.is_empty() && name.len() <= 63 && name.bytes().all(plain), "not a plain database name: {name:?}");
    format!("\"{name}\"")
}

/// The folder of the server's commands: `PG_BIN` if set, else from `PATH`, else where Debian puts the newest one.
pub fn binaries() -> Result<Option<PathBuf>, String> {
    if let Some(folder) = env::var_os("PG_BIN").filter(|folder| !folder.is_empty()).map(PathBuf::from) {
        return match complete(&folder) {
            true => Ok(Some(folder)),
            false => Err(format!("PG_BIN is {}, which lacks one of {}", folder.display(), COMMANDS.join(", "))),
        };
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let debian = newest_first(Path::new("/usr/lib/postgresql")).into_iter().map(|version| version.join("bin"));
    Ok(env::split_paths(&path).chain(debian).find(|folder| folder.is_absolute() && complete(folder)))
}

fn complete(folder: &Path) -> bool {
    COMMANDS.iter().all(|command| folder.join(command).is_file())
}

/// The folders in `parent` whose names are version numbers, the highest first.
pub fn newest_first(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut versions: Vec<(u32, PathBuf)> =
        entries.filter_map(|path| Some((path.file_name().and_then(OsStr::to_str)?.parse().ok()?, path))).collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, path)| path).collect()
}

/// The user to run the server as where this process is root, which PostgreSQL refuses to be.
fn unprivileged() -> Result<Option<(u32, u32)>, String> {
    // The owner of a file just made is the one who asks; the standard library has no other way to tell.
    let owner = tempfile::tempfile().and_then(|file| file.metadata()).map(|metadata| metadata.uid());
    if owner.map_err(|error| format!("cannot make a temporary file: {error}"))? != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").map_err(|error| format!("cannot read /etc/passwd: {error}"))?;
    let user = ["postgres", "nobody"].iter().find_map(|name| user(&users, name));
    user.map(Some).ok_or_else(|| "this is root, and there is neither a user postgres nor nobody".to_owned())
}

/// The numbers of the user `name` and of its group, from the text of `/etc/passwd`.
pub fn user(users: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = users.lines().map(|line| line.split(':')).find(|fields| fields.clone().next() == Some(name))?;
    Some((fields.nth(2)?.parse().ok()?, fields.next()?.parse().ok()?))
}
