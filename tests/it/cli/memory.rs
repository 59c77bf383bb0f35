//! What means harm is not kept.

use serde_json::json;

use super::{
    serving::{Serving, free_address},
    show,
};
use crate::http::hostile::{bodies, documents};

/// More than a heap moves by itself; each round sends more than a third of it.
const MOST_KILOBYTES: u64 = 12 << 10;

#[test]
fn memory_is_flat_under_hostile_documents() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = free_address();
    let data = folder.path().join("demo");
    let arguments = ["demo", "--data", show(&data), "--listen", &address, "--labs", "20", "--scope-lines", "200"];
    let mut serving = Serving::start(&arguments);
    let told = serving.until(|line| line.starts_with("Stop with"));
    let line = told.iter().find(|line| line.starts_with("editor ")).expect("a token of the editor");
    let token = line.split_whitespace().last().expect("a token");
    let mut all: Vec<Vec<u8>> =
        documents().into_iter().map(|(_, query)| json!({ "query": query }).to_string().into_bytes()).collect();
    all.extend(bodies().into_iter().map(|(_, body)| body));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let round = || {
        runtime.block_on(async {
            for body in &all {
                let request = client.post(format!("http://{address}/graphql")).bearer_auth(token);
                let request = request.header("content-type", "application/json").body(body.clone());
                let status = request.send().await.expect("an answer").status().as_u16();
                assert!(status < 500, "{status}");
            }
        });
    };
    (0..3).for_each(|_| round());
    let Some(before) = serving.memory() else { return };
    (0..6).for_each(|_| round());
    let after = serving.memory().expect("it lives");
    assert!(after < before + MOST_KILOBYTES, "{before} kB before, {after} kB after");
}
