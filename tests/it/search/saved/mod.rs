//! Searches that agencies keep, over the real server.

mod asked;
mod hidden;
mod record;
mod watch;

use serde_json::{Value, json};

use crate::{
    api::{over, text},
    support::world::{Answer, Client},
};

const CREATE: &str = "mutation($i: SavedSearchCreateInput!, $k: String) {
    savedSearchCreate(input: $i, idempotencyKey: $k) { savedSearch { id version name createdBy } } }";

const EDIT: &str = "mutation($id: ID!, $i: SavedSearchEditInput!, $v: Int, $k: String) {
    savedSearchEdit(id: $id, input: $i, version: $v, idempotencyKey: $k) { savedSearch {
        id version name kind text where orderBy notify remarks createdAt updatedAt } } }";

const DELETE: &str = "mutation($id: ID!, $v: Int, $k: String) {
    savedSearchDelete(id: $id, version: $v, idempotencyKey: $k) { id } }";

/// A search for lines about lead.
fn lead(name: &str, more: Value) -> Value {
    over(json!({ "name": name, "kind": "SCOPE", "text": "铅" }), more)
}

/// Saves a search; its id.
async fn saved(client: &Client, input: Value) -> String {
    text(&client.data(CREATE, json!({ "i": input })).await["savedSearchCreate"]["savedSearch"]["id"])
}

/// Sends an edit of the version that is the last.
async fn edited(client: &Client, id: &str, input: Value) -> Answer {
    client.send(EDIT, json!({ "id": id, "i": input })).await
}

/// As [`edited`], which must succeed; the search afterwards.
async fn done(client: &Client, id: &str, input: Value) -> Value {
    client.data(EDIT, json!({ "id": id, "i": input })).await["savedSearchEdit"]["savedSearch"].clone()
}

/// The names that somebody finds, in the list and its count.
async fn names(client: &Client, arguments: &str) -> Vec<String> {
    let query = format!("{{ savedSearches{arguments} {{ totalCount nodes {{ name }} }} }}");
    let found = client.data(&query, json!({})).await["savedSearches"].clone();
    let names = crate::api::column(&found["nodes"], "name");
    assert_eq!(found["totalCount"], names.len(), "{arguments}");
    names
}
