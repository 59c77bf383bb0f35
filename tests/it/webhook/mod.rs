//! Webhooks: what is sent to whom, in which order, how often, and what is never called.

mod access;
mod attempt;
mod crash;
mod delivery;
mod endpoint;
mod guard;
mod manage;
mod receiver;
mod signature;

use std::time::Duration;

use labpact::config::Config;
use serde_json::{Value, json};

use crate::support::{
    base::Backend,
    world::{Client, World},
};
use receiver::Receiver;

/// What these tests have in common: the receivers are on this machine, and the sender looks often.
fn local(config: &mut Config) {
    let section = &mut config.webhooks;
    section.allow_http = true;
    section.ports = Vec::new();
    section.allowed_networks = vec!["127.0.0.0/8".parse().expect("a network")];
    section.poll_milliseconds = 10;
    section.timeout_seconds = 5;
    section.jitter_percent = 0;
}

/// Runs a test on both databases.
fn both_with(change: impl Fn(&mut Config), test: impl AsyncFn(&World)) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let change = |config: &mut Config| {
            local(config);
            change(config);
        };
        World::run_with(backend, change, async |w| test(w).await);
    }
}

/// Somebody who manages what an agency is told.
fn manager(w: &World, agency: &str) -> Client {
    w.client(agency, "administrator")
}

const CREATE: &str = "mutation($i: WebhookCreateInput!) { webhookCreate(input: $i) { secret webhook { id } } }";

/// Makes a webhook; its id and what it verifies with.
async fn create(client: &Client, input: Value) -> (String, String) {
    let made = client.data(CREATE, json!({ "i": input })).await["webhookCreate"].take();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    (text(&made["webhook"]["id"]), text(&made["secret"]))
}

/// Makes a webhook of GD at a receiver, and lets the receiver know the secret.
async fn at(w: &World, receiver: &Receiver, more: Value) -> String {
    let input = crate::api::over(json!({ "url": receiver.url() }), more);
    let (id, secret) = create(&manager(w, "GD"), input).await;
    receiver.knows(&secret);
    id
}

/// Does one act on a webhook.
async fn act(client: &Client, field: &str, id: &str) {
    client.data(&format!("mutation($id: ID!) {{ {field}(id: $id) {{ __typename }} }}"), json!({ "id": id })).await;
}

/// What the log says of a webhook's deliveries, the oldest first.
async fn log(client: &Client, id: &str) -> Vec<Value> {
    let query = "query($id: ID!) { webhookDeliveries(webhook: $id, last: 200) { totalCount nodes {
        id kind eventId name subject status attempts nextAttemptAt latencyMilliseconds responseStatus responseExcerpt error
        requestedBy finishedAt } } }";
    let told = client.data(query, json!({ "id": id })).await;
    let mut nodes = told["webhookDeliveries"]["nodes"].as_array().expect("a list").clone();
    nodes.reverse();
    nodes
}

/// A webhook as its agency sees it.
async fn shown(client: &Client, id: &str) -> Value {
    let query =
        "query($id: ID!) { webhook(id: $id) { id version url names status stop reason signing failingSince waiting
        lastDeliveredAt keys { signing publicKey until } } }";
    client.data(query, json!({ "id": id })).await["webhook"].take()
}

/// Asks again until it holds, for a bounded time.
async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let found = tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::task::yield_now().await;
        }
    });
    found.await.unwrap_or_else(|_| panic!("it never came to be: {what}"))
}

/// Resolves once a webhook's log has so many deliveries that pass; the log.
async fn logged(client: &Client, id: &str, count: usize, passes: impl Fn(&Value) -> bool) -> Vec<Value> {
    until("deliveries in the log", async || {
        let log = log(client, id).await;
        (log.iter().filter(|one| passes(one)).count() == count).then_some(log)
    })
    .await
}

/// Whether a delivery is so far.
fn is(status: &'static str) -> impl Fn(&Value) -> bool {
    move |one| one["status"] == status
}

/// Gives an institution another name, which is an event about it.
async fn rename(client: &Client, institution: &str, name: &str) {
    let edit =
        "mutation($id: ID!, $n: String!) { institutionEdit(id: $id, input: { nameZh: $n }) { institution { id } } }";
    client.data(edit, json!({ "id": institution, "n": name })).await;
}
