//! What labs and agencies open to others, over HTTP as its users meet it.

mod calendar;
mod feed;
mod hidden;
pub(crate) mod hold;
mod life;
mod offering;
mod store;

use serde_json::{Value, json};

use crate::{
    api::{over, text},
    support::world::{Answer, Client},
};

const CREATE: &str = "mutation($i: OfferingCreateInput!, $k: String) {
    offeringCreate(input: $i, idempotencyKey: $k) { offering { id version status code } } }";

/// Tests of a whole lab.
pub(crate) fn testing(code: &str, lab: &str, more: Value) -> Value {
    let base = json!({
        "code": code, "lab": lab, "kind": "TESTING", "titleZh": "委托检验", "unit": "样品", "turnaroundDays": 10,
    });
    over(base, more)
}

/// Enters a draft; its id.
pub(crate) async fn draft(client: &Client, input: Value) -> String {
    text(&client.data(CREATE, json!({ "i": input })).await["offeringCreate"]["offering"]["id"])
}

/// Sends a mutation of one offering: `act("Pause", id, "reason: \"x\"")`.
pub(crate) async fn act(client: &Client, verb: &str, id: &str, more: &str) -> Answer {
    let fields = "id version status statusReason visibility shownTo availableActions openedAt";
    let query = format!("mutation($id: ID!) {{ offering{verb}(id: $id {more}) {{ offering {{ {fields} }} }} }}");
    client.send(&query, json!({ "id": id })).await
}

/// As [`act`], which must succeed; the offering afterwards.
pub(crate) async fn done(client: &Client, verb: &str, id: &str, more: &str) -> Value {
    let answer = act(client, verb, id, more).await;
    assert!(answer.body.get("errors").is_none(), "{verb}: {:#}", answer.body);
    answer.body["data"][format!("offering{verb}")]["offering"].clone()
}

/// Enters an offering and opens it.
pub(crate) async fn opened(client: &Client, input: Value) -> String {
    let id = draft(client, input).await;
    done(client, "Activate", &id, "").await;
    id
}

/// The code of the first error.
pub(crate) fn refusal(answer: &Answer) -> String {
    text(&answer.body["errors"][0]["extensions"]["code"])
}
