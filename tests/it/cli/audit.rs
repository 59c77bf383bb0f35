//! `labpact audit`: verifying the database, a file, and a checkpoint that was kept; erasing at the console.

use serde_json::json;

use super::{on_both, refusal, run, text, told};

/// An instance with the members of the pact and an institution of GD.
fn begun(config: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("institutions.csv");
    std::fs::write(&file, "统一社会信用代码,名称,区划代码,联系人\n91110000600037341L,广东检测院,440100,陈秘书\n")
        .expect("written");
    told(&["import", "institutions", super::show(&file), "--config", config, "--agency", "GD"]);
}

#[test]
fn a_chain_is_verified_taken_out_and_found_broken() {
    on_both(async |base, config| {
        begun(config);
        let verify = ["audit", "verify", "--config", config];
        let whole = told(&verify);
        assert!(whole.starts_with("The chain holds: ") && whole.contains("No checkpoint covers it."), "{whole}");
        let file = base.folder.path().join("chain.jsonl");
        let file = super::show(&file);
        told(&["audit", "export", "--from", "1", "--output", file, "--config", config]);
        let piped = told(&["audit", "export", "--config", config]);
        assert_eq!(piped.lines().count(), std::fs::read_to_string(file).expect("read").lines().count());
        assert!(told(&["audit", "verify", "--file", file]).starts_with("The chain holds: "));

        base.execute("UPDATE change SET subject = 'somebody' WHERE id = (SELECT ref_id FROM feed WHERE seq = 3)").await;
        let output = run(&verify);
        let out = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{out}");
        assert!(out.starts_with("BROKEN at entry 3: ") && out.contains("CONTENT_CHANGED"), "{out}");
        assert!(out.contains("2 entries before it hold."), "{out}");
        assert!(told(&["audit", "verify", "--from", "4", "--config", config]).starts_with("The chain holds: "));
        let forged = std::fs::read_to_string(file).expect("read").replacen("system", "sistem", 1);
        std::fs::write(file, forged.replacen("cli", "clj", 1)).expect("written");
        assert_eq!(run(&["audit", "verify", "--file", file]).status.code(), Some(1));
    });
}

#[test]
fn a_person_is_erased_at_the_console() {
    on_both(async |base, config| {
        begun(config);
        let listed = told(&["audit", "export", "--config", config]);
        assert!(listed.contains("陈秘书"));
        let id = listed
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .find(|line| line["content"]["entity"] == json!("institution"))
            .and_then(|line| line["content"]["entity_id"].as_str().map(str::to_owned))
            .expect("an institution");
        let erase = |entity: &str, id: &str| {
            run(&["audit", "erase", "--config", config, "--entity", entity, "--id", id, "--reason", "离职"])
        };
        let done = erase("institution", &id);
        assert!(done.status.success(), "{}", text(&done.stderr));
        let listed = told(&["audit", "export", "--config", config]);
        assert!(!listed.contains("陈秘书") && listed.contains("离职"));
        let whole = told(&["audit", "verify", "--config", config]);
        assert!(whole.contains("Of 1 entries the data of a person was erased."), "{whole}");
        for (entity, id, why) in [("certificate", "x", "signatory"), ("person", "x", "There is no signatory x")] {
            let why_not = refusal(&erase(entity, id));
            assert!(why_not.contains(why), "{why_not}");
        }
        assert!(base.config.url.contains("://"));
    });
}

#[test]
fn what_cannot_be_verified_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("kept.json");
    std::fs::write(&file, "{}").expect("written");
    let file = super::show(&file);
    assert!(refusal(&run(&["audit", "verify", "--file", file])).contains("Line 1"));
    assert!(refusal(&run(&["audit", "verify", "--file", "/nowhere"])).contains("/nowhere"));
    on_both(async |_, config| {
        begun(config);
        let kept = refusal(&run(&["audit", "verify", "--checkpoint", file, "--config", config]));
        assert!(kept.contains("jws"), "{kept}");
        let beyond = refusal(&run(&["audit", "verify", "--from", "100000", "--config", config]));
        assert!(beyond.contains("begin within"), "{beyond}");
    });
}

#[test]
fn keys_of_the_chain_are_rotated_where_there_is_no_issuer() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, keys) = (folder.path().join("labpact.toml"), folder.path().join("chain"));
    let database = format!("[database]\nurl = \"sqlite://{}\"\n", folder.path().join("labpact.db").display());
    std::fs::write(&file, format!("{database}[audit]\nkeys = \"{}\"\n", keys.display())).expect("written");
    let config = super::show(&file);
    told(&["keys", "rotate", "--audit", "--config", config]);
    let made = told(&["keys", "rotate", "--audit", "--config", config]);
    let listed = told(&["keys", "list", "--audit", "--config", config]);
    let lines: Vec<&str> = listed.lines().collect();
    assert!(lines[0].starts_with(made.trim()) && lines[0].ends_with("signing"), "{made}{listed}");
    assert!(lines.len() > 1 && lines[1..].iter().all(|line| line.contains("retired")), "{listed}");
    on_both(async |_, config| {
        let refused = refusal(&run(&["keys", "rotate", "--audit", "--config", config]));
        assert!(refused.contains("labpact keys rotate"), "an issuer's own keys sign: {refused}");
    });
}
