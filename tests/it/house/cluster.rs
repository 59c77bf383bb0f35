//! The cluster is shared while the process lives, and ends with it.

use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use sqlx::{Connection, PgConnection, Row};

use crate::support::postgres::{Cluster, binaries, newest_first, postgres, user};

async fn ask(cluster: &Cluster, database: &str, question: &'static str) -> String {
    let mut connection = PgConnection::connect(&cluster.url(database)).await.expect("the cluster accepts");
    let answer = sqlx::query(question).fetch_one(&mut connection).await.expect("the question is valid");
    connection.close().await.expect("the connection closes");
    answer.get(0)
}

#[test]
fn parallel_uses_share_one_cluster() {
    if postgres().is_none() {
        return;
    }
    let asked = [0, 1].map(|_| thread::spawn(|| postgres().map(std::ptr::from_ref::<Cluster>).map(|at| at as usize)));
    let [one, other] = asked.map(|thread| thread.join().expect("the cluster starts"));
    assert!(one.is_some());
    assert_eq!(one, other);
}

#[tokio::test]
async fn databases_are_copied_from_a_template_at_the_same_time() {
    let Some(cluster) = postgres() else { return };
    cluster.create_from_template("copied", "template0").await;
    let mut connection = PgConnection::connect(&cluster.url("copied")).await.expect("the cluster accepts");
    sqlx::raw_sql("CREATE TABLE lab (name text); INSERT INTO lab VALUES ('食品检验')")
        .execute(&mut connection)
        .await
        .expect("it runs");
    connection.close().await.expect("the connection closes");

    tokio::join!(cluster.create_from_template("copy_a", "copied"), cluster.create_from_template("copy_b", "copied"));
    assert_eq!(ask(cluster, "copy_a", "SELECT name FROM lab").await, "食品检验");
    assert_eq!(ask(cluster, "copy_b", "SELECT name FROM lab").await, "食品检验");

    for name in ["copy_a", "copy_b", "copied", "copied"] {
        cluster.drop_database(name).await;
    }
}

#[tokio::test]
async fn text_is_utf8_and_sorted_by_code_point() {
    let Some(cluster) = postgres() else { return };
    assert_eq!(ask(cluster, "postgres", "SHOW server_encoding").await, "UTF8");
    assert_eq!(
        ask(cluster, "postgres", "SELECT string_agg(x, '' ORDER BY x) FROM unnest(array['é', 'a', 'Z', '检']) x").await,
        "Zaé检"
    );
}

#[test]
fn the_cluster_ends_when_the_process_that_holds_it_is_killed() {
    let Some(bin) = binaries().expect("PG_BIN is sound") else { return };
    // A process that holds the writing end of a pipe and does nothing, in the place of a test process.
    let mut holder = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("cat is there");
    let life_line = Stdio::from(holder.stdout.take().expect("stdout is piped"));
    let started = Cluster::start(&bin, life_line);
    holder.kill().expect("the holder is ours");
    holder.wait().expect("the holder is ours");

    let mut cluster = started.unwrap_or_else(|reason| panic!("{reason}"));
    let home = cluster.home.clone();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || tell.send(cluster.keeper.wait()));
    let ended = told.recv_timeout(Duration::from_secs(60)).expect("the cluster ends in time").expect("it is our child");
    assert!(ended.success(), "PostgreSQL was not stopped in order: {ended}");
    assert!(!home.exists(), "{} was left behind", home.display());
}

#[test]
fn a_server_that_cannot_start_says_why() {
    let empty = tempfile::tempdir().expect("a temporary folder");
    let reason = Cluster::start(empty.path(), Stdio::piped()).err().expect("there is no server in it");
    assert!(reason.contains("initdb"), "{reason}");
}

#[test]
fn the_newest_version_comes_first_by_number() {
    let parent = tempfile::tempdir().expect("a temporary folder");
    for version in ["9", "15", "17", "common"] {
        std::fs::create_dir(parent.path().join(version)).expect("it is writable");
    }
    let found: Vec<_> =
        newest_first(parent.path()).iter().map(|path| path.file_name().map(ToOwned::to_owned)).collect();
    assert_eq!(found, ["17", "15", "9"].map(|version| Some(version.into())));
}

#[test]
fn a_user_is_found_by_its_whole_name() {
    let users = "root:x:0:0::/root:/bin/sh\npostgres-old:x:7:8::/:/bin/sh\npostgres:x:101:104::/:/bin/sh\n";
    assert_eq!(user(users, "postgres"), Some((101, 104)));
    assert_eq!(user(users, "nobody"), None);
}
