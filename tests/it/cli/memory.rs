//! What means harm is not kept.

use serde_json::json;

use super::{
    serving::{Serving, free_address},
    show,
};
use crate::http::hostile::{bodies, documents};

/// More than a heap moves by itself; three rounds send more than that.
const MOST_KILOBYTES: u64 = 12 << 10;
/// How often three rounds are looked at. Pools and caches fill up once, and somewhere among them; what is kept of requests
/// is kept each time.
const LOOKS: usize = 3;

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
    let mut seen = Vec::new();
    for _ in 0..=LOOKS {
        (0..3).for_each(|_| round());
        let Some(now) = serving.memory() else { return };
        seen.push(now);
    }
    let least = seen.windows(2).map(|two| two[1].saturating_sub(two[0])).min();
    assert!(least.is_some_and(|grown| grown < MOST_KILOBYTES), "it grows each time: {seen:?} kB");
}
