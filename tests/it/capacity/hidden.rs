//! Who sees an offering, and who may write it.

use labpact::{
    capacity::offering::{model::sees, store},
    identity::config::Anonymous,
    platform::access::Visible,
};
use serde_json::{Value, json};

use super::{CREATE, act, done, draft, opened, refusal, testing};
use crate::{
    api::{Desk, changes, codes},
    both,
    support::{
        base::Backend,
        world::{Client, World},
    },
};

/// The codes that somebody finds: in the list, in its count, below the labs, and by id and code.
async fn seen(client: &Client, ids: &[&String]) -> Vec<String> {
    let look = "query($ids: [ID!]!) { offerings { totalCount nodes { id code } } nodes(ids: $ids) { id }
        labs { nodes { offerings { totalCount nodes { code } } } } }";
    let data = client.data(look, json!({ "ids": ids })).await;
    let found = crate::api::column(&data["offerings"]["nodes"], "code");
    assert_eq!(data["offerings"]["totalCount"], found.len());
    let by_id = data["nodes"].as_array().expect("nodes").iter().filter(|node| !node.is_null()).count();
    assert_eq!(by_id, found.len());
    for id in ids {
        let one = client.data("query($id: ID!) { offering(id: $id) { code } }", json!({ "id": id })).await;
        assert_eq!(one["offering"].is_null(), !data["nodes"].as_array().expect("nodes").contains(&json!({ "id": id })));
    }
    let below: Vec<Value> =
        data["labs"]["nodes"].as_array().expect("labs").iter().map(|lab| lab["offerings"].clone()).collect();
    let codes: Vec<String> = below.iter().flat_map(|list| crate::api::column(&list["nodes"], "code")).collect();
    let total: i64 = below.iter().filter_map(|list| list["totalCount"].as_i64()).sum();
    assert_eq!((usize::try_from(total).expect("few"), &codes), (codes.len(), &found));
    for code in &found {
        let query = "query($c: String!) { offeringByCode(agency: \"GD\", code: $c) { code } }";
        assert_eq!(client.data(query, json!({ "c": code })).await["offeringByCode"]["code"], json!(code));
    }
    found
}

both! {
    async fn a_draft_is_its_owners_and_what_names_agencies_theirs(w: World) {
        let desk = Desk::new(w).await;
        let own = json!({ "visibility": "OWN" });
        let ids = [
            draft(&desk.gd, testing("DRAFT", &desk.lab, json!({ "visibility": "PUBLIC" }))).await,
            draft(&desk.gd, testing("GONE", &desk.lab, json!({}))).await,
            opened(&desk.gd, testing("NAMED", &desk.lab, json!({ "visibility": "OWN", "shownTo": ["sd", "GD", "SD"] }))).await,
            opened(&desk.gd, testing("OWN", &desk.lab, own)).await,
            opened(&desk.gd, testing("SHOWN", &desk.lab, json!({}))).await,
        ];
        done(&desk.gd, "Archive", &ids[1], "reason: \"never opened\"").await;
        let listed: Vec<&String> = ids.iter().collect();
        let (sd, fj) = (w.client("SD", "editor"), w.client("FJ", "editor"));
        for visible in [Visible::Public, Visible::All, Visible::Partner("GD".into()), Visible::Partner("SD".into()), Visible::Partner("FJ".into())] {
            let (mut judged, mut read) = (Vec::new(), Vec::new());
            for each in store::after(&w.db, None, 9).await.expect("read") {
                judged.extend(sees(&each.row, &visible).then_some(each.row.id));
                read.extend(store::by_ids(&w.db, &visible, &[each.row.id.0]).await.expect("read").first().map(|row| row.id));
            }
            assert_eq!(judged, read, "{visible:?}: the rule and the condition are one");
        }
        assert_eq!(seen(&desk.gd, &listed).await, ["DRAFT", "GONE", "NAMED", "OWN", "SHOWN"]);
        assert_eq!(seen(&sd, &listed).await, ["NAMED", "SHOWN"]);
        assert_eq!(seen(&fj, &listed).await, ["SHOWN"]);
        done(&desk.gd, "Pause", &ids[2], "reason: \"x\"").await;
        assert_eq!(seen(&sd, &listed).await, ["NAMED", "SHOWN"], "paused is still seen");
        let before = changes(w).await;
        for (client, at, code) in [(&sd, 0, "NOT_FOUND"), (&sd, 1, "NOT_FOUND"), (&sd, 2, "FORBIDDEN"), (&fj, 2, "NOT_FOUND"),
            (&sd, 3, "NOT_FOUND"), (&fj, 4, "FORBIDDEN")] {
            for (verb, more) in [("Edit", "input: { unit: \"x\" }"), ("Show", "visibility: PUBLIC"), ("Activate", ""),
                ("Pause", "reason: \"x\""), ("Resume", ""), ("Archive", "reason: \"x\"")] {
                assert_eq!(refusal(&act(client, verb, &ids[at], more).await), code, "{at} {verb}");
            }
        }
        assert_eq!(changes(w).await, before);
        let shown = done(&desk.gd, "Show", &ids[2], "visibility: OWN, shownTo: [\"FJ\"]").await;
        assert_eq!(shown["shownTo"], json!(["FJ"]));
        assert_eq!((seen(&sd, &listed).await, seen(&fj, &listed).await), (vec!["SHOWN".to_owned()], vec!["NAMED".to_owned(), "SHOWN".to_owned()]));
        done(&desk.gd, "Show", &ids[2], "visibility: PARTNER").await;
        assert_eq!(seen(&sd, &listed).await, ["NAMED", "SHOWN"]);
        let bad = act(&desk.gd, "Show", &ids[2], "visibility: PUBLIC, shownTo: [\"SD\"]").await;
        assert_eq!(crate::api::problems(&bad), ["shownTo SHOWN_TO_NEEDS_OWN"]);
        let told = "query($id: ID!) { offering(id: $id) { shownTo availableActions priceBasis } }";
        assert_eq!(sd.data(told, json!({ "id": ids[2] })).await["offering"],
            json!({ "shownTo": null, "availableActions": [], "priceBasis": "ON_REQUEST" }));
    }

    async fn where_the_lab_is_not_seen_its_offerings_are_not(w: World) {
        let desk = Desk::seen_by(w, "OWN").await;
        let id = opened(&desk.gd, testing("O1", &desk.lab, json!({ "visibility": "PUBLIC" }))).await;
        let named = opened(&desk.gd, testing("O2", &desk.lab, json!({ "visibility": "OWN", "shownTo": ["SD"] }))).await;
        let sd = w.client("SD", "editor");
        assert!(seen(&sd, &[&id, &named]).await.is_empty());
        assert_eq!(refusal(&act(&sd, "Pause", &id, "reason: \"x\"").await), "NOT_FOUND");
        assert_eq!(seen(&desk.gd, &[&id, &named]).await, ["O1", "O2"]);
        let foreign = sd.send(CREATE, json!({ "i": testing("S1", &desk.lab, json!({})) })).await;
        assert_eq!(codes(&foreign), ["NOT_FOUND"]);
    }

    async fn a_limited_token_writes_what_its_labs_offer(w: World) {
        let desk = Desk::new(w).await;
        let id = draft(&desk.gd, testing("O1", &desk.lab, json!({}))).await;
        let seat = json!({ "code": "S1", "kind": "TRAINING_SEAT", "titleZh": "培训", "unit": "人次" });
        let agency = draft(&desk.gd, seat).await;
        let bare = |id: &str| uuid::Uuid::parse_str(id.split_once(':').expect("typed").1).expect("an id");
        let (own, other) = (bare(&desk.lab), uuid::Uuid::from_u128(7));
        let of_labs = |lab| w.client_with("GD", "lab-manager", |grant| grant.labs = Some([entity::ids::LabId(lab)].into()));
        let holder = bare(&desk.institution);
        let of_holders = |id| {
            w.client_with("GD", "lab-manager", |grant| grant.institutions = Some([entity::ids::InstitutionId(id)].into()))
        };
        let told = "query($id: ID!) { offering(id: $id) { availableActions } }";
        for (client, may) in [(of_labs(own), true), (of_labs(other), false), (of_holders(holder), true), (of_holders(other), false)] {
            let actions = client.data(told, json!({ "id": id })).await["offering"]["availableActions"].clone();
            assert_eq!(actions.as_array().expect("actions").is_empty(), !may);
            let answer = act(&client, "Edit", &id, "input: { unit: \"样品\" }").await;
            assert_eq!(answer.body.get("errors").is_none(), may, "{:#}", answer.body);
            assert_eq!(refusal(&act(&client, "Edit", &agency, "input: { unit: \"x\" }").await), "FORBIDDEN");
            assert_eq!(client.data(told, json!({ "id": agency })).await["offering"]["availableActions"], json!([]));
        }
        assert_eq!(refusal(&act(&w.client("GD", "officer"), "Archive", &id, "reason: \"x\"").await), "FORBIDDEN");
    }
}

async fn prices_stay_within_the_pact(w: &World) {
    let desk = Desk::new(w).await;
    let price = json!({ "visibility": "PUBLIC", "priceBasis": "PER_UNIT", "priceAmount": "99" });
    opened(&desk.gd, testing("O1", &desk.lab, price)).await;
    opened(&desk.gd, testing("O2", &desk.lab, json!({}))).await;
    draft(&desk.gd, testing("O3", &desk.lab, json!({ "visibility": "PUBLIC" }))).await;
    let query = "{ offerings { nodes { code priceBasis priceAmount } } }";
    let expected = json!([{ "code": "O1", "priceBasis": null, "priceAmount": null }]);
    assert_eq!(w.anonymous().data(query, json!({})).await["offerings"]["nodes"], expected);
    let partner = w.client("SD", "auditor").data(query, json!({})).await;
    assert_eq!(
        partner["offerings"]["nodes"][0],
        json!({ "code": "O1", "priceBasis": "PER_UNIT", "priceAmount": "99.00" })
    );
}

#[test]
fn prices_stay_within_the_pact_on_sqlite() {
    World::run_with(
        Backend::Sqlite,
        |config| config.identity.anonymous = Anonymous::PublicDirectory,
        prices_stay_within_the_pact,
    );
}

#[test]
fn prices_stay_within_the_pact_on_postgres() {
    World::run_with(
        Backend::Postgres,
        |config| config.identity.anonymous = Anonymous::PublicDirectory,
        prices_stay_within_the_pact,
    );
}
