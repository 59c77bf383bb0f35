//! Who sees a saved search, and who may write it.

use labpact::identity::config::Anonymous;
use serde_json::json;

use super::{CREATE, DELETE, edited, lead, names, saved};
use crate::{
    api::{changes, codes},
    both,
    support::{
        base::Backend,
        world::{Client, World},
    },
};

/// Whether somebody finds it: in the list, by id, and as a node.
async fn sees(client: &Client, id: &str) -> bool {
    let look = "query($id: ID!) { savedSearches { totalCount nodes { id } } savedSearch(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }";
    let data = client.data(look, json!({ "id": id })).await;
    let found = [
        data["savedSearches"]["totalCount"] != json!(0),
        data["savedSearches"]["nodes"] != json!([]),
        !data["savedSearch"].is_null(),
        !data["node"].is_null(),
        !data["nodes"][0].is_null(),
    ];
    assert!(found.iter().all(|each| *each == found[0]), "{data:#}");
    found[0]
}

both! {
    async fn it_is_its_agencys_alone(w: World) {
        let id = saved(&w.client("GD", "officer"), lead("铅", json!({}))).await;
        for role in ["officer", "approver", "lab-manager", "editor", "coordinator", "auditor", "client", "administrator"] {
            assert!(sees(&w.client("GD", role), &id).await, "{role}");
            assert!(!sees(&w.client("SD", role), &id).await, "{role}");
        }
        let before = changes(w).await;
        for role in ["officer", "coordinator"] {
            let other = w.client("SD", role);
            assert_eq!(codes(&edited(&other, &id, json!({ "notify": true })).await), ["NOT_FOUND"]);
            assert_eq!(other.refused(DELETE, json!({ "id": id })).await, "NOT_FOUND");
        }
        for role in ["auditor", "client", "administrator"] {
            let reader = w.client("GD", role);
            assert_eq!(reader.refused(CREATE, json!({ "i": lead("镉", json!({})) })).await, "FORBIDDEN");
            assert_eq!(codes(&edited(&reader, &id, json!({ "notify": true })).await), ["FORBIDDEN"]);
            assert_eq!(reader.refused(DELETE, json!({ "id": id })).await, "FORBIDDEN");
        }
        assert_eq!(changes(w).await, before);
        let colleague = w.client("GD", "approver");
        assert_eq!(edited(&colleague, &id, json!({ "notify": true })).await.status, 200);
        saved(&w.client("SD", "officer"), lead("铅", json!({}))).await;
        assert_eq!(names(&colleague, "").await, ["铅"]);
    }

    async fn a_limited_token_writes_none(w: World) {
        let id = saved(&w.client("GD", "officer"), lead("铅", json!({}))).await;
        let labs = Some([entity::ids::LabId(uuid::Uuid::from_u128(7))].into());
        let limited = w.client_with("GD", "lab-manager", |grant| grant.labs = labs);
        assert!(sees(&limited, &id).await);
        let before = changes(w).await;
        assert_eq!(limited.refused(CREATE, json!({ "i": lead("镉", json!({})) })).await, "FORBIDDEN");
        assert_eq!(codes(&edited(&limited, &id, json!({ "notify": true })).await), ["FORBIDDEN"]);
        assert_eq!(limited.refused(DELETE, json!({ "id": id })).await, "FORBIDDEN");
        assert_eq!(changes(w).await, before);
    }

    async fn who_may_only_save_does_not_search_by_it(w: World) {
        let keeper = w.client_with("GD", "officer", |grant| {
            grant.roles.clear();
            grant.scopes = vec!["search:save".to_owned()];
        });
        let query = "mutation($i: SavedSearchCreateInput!) { savedSearchCreate(input: $i) { savedSearch { name lines { totalCount } } } }";
        let answer = keeper.send(query, json!({ "i": lead("铅", json!({})) })).await;
        assert_eq!(codes(&answer), ["FORBIDDEN"]);
        assert_eq!(answer.body["data"]["savedSearchCreate"]["savedSearch"], json!({ "name": "铅", "lines": null }));
        assert_eq!(keeper.refused("{ savedSearches { totalCount } }", json!({})).await, "FORBIDDEN");
    }
}

async fn nobody_sees_any(w: &World) {
    let id = saved(&w.client("GD", "officer"), lead("铅", json!({}))).await;
    let anonymous = w.anonymous();
    assert!(!sees(&anonymous, &id).await);
    assert_eq!(anonymous.refused(CREATE, json!({ "i": lead("镉", json!({})) })).await, "UNAUTHENTICATED");
}

#[test]
fn without_a_token_nobody_sees_any_on_sqlite() {
    World::run_with(Backend::Sqlite, |config| config.identity.anonymous = Anonymous::PublicDirectory, nobody_sees_any);
}

#[test]
fn without_a_token_nobody_sees_any_on_postgres() {
    World::run_with(
        Backend::Postgres,
        |config| config.identity.anonymous = Anonymous::PublicDirectory,
        nobody_sees_any,
    );
}
