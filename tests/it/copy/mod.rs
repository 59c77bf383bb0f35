//! Copies: whoever goes on from position to position holds what the API shows, and learns of nothing else.

mod bulk;
mod desk;
mod gone;
mod keeping;
mod position;
mod random;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::world::{Answer, Client};

const CHANGES: &str = "query($since: String, $first: Int, $kinds: [ChangeKind!]) {
    changes(since: $since, first: $first, kinds: $kinds) { position hasMore changes { id kind op position node { ...Kept } } } }
    fragment Kept on Node { __typename id
        ... on Agency { version nameZh } ... on Institution { version code } ... on Lab { version code }
        ... on Certificate { version number } ... on CompetenceScope { version parameter } ... on Equipment { version assetCode }
        ... on Signatory { version } ... on Standard { version } ... on Offering { version code }
        ... on Request { version title } ... on Referral { version rank } ... on Region { code } }";

/// Everything that a caller finds by listing, but divisions.
const LISTED: &str = "{
    agencies { id } institutions(first: 200) { nodes { id } } labs(first: 200) { nodes { id signatories(first: 200) { nodes { id } } } }
    certificates(first: 200) { nodes { id } } scopes(first: 200) { nodes { id } } equipment(first: 200) { nodes { id } }
    standards(first: 200) { nodes { id } } offerings(first: 200) { nodes { id } }
    requests(first: 200) { nodes { id } } referrals(first: 200) { nodes { id } } }";

/// A copy that somebody keeps.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// The objects by their ids.
    pub objects: BTreeMap<String, Value>,
    /// Where it stands.
    pub position: Option<String>,
    /// Every id that was ever told.
    pub told: Vec<(String, String)>,
}

/// Asks for a page.
pub async fn ask(client: &Client, since: Option<&str>, first: u32, kinds: Option<&[&str]>) -> Answer {
    client.send(CHANGES, json!({ "since": since, "first": first, "kinds": kinds })).await
}

impl Kept {
    /// Takes one page; whether there is more.
    pub async fn step(&mut self, client: &Client, first: u32) -> bool {
        let answer = ask(client, self.position.as_deref(), first, None).await;
        assert!(answer.body.get("errors").is_none(), "{:#}", answer.body);
        let page = &answer.body["data"]["changes"];
        let changes = page["changes"].as_array().expect("a list");
        assert!(changes.len() <= first as usize, "{} objects for {first}", changes.len());
        let mut seen = std::collections::BTreeSet::new();
        for change in changes {
            let (id, op) = (crate::api::text(&change["id"]), crate::api::text(&change["op"]));
            assert!(seen.insert(id.clone()), "{id} twice on a page");
            self.told.push((op.clone(), id.clone()));
            match op.as_str() {
                "UPSERT" => {
                    assert_eq!(change["node"]["id"], json!(id));
                    self.objects.insert(id, change["node"].clone());
                }
                "GONE" => {
                    assert_eq!(change["node"], Value::Null);
                    self.objects.remove(&id);
                }
                other => panic!("{other}"),
            }
        }
        self.position = Some(crate::api::text(&page["position"]));
        page["hasMore"].as_bool().expect("a truth value")
    }

    /// Goes on until there is no more.
    pub async fn keep_up(&mut self, client: &Client, first: u32) {
        for _ in 0..10_000 {
            if !self.step(client, first).await {
                return;
            }
        }
        panic!("the copy never came to an end");
    }

    /// Fails unless the copy is what the API lists and shows.
    pub async fn is_true(&self, client: &Client) {
        let listed = listed(client).await;
        let kept: Vec<&String> = self.objects.keys().filter(|id| !id.starts_with("region:")).collect();
        assert_eq!(kept, listed.iter().collect::<Vec<_>>());
        for ids in listed.chunks(100) {
            let query = format!(
                "query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ...Kept }} }} {}",
                &CHANGES[CHANGES.find("fragment").expect("a fragment")..]
            );
            let data = client.data(&query, json!({ "ids": ids })).await;
            for (id, node) in ids.iter().zip(data["nodes"].as_array().expect("nodes")) {
                assert_eq!(&self.objects[id], node, "{id}");
            }
        }
    }

    /// The ids that were told as gone since a count of told ones.
    pub fn gone_since(&self, count: usize) -> Vec<String> {
        let mut gone: Vec<String> =
            self.told[count..].iter().filter(|(op, _)| op == "GONE").map(|(_, id)| id.clone()).collect();
        gone.sort();
        gone
    }
}

/// The ids of everything that a caller finds by listing, but divisions, in order.
pub async fn listed(client: &Client) -> Vec<String> {
    let data = client.data(LISTED, json!({})).await;
    let mut ids = Vec::new();
    gather(&data, &mut ids);
    ids.sort();
    ids
}

fn gather(value: &Value, ids: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            ids.extend(members.get("id").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| gather(member, ids));
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, ids)),
        _ => {}
    }
}

/// Sorted, as ids are compared.
pub fn sorted(ids: &[&String]) -> Vec<String> {
    let mut ids: Vec<String> = ids.iter().map(|id| (*id).clone()).collect();
    ids.sort();
    ids
}
