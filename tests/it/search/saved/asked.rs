//! Asking a saved search.

use entity::saved_search;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{CREATE, DELETE, done, lead, saved};
use crate::{
    api::{Desk, codes},
    both,
    platform::act,
    support::world::Client,
};

const RUN: &str = "query($id: ID!, $first: Int, $after: String) { savedSearch(id: $id) {
    kind windowPast lines(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
        facets { field { value count } } nodes { available exclusions { reason } scope { id parameter } } } } }";

async fn run(client: &Client, id: &str) -> Value {
    client.data(RUN, json!({ "id": id })).await["savedSearch"].clone()
}

both! {
    async fn it_finds_what_there_is_to_find(w: World) {
        let desk = Desk::new(w).await;
        let (gd, sd) = (w.client("GD", "officer"), w.client("SD", "officer"));
        let conditions = json!({ "standard": ["gb5009.12"], "agency": ["gd"], "near": { "region": "440100" } });
        let input = |kind: &str| lead(kind, json!({ "kind": kind, "where": conditions, "orderBy": "DISTANCE" }));
        let lines = saved(&sd, input("SCOPE")).await;
        let labs = saved(&sd, input("LAB")).await;
        let items = saved(&sd, json!({ "name": "items", "kind": "EQUIPMENT", "text": "石墨炉" })).await;
        w.indexed().await;
        let found = run(&sd, &lines).await;
        assert_eq!(found["lines"]["nodes"][0]["scope"]["id"], json!(desk.line));
        let asked = sd.data("query($w: SearchWhere) { scopeSearch(text: \"铅\", where: $w, orderBy: DISTANCE) { totalCount } }", json!({ "w": conditions })).await;
        assert_eq!((&found["lines"]["totalCount"], &asked["scopeSearch"]["totalCount"]), (&json!(1), &json!(1)));

        let of_labs = "query($id: ID!) { savedSearch(id: $id) { labs(best: 1) { nodes { lab { id } lineCount best { scope { id } } } } } }";
        let found = sd.data(of_labs, json!({ "id": labs })).await;
        assert_eq!(found["savedSearch"]["labs"]["nodes"], json!([{ "lab": { "id": desk.lab }, "lineCount": 1, "best": [{ "scope": { "id": desk.line } }] }]));

        let of_items = "query($id: ID!) { savedSearch(id: $id) { equipment { totalCount } } }";
        assert_eq!(sd.data(of_items, json!({ "id": items })).await["savedSearch"]["equipment"]["totalCount"], 0);
        desk.item("E1").await;
        w.indexed().await;
        assert_eq!(sd.data(of_items, json!({ "id": items })).await["savedSearch"]["equipment"]["totalCount"], 1);

        for (id, kind, field, wrong) in [(&lines, "SCOPE", "lines", "labs"), (&labs, "LAB", "labs", "equipment"), (&items, "EQUIPMENT", "equipment", "lines")] {
            let query = format!("query($id: ID!) {{ savedSearch(id: $id) {{ kind {wrong} {{ totalCount }} }} }}");
            let answer = sd.send(&query, json!({ "id": id })).await;
            assert_eq!(codes(&answer), ["SAVED_SEARCH_OTHER_KIND"]);
            assert_eq!(answer.body["errors"][0]["extensions"]["facts"], json!({ "kind": kind, "field": field }));
            assert_eq!(answer.body["data"]["savedSearch"]["kind"], json!(kind), "the rest is answered");
        }
        // What the asker may see is found, and nothing else.
        let hide = "mutation($id: ID!) { labEdit(id: $id, input: { visibility: OWN }) { lab { id } } }";
        desk.gd.data(hide, json!({ "id": desk.lab })).await;
        w.indexed().await;
        assert_eq!(run(&sd, &lines).await["lines"]["totalCount"], 0);
        let of_owner = saved(&gd, input("SCOPE")).await;
        assert_eq!(run(&gd, &of_owner).await["lines"]["totalCount"], 1);
    }

    async fn pages_follow_each_other(w: World) {
        crate::search::fill(w, 20, 600).await;
        let gd = w.client("GD", "officer");
        let id = saved(&gd, lead("all", json!({ "text": null, "where": {} }))).await;
        let first = gd.data(RUN, json!({ "id": id, "first": 3 })).await["savedSearch"]["lines"].clone();
        let whole = gd.data(RUN, json!({ "id": id, "first": 6 })).await["savedSearch"]["lines"].clone();
        let after = &first["pageInfo"]["endCursor"];
        let second = gd.data(RUN, json!({ "id": id, "first": 3, "after": after })).await["savedSearch"]["lines"].clone();
        let ids = |found: &Value| crate::search::nodes(found).iter().map(|node| node["scope"]["id"].clone()).collect::<Vec<_>>();
        assert_eq!([ids(&first), ids(&second)].concat(), ids(&whole));
assert!(!crate::api::column(&first["facets"]["field"], "value").is_empty(), "facets are counted where asked for");
    }

    async fn those_of_the_demonstration_are_as_entered_ones(w: World) {
        crate::search::fill(w, 300, 12_000).await;
        let all = "{ savedSearches { nodes { name kind text where orderBy notify createdBy } } }";
        for (agency, kinds) in [("GD", vec!["SCOPE", "LAB"]), ("SD", vec!["EQUIPMENT"]), ("FJ", vec![])] {
            let client = w.client(agency, "officer");
            let listed = client.data(all, json!({})).await["savedSearches"]["nodes"].clone();
            let mut found = crate::api::column(&listed, "kind");
            found.sort_by_key(|kind| std::cmp::Reverse(kind.clone()));
            assert_eq!(found, kinds, "{agency}");
            for row in listed.as_array().expect("a list") {
                let name = row["name"].as_str().expect("a name");
                assert!(name.ends_with("（演示数据）"), "{name}");
                let mut input = row.clone();
                input.as_object_mut().expect("an object").remove("createdBy");
                assert_eq!(client.refused(CREATE, json!({ "i": input })).await, "SAVED_SEARCH_NAME_TAKEN");
                input["name"] = json!("again");
                let id = saved(&client, input).await;
                let field = match row["kind"].as_str() { Some("SCOPE") => "lines", Some("LAB") => "labs", _ => "equipment" };
                let query = format!("query($id: ID!) {{ savedSearch(id: $id) {{ where {field} {{ totalCount }} }} }}");
                let again = client.data(&query, json!({ "id": id })).await["savedSearch"].clone();
                assert_eq!(again["where"], row["where"], "{name}");
                assert!(again[field]["totalCount"].as_i64() > Some(0), "{name}: {again:#}");
                client.data(DELETE, json!({ "id": id })).await;
            }
        }
    }

    async fn a_window_that_is_over_is_kept_and_told(w: World) {
        let desk = Desk::new(w).await;
        let gd = w.client("GD", "officer");
        let over = |from: &str, to: &str| {
            let window = json!({ "from": from, "to": to, "includeUnavailable": true });
            lead(to, json!({ "where": { "available": window } }))
        };
        let past = saved(&gd, over("2026-11-01", "2026-11-22")).await;
        let last_day = saved(&gd, over("2026-11-01", "2026-11-23")).await;
        w.indexed().await;
        let found = run(&gd, &past).await;
        assert_eq!(found["windowPast"], json!(true));
        assert_eq!(found["lines"]["nodes"][0]["scope"]["id"], json!(desk.line), "asked of the days that it names");
        assert_eq!(run(&gd, &last_day).await["windowPast"], json!(false));
        w.clock.advance(chrono::TimeDelta::hours(15));
        let gd = w.client("GD", "officer");
        assert_eq!(run(&gd, &last_day).await["windowPast"], json!(true), "past midnight in Shanghai");
        let query = "query($id: ID!) { savedSearch(id: $id) { where } }";
        let told = gd.data(query, json!({ "id": past })).await["savedSearch"]["where"].clone();
        assert_eq!(told["available"], json!({ "from": "2026-11-01", "to": "2026-11-22", "includeUnavailable": true }));
    }

    async fn conditions_that_are_not_understood_any_more_are_refused(w: World) {
        let gd = w.client("GD", "officer");
        let id = saved(&gd, lead("铅", json!({ "where": { "scheme": ["CMA"] } }))).await;
        w.db.write(&act(), async |tx| {
            let row = tx.one(saved_search::Entity::find()).await?.expect("there");
            let next = saved_search::Model { filter: Some(json!({ "scheme": ["GONE"] })), ..row.clone() };
            tx.update(row, next).await
        }).await.expect("written");
        let answer = gd.send(RUN, json!({ "id": id })).await;
        assert_eq!(codes(&answer), ["SAVED_SEARCH_OUTDATED"]);
        assert_eq!(answer.body["errors"][0]["extensions"]["facts"]["where"], json!({ "scheme": ["GONE"] }));
        let row = done(&gd, &id, json!({ "notify": false, "remarks": "稍后修正" })).await;
        assert_eq!(row["where"], json!({ "scheme": ["GONE"] }), "what is not edited is not judged");
        done(&gd, &id, json!({ "where": { "scheme": ["CNAS"] } })).await;
        assert_eq!(run(&gd, &id).await["lines"]["totalCount"], 0);
    }
}
