//! An instance from its first start: keys, tokens, the demonstration, serving, stopping.

use serde_json::{Value, json};

use super::{
    on_both, refusal, run,
    serving::{Serving, free_address},
    show, told,
};

async fn asked(address: &str, token: &str, query: &str) -> Value {
    let request =
        reqwest::Client::builder().no_proxy().build().expect("a client").post(format!("http://{address}/graphql"));
    let answer = request.bearer_auth(token).json(&json!({ "query": query })).send().await.expect("an answer");
    answer.json().await.expect("JSON")
}

#[test]
fn the_demonstration_prints_what_works() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("demo");
    let address = free_address();
    let arguments = ["demo", "--data", show(&data), "--listen", &address, "--labs", "20", "--scope-lines", "200"];
    let mut serving = Serving::start(&arguments);
    let told = serving.until(|line| line.starts_with("Stop with"));
    let text = told.join("\n");
    assert!(text.contains(&format!("http://{address}/")), "{text}");
    let token_of = |role: &str| {
        let line = told.iter().find(|line| line.split_whitespace().next() == Some(role)).expect("a line of the role");
        line.split_whitespace().last().expect("a token").to_owned()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        for role in ["officer", "approver", "lab-manager", "editor", "coordinator", "auditor", "client"] {
            let answer = asked(&address, &token_of(role), "{ labs { totalCount } }").await;
            assert!(answer["data"]["labs"]["totalCount"].as_i64() > Some(0), "{role}: {answer:#}");
        }
        let queries: Vec<&str> = text.split("\n# ").skip(1).collect();
        assert_eq!(queries.len(), 3);
        for query in queries {
            let body = query.split_once('\n').expect("a query below its name").1;
            let end = body.find("\n}").expect("the end of the query") + 2;
            let answer = asked(&address, &token_of("officer"), &body[..end]).await;
            assert!(answer.get("errors").is_none() && !answer["data"].is_null(), "{body}\n{answer:#}");
        }
        let page = reqwest::get(format!("http://{address}/")).await.expect("the page").text().await.expect("text");
        assert!(page.contains("/schema.graphql"));
        let sdl = reqwest::get(format!("http://{address}/schema.graphql")).await.expect("the schema");
        assert!(sdl.text().await.expect("text").contains("type Query"));
        let figures = reqwest::get(format!("http://{address}/metrics")).await.expect("the figures");
        assert!(figures.text().await.expect("text").contains("labpact_operations_total"));
        let signed = super::told(&["token", "--data", show(&data), "--agency", "SD", "--role", "editor"]);
        assert_eq!(signed.lines().count(), 1, "the bare token");
        let answer = asked(&address, signed.trim(), "{ labs(where: { agency: [\"SD\"] }) { totalCount } }").await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
    });
    let second = run(&["serve", "--data", show(&data), "--listen", &address]);
    let why = refusal(&second);
    assert!(why.contains(&address) && why.contains("--listen"), "{why}");
    drop(serving);
    let mut again = Serving::start(&arguments);
    let told = again.until(|line| line.starts_with("Stop with"));
    assert!(told[0].contains("already"), "the data is kept: {told:#?}");
    drop(again);
    let mut afresh = Serving::start(&[&arguments[..], &["--reset"]].concat());
    let told = afresh.until(|line| line.starts_with("Stop with"));
    assert!(told[0].contains("rows in"), "--reset starts over: {told:#?}");
}

#[test]
fn keys_are_the_owners_alone_and_rotate() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("instance");
    told(&["keys", "rotate", "--data", show(&data)]);
    let before = told(&["keys", "list", "--data", show(&data)]);
    told(&["keys", "rotate", "--data", show(&data)]);
    let after = told(&["keys", "list", "--data", show(&data)]);
    assert!(after.lines().count() > before.lines().count(), "{before}\n{after}");
    for entry in std::fs::read_dir(data.join("keys")).expect("a folder of keys") {
        let path = entry.expect("an entry").path();
        let mode = path.metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", path.display());
        assert!(std::fs::read_to_string(&path).expect("readable by its owner").contains("BEGIN PRIVATE KEY"));
    }
}

#[test]
fn the_doctor_and_the_migrations_know_a_sound_instance() {
    on_both(async |_, config| {
        told(&["migrate", "up", "--config", config]);
        told(&["migrate", "status", "--config", config]);
        let found = run(&["doctor", "--config", config]);
        assert!(found.status.success(), "{}", super::text(&found.stdout));
    });
}
