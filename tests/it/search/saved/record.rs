//! Saving, editing and deleting.

use entity::{
    change,
    enums::{ChangeOp, SavedSearchKind, SearchOrder},
    ids::SavedSearchId,
    saved_search,
};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{CREATE, DELETE, EDIT, done, edited, lead, names, saved};
use crate::{
    api::{changes, codes, problems, text},
    both,
    platform::act,
    support::world::World,
};

/// What the log says of saved searches, in order.
async fn told(w: &World) -> Vec<change::Model> {
    let select = change::Entity::find().filter(change::Column::Entity.eq(SavedSearchId::KIND));
    let mut rows = w.db.all(select).await.expect("read");
    rows.sort_by_key(|row| row.id);
    rows
}

both! {
    async fn from_saving_to_deleting(w: World) {
        let gd = w.client("GD", "officer");
        let conditions = json!({
            "standard": ["GB 5009.12-2017"], "region": ["440000"], "scheme": ["CMA"], "grade": ["EXACT", "UNDATED"],
            "near": { "point": { "longitude": 113.25, "latitude": 23.0 }, "withinKm": 30.0 }, "maxTurnaround": 10,
        });
        let input = lead(" 奶粉中的铅 ", json!({ "where": conditions, "orderBy": "DISTANCE", "notify": true, "remarks": " 每周 " }));
        let id = saved(&gd, input).await;
        let read = "query($id: ID!) { savedSearch(id: $id) { id version agency { code } name kind text where orderBy notify
            windowPast remarks createdBy createdAt updatedAt } node(id: $id) { id __typename } }";
        let data = gd.data(read, json!({ "id": id })).await;
        let mut kept = conditions;
        kept["anyStanding"] = json!(false);
        assert_eq!(data["savedSearch"], json!({
            "id": id, "version": 1, "agency": { "code": "GD" }, "name": "奶粉中的铅", "kind": "SCOPE", "text": "铅", "where": kept,
            "orderBy": "DISTANCE", "notify": true, "windowPast": false, "remarks": "每周", "createdBy": "officer@gd",
            "createdAt": "2026-11-23T02:00:00Z", "updatedAt": "2026-11-23T02:00:00Z",
        }));
        assert_eq!(data["node"], json!({ "id": id, "__typename": "SavedSearch" }));
        w.indexed().await;
        let again = gd.data("query($w: SearchWhere) { scopeSearch(where: $w) { totalCount } }", json!({ "w": kept })).await;
        assert_eq!(again["scopeSearch"]["totalCount"], 0, "what is given back is a variable of that type");

        w.clock.advance(chrono::TimeDelta::minutes(5));
        let row = done(&gd, &id, json!({ "name": "铅", "text": null, "notify": false })).await;
        assert_eq!(row, json!({
            "id": id, "version": 2, "name": "铅", "kind": "SCOPE", "text": null, "where": kept, "orderBy": "DISTANCE",
            "notify": false, "remarks": "每周", "createdAt": "2026-11-23T02:00:00Z", "updatedAt": "2026-11-23T02:05:00Z",
        }));
        let row = done(&gd, &id, json!({ "where": { "field": ["食品"] }, "orderBy": "RELEVANCE", "remarks": null })).await;
        assert_eq!((&row["where"], &row["remarks"]), (&json!({ "field": ["食品"], "anyStanding": false }), &json!(null)));
        let row = done(&gd, &id, json!({ "where": null })).await;
        assert_eq!((&row["where"], &row["version"]), (&json!(null), &json!(4)));
        let before = changes(w).await;
        assert_eq!(done(&gd, &id, json!({ "where": null })).await["version"], 4, "nothing is edited");
        assert_eq!(changes(w).await, before);

        let gone = gd.data(DELETE, json!({ "id": id })).await;
        assert_eq!(gone["savedSearchDelete"]["id"], json!(id));
        assert_eq!(gd.data(read, json!({ "id": id })).await, json!({ "savedSearch": null, "node": null }));
        assert!(w.db.one(saved_search::Entity::find()).await.expect("read").is_none(), "it is gone");
        let log = told(w).await;
        let ops: Vec<_> = log.iter().map(|row| row.op).collect();
        assert_eq!(ops, [ChangeOp::Insert, ChangeOp::Update, ChangeOp::Update, ChangeOp::Update, ChangeOp::Delete]);
        let last = &log[4];
        let was = last.before.as_ref().expect("all that was there");
        assert_eq!((&was["name"], &was["version"], &was["agency"]), (&json!("铅"), &json!(4), &json!("GD")));
        assert_eq!((last.after.as_ref(), last.action.as_str()), (None, "savedSearch.delete"));
        assert_eq!(last.owner.as_ref().map(|owner| owner.as_str()), Some("GD"));
        assert_eq!(codes(&edited(&gd, &id, json!({})).await), ["NOT_FOUND"]);
        assert_eq!(gd.refused(DELETE, json!({ "id": id })).await, "NOT_FOUND");
    }

    async fn the_version_that_was_read_must_be_the_last(w: World) {
        let gd = w.client("GD", "officer");
        let id = saved(&gd, lead("铅", json!({}))).await;
        done(&gd, &id, json!({ "notify": true })).await;
        let before = changes(w).await;
        let stale = json!({ "id": id, "i": { "notify": false }, "v": 1 });
        assert_eq!(gd.refused(EDIT, stale).await, "STALE_VERSION");
        assert_eq!(gd.refused(DELETE, json!({ "id": id, "v": 1 })).await, "STALE_VERSION");
        assert_eq!(changes(w).await, before);
        gd.data(DELETE, json!({ "id": id, "v": 2 })).await;
    }

    async fn a_command_sent_twice_is_done_once(w: World) {
        let gd = w.client("GD", "officer");
        let create = json!({ "i": lead("铅", json!({ "where": { "region": ["440100"] } })), "k": "k-1" });
        let first = gd.data(CREATE, create.clone()).await;
        let before = changes(w).await;
        assert_eq!(gd.data(CREATE, create).await, first);
        assert_eq!(changes(w).await, before);
        let other = json!({ "i": lead("铅", json!({ "where": { "region": ["440300"] } })), "k": "k-1" });
        assert_eq!(gd.refused(CREATE, other).await, "IDEMPOTENCY_KEY_REUSED");
        let id = text(&first["savedSearchCreate"]["savedSearch"]["id"]);
        let delete = json!({ "id": id, "v": 1, "k": "k-2" });
        let gone = gd.data(DELETE, delete.clone()).await;
        assert_eq!(gd.data(DELETE, delete).await, gone, "it is not there any more, and the answer is the same");
    }

    async fn a_name_is_taken_however_it_is_written(w: World) {
        let gd = w.client("GD", "officer");
        let first = saved(&gd, lead("Lead 铅 (GB)", json!({}))).await;
        for name in ["Lead 铅 (GB)", "LEAD  铅 (gb)", "Ｌｅａｄ　铅 （ＧＢ）"] {
            assert_eq!(gd.refused(CREATE, json!({ "i": lead(name, json!({})) })).await, "SAVED_SEARCH_NAME_TAKEN", "{name}");
        }
        let second = saved(&gd, lead("cadmium", json!({}))).await;
        assert_eq!(codes(&edited(&gd, &second, json!({ "name": "lead 铅 （gb）" })).await), ["SAVED_SEARCH_NAME_TAKEN"]);
        assert_eq!(done(&gd, &first, json!({ "name": "LEAD 铅 (GB)" })).await["name"], "LEAD 铅 (GB)", "one's own name is not");
        saved(&w.client("SD", "officer"), lead("LEAD 铅 (GB)", json!({}))).await;
        gd.data(DELETE, json!({ "id": first })).await;
        saved(&gd, lead("lead 铅 (gb)", json!({}))).await;
    }

    async fn they_are_listed_by_name_and_by_age(w: World) {
        let gd = w.client("GD", "officer");
        for (name, kind) in [("b 铅", "LAB"), ("A 镉", "SCOPE"), ("c 汞", "EQUIPMENT"), ("B 砷", "LAB")] {
            saved(&gd, lead(name, json!({ "kind": kind }))).await;
        }
        assert_eq!(names(&gd, "").await, ["A 镉", "B 砷", "b 铅", "c 汞"]);
        assert_eq!(names(&gd, "(orderBy: RECENT)").await, ["B 砷", "c 汞", "A 镉", "b 铅"]);
        assert_eq!(names(&gd, "(where: { kind: [LAB, EQUIPMENT] })").await, ["B 砷", "b 铅", "c 汞"]);
        assert_eq!(names(&gd, "(where: { name: { contains: \"铅\" } })").await, ["b 铅"]);
        let (mut seen, mut after) = (Vec::new(), json!(null));
        let page = "query($a: String) { savedSearches(first: 1, after: $a) { nodes { name } pageInfo { hasNextPage endCursor } } }";
        loop {
            let found = gd.data(page, json!({ "a": after })).await["savedSearches"].clone();
            seen.extend(crate::api::column(&found["nodes"], "name"));
            after = found["pageInfo"]["endCursor"].clone();
            if found["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
        }
        assert_eq!(seen, ["A 镉", "B 砷", "b 铅", "c 汞"]);
    }

    async fn what_cannot_be_meant_is_not_saved(w: World) {
        let gd = w.client("GD", "officer");
        let id = saved(&gd, lead("铅", json!({ "where": { "near": { "region": "440100" } }, "orderBy": "DISTANCE" }))).await;
        let before = changes(w).await;
        let cases = [
            (json!({ "name": " \u{3000}" }), vec!["input.name REQUIRED"]),
            (json!({ "name": "\u{200b}" }), vec!["input.name REQUIRED"]),
            (json!({ "name": "ﷺ".repeat(200) }), vec!["input.name TOO_LONG"]),
            (json!({ "text": "铅".repeat(401) }), vec!["input.text TOO_LONG"]),
            (json!({ "text": "\u{0}" }), vec!["input.text CONTROL_CHARACTER"]),
            (json!({ "where": { "region": ["123456"] } }), vec!["input.where.region REGION"]),
            (json!({ "where": { "lab": ["lab:1"] } }), vec!["input.where.lab ID"]),
            (json!({ "where": { "near": {} } }), vec!["input.where.near NEAR"]),
            (json!({ "where": { "near": { "point": { "longitude": 113.0, "latitude": 23.0 }, "withinKm": -1 } } }), vec!["input.where.near.withinKm NEAR"]),
            (json!({ "orderBy": "DISTANCE", "where": null }), vec!["input.where.near NEAR_REQUIRED"]),
            (json!({ "where": { "maxTurnaround": -1 } }), vec!["input.where.maxTurnaround TURNAROUND"]),
            (json!({ "where": { "available": { "from": "2026-12-02", "to": "2026-12-01" } } }), vec!["input.where.available.to DATES_REVERSED"]),
            (json!({ "where": { "available": { "from": "2026-12-01", "to": "9999-12-31" } } }), vec!["input.where.available.to WINDOW_TOO_LONG"]),
            (json!({ "where": { "standard": ["GB 1", " "] } }), vec!["input.where.standard.1 STANDARD_NUMBER"]),
            (json!({ "where": { "object": "奶".repeat(401) } }), vec!["input.where.object TOO_LONG"]),
            (json!({ "where": { "field": ["食品", "\u{0}"] } }), vec!["input.where.field.1 CONTROL_CHARACTER"]),
            (json!({ "where": { "field": vec!["食品"; 201] } }), vec!["input.where.field TOO_MANY_VALUES"]),
            (json!({ "where": { "field": vec!["食".repeat(400); 60] } }), vec!["input.where TOO_LARGE"]),
            (json!({ "name": "", "remarks": "x".repeat(2_001), "where": { "region": ["1"] } }),
                vec!["input.name REQUIRED", "input.remarks TOO_LONG", "input.where.region REGION"]),
        ];
        for (more, expected) in cases {
            let refused = gd.send(CREATE, json!({ "i": lead("镉", more.clone()) })).await;
            assert_eq!(problems(&refused), expected, "{more}");
            let order = if more.get("orderBy").is_some() { json!({}) } else { json!({ "orderBy": "RELEVANCE" }) };
            assert_eq!(problems(&edited(&gd, &id, crate::api::over(more.clone(), order)).await), expected, "{more}");
        }
        assert_eq!(problems(&edited(&gd, &id, json!({ "where": {} })).await), ["input.where.near NEAR_REQUIRED"], "with the order that is kept");
        assert_eq!(changes(w).await, before);
    }

    async fn of_two_that_would_be_the_last_one_is_saved(w: World) {
        let gd = w.client("GD", "officer");
        w.db.write(&act(), async |tx| {
            for at in 0..199 {
                let row = saved_search::Model {
                    id: SavedSearchId(tx.id()), agency: "GD".into(), name: format!("n{at}"), name_key: format!("N{at}"),
                    kind: SavedSearchKind::Lab, text: None, filter: None, order_by: SearchOrder::Relevance, notify: false,
                    remarks: None, created_by: "test".to_owned(), version: 1, created_at: tx.now(), updated_at: tx.now(),
                };
                tx.insert(row).await?;
            }
            Ok(())
        }).await.expect("written");
        let each = (0..4).map(|at| {
            let client = &gd;
            async move { client.send(CREATE, json!({ "i": lead(&format!("last {at}"), json!({})) })).await }
        });
        let answers = join_all(each).await;
        let refused: Vec<_> = answers.iter().filter(|answer| answer.body.get("errors").is_some()).collect();
        assert_eq!(refused.len(), 3);
        for answer in refused {
            assert_eq!(codes(answer), ["SAVED_SEARCHES_FULL"]);
            assert_eq!(answer.body["errors"][0]["extensions"]["facts"], json!({ "most": 200 }));
        }
        saved(&w.client("SD", "officer"), lead("of another agency", json!({}))).await;
        let one = gd.data("{ savedSearches(first: 1) { totalCount nodes { id } } }", json!({})).await["savedSearches"].clone();
        assert_eq!(one["totalCount"], 200);
        gd.data(DELETE, json!({ "id": one["nodes"][0]["id"] })).await;
        saved(&gd, lead("there is room again", json!({}))).await;
    }
}
