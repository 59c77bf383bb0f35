//! The keys of addresses: shared, rotated, and nobody else's to read.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use chrono::TimeDelta;
use labpact::{
    attachment::address::keys::{KeyRing, KeySource, Secret},
    platform::clock::Clock,
};

use crate::support::base::beginning;

const DAY: TimeDelta = TimeDelta::days(1);

fn open(folder: &Path, clock: &Clock) -> KeyRing {
    KeyRing::open(&KeySource::Folder(folder.to_owned()), DAY, clock.clone()).expect("opened")
}

fn secret(letter: char) -> Secret {
    Secret(letter.to_string().repeat(43) + "=")
}

#[test]
fn nodes_share_a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Clock::fixed(beginning());
    let (one, other) = (open(folder.path(), &clock), open(folder.path(), &clock));
    let signature = one.sign(b"text").expect("signed");
    assert!(other.verify(b"text", &signature) && !other.verify(b"texts", &signature));
    assert_eq!(one.list(), other.list());
}

#[test]
fn an_old_key_verifies_for_a_day_and_a_new_one_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Clock::fixed(beginning());
    let (one, other) = (open(folder.path(), &clock), open(folder.path(), &clock));
    let before = one.sign(b"text").expect("signed");
    let made = one.rotate().expect("rotated");
    assert_eq!(one.list().first(), Some(&(made.clone(), true)));
    let after = one.sign(b"text").expect("signed");
    assert!(after.starts_with(&made) && one.verify(b"text", &before));
    assert!(!other.verify(b"text", &after), "files are not read for every unknown name");
    clock.advance(TimeDelta::seconds(5));
    assert!(other.verify(b"text", &after));
    assert!(other.sign(b"text").expect("signed").starts_with(&made));
    clock.advance(DAY);
    assert!(!one.verify(b"text", &before) && one.verify(b"text", &after));
    one.rotate().expect("rotated");
    assert_eq!(one.list().len(), 2, "the file of a retired key is removed");
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 2);
}

#[test]
fn given_keys_verify_until_they_are_taken_away() {
    let clock = Clock::fixed(beginning());
    let ring = |secrets: &[Secret]| KeyRing::open(&KeySource::Given(secrets.to_vec()), DAY, clock.clone());
    let (old, new) = (secret('A'), secret('Q'));
    let before = ring(std::slice::from_ref(&old)).expect("opened");
    let both = ring(&[new.clone(), old.clone()]).expect("opened");
    let signature = before.sign(b"text").expect("signed");
    assert!(both.verify(b"text", &signature) && !before.verify(b"text", &both.sign(b"text").expect("signed")));
    assert!(!ring(&[new]).expect("opened").verify(b"text", &signature));
    assert_eq!(both.rotate().expect_err("refused").reason(), "NO_KEY_FOLDER");
    for short in ["", "c2hvcnQ=", "no base64 at all, however long it may be, is a key"] {
        assert_eq!(ring(&[old.clone(), Secret(short.to_owned())]).expect_err("refused").reason(), "SECRET", "{short}");
    }
    assert_eq!(format!("{old:?}"), "Secret(…)");
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Clock::fixed(beginning());
    drop(open(folder.path(), &clock));
    let file = fs::read_dir(folder.path()).expect("the folder").next().expect("a key").expect("an entry").path();
    let refused =
        || KeyRing::open(&KeySource::Folder(folder.path().to_owned()), DAY, clock.clone()).expect_err("refused");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("set");
    assert_eq!(refused().reason(), "KEY_FILE_OPEN");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("set");
    fs::write(&file, "created-at: 2026-11-23T02:00:00Z\nshort\n").expect("written");
    assert_eq!(refused().reason(), "KEY_FILE_UNUSABLE");
}

#[test]
fn a_key_of_this_process_is_nobody_elses() {
    let clock = Clock::fixed(beginning());
    let ring = || KeyRing::open(&KeySource::Own, DAY, clock.clone()).expect("opened");
    let (one, other) = (ring(), ring());
    let signature = one.sign(b"text").expect("signed");
    assert!(one.verify(b"text", &signature) && !other.verify(b"text", &signature));
    for none in ["", ".", "a.b", "no point", "…"] {
        assert!(!one.verify(b"text", none));
    }
}
