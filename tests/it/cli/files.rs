//! The store of files and the keys of their addresses, at the command line.

use super::{on_both, run, show, text, told};

#[test]
fn the_doctor_tries_the_store() {
    on_both(async |base, config| {
        told(&["migrate", "up", "--config", config]);
        let found = told(&["doctor", "--config", config]);
        assert!(found.contains("ok    files: ") && found.contains("1 key(s) for addresses"), "{found}");
        let left = std::fs::read_dir(base.folder.path().join("files/probe")).expect("the folder").count();
        assert_eq!(left, 0);
        std::fs::remove_dir_all(base.folder.path().join("files")).expect("removed");
        std::fs::write(base.folder.path().join("files"), "no folder").expect("written");
        let output = run(&["doctor", "--config", config]);
        let found = text(&output.stdout);
        assert!(!output.status.success() && found.contains("WRONG files: attachments.store"), "{found}");
    });
}

#[test]
fn keys_of_addresses_are_rotated() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("instance");
    let list = || told(&["keys", "list", "--attachments", "--data", show(&data)]);
    assert!(list().trim_end().ends_with("signing"));
    let made = told(&["keys", "rotate", "--attachments", "--data", show(&data)]);
    let after = list();
    assert!(after.starts_with(made.trim()) && after.contains("verifying") && after.lines().count() == 2, "{after}");
}
