//! The real binary, killed in the middle of a burst: no acknowledged answer is lost, and nothing is done twice.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Child, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::{labpact, on_both, serving::free_address, told};

/// Commands of the burst.
const COMMANDS: usize = 300;
/// Commands that are under way at once.
const ABREAST: usize = 12;
/// So many are acknowledged when the server is killed.
const ENOUGH: usize = 60;

/// A server that is killed with the test, if not before.
struct Killable(Mutex<Child>);

impl Killable {
    fn start(config: &str, address: &str) -> Self {
        let mut command = labpact(&["serve", "--config", config, "--listen", address]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program runs");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("serving")), "the program ended");
        // What it logs from here on is read by nobody, and must not hold it up.
        std::thread::spawn(move || lines.for_each(drop));
        Self(Mutex::new(child))
    }

    /// SIGKILL.
    fn kill(&self) {
        let mut child = self.0.lock().expect("one at a time");
        child.kill().expect("killed");
        child.wait().expect("and gone");
    }
}

impl Drop for Killable {
    fn drop(&mut self) {
        if let Ok(child) = self.0.get_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

struct Caller {
    http: reqwest::Client,
    url: String,
    token: String,
}

impl Caller {
    async fn send(&self, query: &str, variables: Value) -> Option<Value> {
        let body = json!({ "query": query, "variables": variables });
        let sent = self.http.post(&self.url).bearer_auth(&self.token).json(&body).send().await.ok()?;
        sent.json().await.ok()
    }

    /// Drafts a request under a key; its id, where it was acknowledged.
    async fn draft(&self, at: usize) -> Option<String> {
        let query = "mutation($i: RequestCreateInput!, $k: String) { requestCreate(input: $i, idempotencyKey: $k) { request { id } } }";
        let input = json!({
            "title": format!("抽检 {at}"), "purpose": "SUPERVISION", "needBy": "2099-12-31",
            "items": [{ "parameter": "铅", "object": "大米", "quantity": at + 1, "unit": "样品" }],
        });
        let answer = self.send(query, json!({ "i": input, "k": format!("burst-{at}") })).await?;
        answer.pointer("/data/requestCreate/request/id").and_then(Value::as_str).map(str::to_owned)
    }

    async fn titles(&self) -> BTreeMap<String, String> {
        let query = "query($a: String) { requests(first: 200, after: $a) { nodes { id title } pageInfo { hasNextPage endCursor } } }";
        let (mut found, mut after) = (BTreeMap::new(), Value::Null);
        loop {
            let page = self.send(query, json!({ "a": after })).await.expect("an answer")["data"]["requests"].clone();
            for row in page["nodes"].as_array().expect("rows") {
                let text = |name: &str| row[name].as_str().expect("a text").to_owned();
                found.insert(text("id"), text("title"));
            }
            if page["pageInfo"]["hasNextPage"] != json!(true) {
                return found;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }
}

#[test]
fn what_was_acknowledged_is_there_and_nothing_is_there_twice() {
    on_both(async |_, config| {
        let address = free_address();
        let first = Killable::start(config, &address);
        let token = told(&["token", "--config", config, "--agency", "SD", "--role", "officer"]).trim().to_owned();
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let caller = Caller { http, url: format!("http://{address}/graphql"), token };
        let acknowledged = AtomicUsize::new(0);
        let burst = stream::iter(0..COMMANDS).map(|at| {
            let (caller, acknowledged, first) = (&caller, &acknowledged, &first);
            async move {
                let id = caller.draft(at).await;
                if id.is_some() && acknowledged.fetch_add(1, Ordering::SeqCst) + 1 == ENOUGH {
                    first.kill();
                }
                id
            }
        });
        let answers: Vec<Option<String>> = burst.buffered(ABREAST).collect().await;
        assert!(answers.iter().any(Option::is_none), "it was killed before the end");
        let second = Killable::start(config, &address);
        let kept = caller.titles().await;
        for (at, id) in answers.iter().enumerate() {
            if let Some(id) = id {
                assert_eq!(kept.get(id), Some(&format!("抽检 {at}")), "an acknowledged request is lost");
            }
        }
        for (at, id) in answers.iter().enumerate() {
            let again = caller.draft(at).await.expect("acknowledged now");
            if let Some(id) = id {
                assert_eq!(again, *id, "the first answer under a key is the answer for ever");
            }
        }
        let mut titles: Vec<String> = caller.titles().await.into_values().collect();
        titles.sort();
        titles.dedup();
        assert_eq!((titles.len(), caller.titles().await.len()), (COMMANDS, COMMANDS), "nothing was done twice");
        drop(second);
    });
}
