//! The examples of the guide for partners run as they stand, against the demo.

use std::process::{Command, Stdio};

use labpact::graphql::introspection::Validator;

use super::{
    serving::{Serving, free_address},
    show, text,
};

const GUIDE: &str = include_str!("../../../docs/api.md");

const UNTIL_INDEXED: &str = r#"
until ask '{"query":"{ scopeSearch { index { lag building } } }"}' | grep -q '"lag":0,"building":false'; do :; done
"#;

/// What stands between fences of a language.
fn examples(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    let behind = GUIDE.split(fence.as_str()).skip(1);
    behind.map(|rest| rest.split("```").next().unwrap_or_default()).collect()
}

/// Whether the shell has what the examples call.
fn has(programs: &[&str]) -> bool {
    let there = |program: &&str| {
        let mut asked = Command::new("sh");
        asked.args(["-c", &format!("command -v {program}")]).stdout(Stdio::null());
        asked.status().is_ok_and(|status| status.success())
    };
    programs.iter().all(there)
}

#[test]
fn documents_are_of_the_schema() {
    let validator = Validator::new();
    let all = examples("graphql");
    assert!(all.len() > 5);
    for document in all {
        assert_eq!(validator.check(document, None), Ok(()), "{document}");
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that did not run says so")]
fn commands_run_as_they_stand() {
    if !has(&["bash", "curl", "openssl", "basenc"]) {
        eprintln!("SKIPPED: bash, curl, openssl and basenc are needed for the examples of the guide.");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("demo");
    let address = free_address();
    let arguments = ["demo", "--data", show(&data), "--listen", &address, "--labs", "60", "--scope-lines", "3000"];
    let mut demo = Serving::start(&arguments);
    demo.until(|line| line.contains(&address));
    let mut blocks = examples("sh");
    // Whoever reads takes longer than the index needs.
    blocks.insert(1, UNTIL_INDEXED);
    let script = blocks.join("\n").replace("http://127.0.0.1:8080", &format!("http://{address}"));
    let script = script.replace("var/demo", show(&data));
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_labpact")).parent().expect("a folder").to_owned();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").expect("a path"));
    let mut shell = Command::new("bash");
    shell.args(["-e", "-o", "pipefail", "-c", &script]).current_dir(folder.path()).env("PATH", path);
    let output = shell.output().expect("a shell");
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    assert!(!out.contains("\"errors\"") && !out.contains("\"error\""), "{out}");
    for told in ["\"nameZh\"", "\"access_token\"", "\"grade\"", "\"assignments\"", "\"STORED\"", "\"budget\""] {
        assert!(out.contains(told), "{told} is missing: {out}");
    }
}
