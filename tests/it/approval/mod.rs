//! Approval rules over HTTP: who must decide, in which steps, and what is answered without anybody.

mod automatic;
mod deputy;
mod offers;
mod set;
mod steps;

use serde_json::{Value, json};

use crate::{
    request::lasting,
    support::world::{Answer, Client, World},
};

/// Who writes an agency's rules.
pub fn administrator(w: &World, agency: &str) -> Client {
    lasting(w, agency, "administrator")
}

/// One more approver of an agency, by that subject.
pub fn approver(w: &World, agency: &str, subject: &str) -> Client {
    w.client_with(agency, "approver", |grant| {
        grant.subject = subject.to_owned();
        grant.life = chrono::TimeDelta::days(30);
    })
}

/// Writes rules for one side.
pub async fn set(client: &Client, side: &str, rules: Value, more: Value) -> Answer {
    let query = "mutation($i: ApprovalRulesInput!, $v: Int, $d: Boolean!) { approvalRulesSet(input: $i, version: $v, dryRun: $d) { \
        dryRun approvalRules { id number effectiveFrom rules { name } } effects { subject requestCode point before after } } }";
    let mut input = json!({ "side": side, "rules": rules });
    if let Some(from) = more.get("effectiveFrom") {
        input["effectiveFrom"] = from.clone();
    }
    let dry = more.get("dryRun").cloned().unwrap_or(json!(false));
    client.send(query, json!({ "i": input, "v": more.get("version"), "d": dry })).await
}

/// As [`set`]; any error fails the test. The payload.
pub async fn done(client: &Client, side: &str, rules: Value) -> Value {
    let answer = set(client, side, rules, json!({})).await;
    assert!(answer.body.get("errors").is_none(), "{:#}", answer.body);
    answer.body["data"]["approvalRulesSet"].clone()
}

/// A rule of one step that names these persons, of whom so many are needed.
pub fn named(point: &str, persons: &[&str], count: i32) -> Value {
    json!({ "name": point, "point": point, "steps": [{ "persons": persons, "count": count }] })
}

/// What the caller's agency decides on a request.
pub async fn decisions(client: &Client, request: &str) -> Value {
    let query = "query($id: ID!) { request(id: $id) { status availableActions decisions { point rule step steps needed waitsFor \
        escalated outcome approvals { approver standsFor verdict step reason } } } }";
    client.data(query, json!({ "id": request })).await["request"].clone()
}

/// Whether a request or referral lies in the caller's inbox.
pub async fn lies(client: &Client, id: &str) -> bool {
    let query = "{ inbox(first: 100) { nodes { request { id } referral { id } } } }";
    let nodes = client.data(query, json!({})).await["inbox"]["nodes"].clone();
    nodes.as_array().is_some_and(|all| all.iter().any(|one| one["request"]["id"] == id || one["referral"]["id"] == id))
}
