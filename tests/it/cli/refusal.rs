//! Wrong input at the command line: one clear sentence, the next step, and nothing written.

use super::{on_both, refusal, run, show, told};

#[test]
fn commands_say_what_they_need() {
    for arguments in
        [&["serve"][..], &["migrate", "up"], &["export", "labs"], &["token", "--agency", "GD", "--role", "officer"]]
    {
        let why = refusal(&run(arguments));
        assert!(why.contains("--config") && why.contains("--data"), "{why}");
    }
    assert!(told(&["schema"]).contains("type Query"));
    assert!(told(&["--help"]).contains("labpact demo"));
    for command in ["demo", "serve", "migrate", "schema", "token", "keys", "import", "export", "doctor"] {
        assert!(told(&[command, "--help"]).contains("xample"), "{command} has examples");
    }
}

#[test]
fn a_configuration_is_read_strictly() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("labpact.toml");
    for (text, word) in [
        ("[server]\nlissten = \"127.0.0.1:1\"\n", "lissten"),
        ("[databse]\nurl = \"sqlite://x.db\"\n", "databse"),
        ("[server]\nlisten = \"nowhere\"\n", "listen"),
        ("[database]\nurl = \"mysql://localhost/x\"\n", "sqlite://"),
        ("[graphql.limits]\ndepht = 3\n", "depht"),
        ("this is no TOML", "labpact.toml"),
    ] {
        std::fs::write(&file, text).expect("written");
        let why = refusal(&run(&["migrate", "status", "--config", show(&file)]));
        assert!(why.contains(word), "{text:?}: {why}");
    }
    let why = refusal(&run(&["serve", "--config", show(&folder.path().join("none.toml"))]));
    assert!(why.contains("none.toml"), "{why}");
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    on_both(async |base, config| {
        told(&["migrate", "up", "--config", config]);
        base.execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99990101_000001_later', 0)").await;
        for command in [["serve", "--config", config], ["doctor", "--config", config]] {
            let output = run(&command);
            let text = format!("{}{}", super::text(&output.stdout), super::text(&output.stderr));
            assert!(!output.status.success() && text.contains("newer"), "{text}");
        }
    });
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("instance");
    told(&["keys", "rotate", "--data", show(&data)]);
    let key = std::fs::read_dir(data.join("keys")).expect("keys").next().expect("one").expect("an entry").path();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("changed");
    let why = refusal(&run(&["token", "--data", show(&data), "--agency", "GD", "--role", "officer"]));
    assert!(why.contains("chmod 600"), "{why}");
    std::fs::write(&key, "no key").expect("written");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).expect("changed");
    let why = refusal(&run(&["token", "--data", show(&data), "--agency", "GD", "--role", "officer"]));
    assert!(why.contains(show(&key)), "{why}");
}

#[test]
fn tokens_are_signed_for_what_exists() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("instance");
    for (arguments, word) in
        [(["--agency", "ZZ", "--role", "officer"], "ZZ"), (["--agency", "GD", "--role", "king"], "king")]
    {
        let why = refusal(&run(&[&["token", "--data", show(&data)][..], &arguments].concat()));
        assert!(why.contains(word), "{why}");
    }
}

#[test]
fn files_that_are_none_are_told_apart() {
    on_both(async |base, config| {
        let pdf = base.folder.path().join("list.xlsx");
        std::fs::write(&pdf, b"%PDF-1.7\n").expect("written");
        let why = refusal(&run(&["import", "labs", show(&pdf), "--config", config, "--agency", "GD"]));
        assert!(why.contains("PDF") && why.contains("XLSX"), "{why}");
        let none = base.folder.path().join("none.csv");
        let why = refusal(&run(&["import", "labs", show(&none), "--config", config, "--agency", "GD"]));
        assert!(why.contains("none.csv"), "{why}");
    });
}
