//! Pages of connections: both ways, while rows come in between, and at their limits.

use serde_json::{Value, json};

use super::{Desk, annex, column, institution, lab, line, over, problems};
use crate::{both, support::world::Client};

const PAGE: &str = "query($first: Int, $after: String, $last: Int, $before: String, $o: LabOrder) {
    labs(first: $first, after: $after, last: $last, before: $before, orderBy: $o) {
        nodes { code } edges { cursor node { code } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

/// An institution with labs `A0` to `A9`.
async fn ten(client: &Client) -> String {
    let holder = institution(client, json!({ "code": "I1" })).await;
    for at in [3, 1, 4, 0, 5, 9, 2, 6, 8, 7] {
        lab(client, &holder, json!({ "code": format!("A{at}") })).await;
    }
    holder
}

async fn page(client: &Client, arguments: Value) -> (Vec<String>, Value) {
    let labs = client.data(PAGE, arguments).await["labs"].clone();
    let codes = column(&labs["nodes"], "code");
    let edges: Vec<_> =
        labs["edges"].as_array().expect("edges").iter().map(|edge| super::text(&edge["node"]["code"])).collect();
    assert_eq!(codes, edges);
    let info = labs["pageInfo"].clone();
    let cursors: Vec<_> = labs["edges"].as_array().expect("edges").iter().map(|edge| edge["cursor"].clone()).collect();
    assert_eq!(
        (&info["startCursor"], &info["endCursor"]),
        (cursors.first().unwrap_or(&Value::Null), cursors.last().unwrap_or(&Value::Null))
    );
    (codes, info)
}

fn flags(info: &Value) -> (bool, bool) {
    (info["hasPreviousPage"] == true, info["hasNextPage"] == true)
}

both! {
    async fn forward_while_rows_come_in(w: World) {
        let gd = w.client("GD", "editor");
        let holder = ten(&gd).await;
        let (codes, info) = page(&gd, json!({ "first": 4 })).await;
        assert_eq!((codes, flags(&info)), (vec!["A0".into(), "A1".into(), "A2".into(), "A3".into()], (false, true)));
        lab(&gd, &holder, json!({ "code": "A15" })).await;
        lab(&gd, &holder, json!({ "code": "A35" })).await;
        let (codes, info) = page(&gd, json!({ "first": 4, "after": info["endCursor"] })).await;
        assert_eq!(codes, ["A35", "A4", "A5", "A6"], "what was entered before the cursor is not read again");
        assert_eq!(flags(&info), (true, true));
        let (codes, info) = page(&gd, json!({ "first": 4, "after": info["endCursor"] })).await;
        assert_eq!((codes, flags(&info)), (vec!["A7".into(), "A8".into(), "A9".into()], (true, false)));
        let (codes, info) = page(&gd, json!({ "first": 4, "after": info["endCursor"] })).await;
        assert_eq!((codes, info["hasNextPage"].clone()), (vec![], json!(false)));
    }

    async fn backward_while_rows_come_in(w: World) {
        let gd = w.client("GD", "editor");
        let holder = ten(&gd).await;
        let (codes, info) = page(&gd, json!({ "last": 4 })).await;
        assert_eq!((codes, flags(&info)), (vec!["A6".into(), "A7".into(), "A8".into(), "A9".into()], (true, false)));
        lab(&gd, &holder, json!({ "code": "A55" })).await;
        lab(&gd, &holder, json!({ "code": "A65" })).await;
        let (codes, info) = page(&gd, json!({ "last": 4, "before": info["startCursor"] })).await;
        assert_eq!((codes, flags(&info)), (vec!["A3".into(), "A4".into(), "A5".into(), "A55".into()], (true, true)));
        let (codes, info) = page(&gd, json!({ "last": 4, "before": info["startCursor"] })).await;
        assert_eq!((codes, flags(&info)), (vec!["A0".into(), "A1".into(), "A2".into()], (false, true)));
    }

    async fn between_two_cursors_and_in_another_order(w: World) {
        let gd = w.client("GD", "editor");
        ten(&gd).await;
        let (_, info) = page(&gd, json!({ "first": 8 })).await;
        let (codes, _) = page(&gd, json!({ "after": info["startCursor"], "before": info["endCursor"] })).await;
        assert_eq!(codes, ["A1", "A2", "A3", "A4", "A5", "A6"]);
        let (codes, info) = page(&gd, json!({ "first": 3, "o": "RECENT" })).await;
        assert_eq!(codes, ["A7", "A8", "A6"]);
        let (codes, _) = page(&gd, json!({ "first": 2, "o": "RECENT", "after": info["endCursor"] })).await;
        assert_eq!(codes, ["A2", "A9"]);
        let foreign = gd.send(PAGE, json!({ "first": 2, "o": "NAME", "after": info["endCursor"] })).await;
        assert_eq!(problems(&foreign), ["after CURSOR_ORDER"]);
        let foreign = gd.send(PAGE, json!({ "last": 2, "before": info["endCursor"] })).await;
        assert_eq!(problems(&foreign), ["before CURSOR_ORDER"]);
    }

    async fn sizes_at_their_limits(w: World) {
        let gd = w.client("GD", "editor");
        ten(&gd).await;
        let (codes, info) = page(&gd, json!({ "first": 0 })).await;
        assert_eq!((codes, info["hasNextPage"].clone()), (vec![], json!(true)));
        assert_eq!(page(&gd, json!({ "last": 0 })).await.0, Vec::<String>::new());
        assert_eq!(page(&gd, json!({ "first": 200 })).await.0.len(), 10);
        for (arguments, expected) in [
            (json!({ "first": 201 }), vec!["first PAGE_SIZE"]),
            (json!({ "last": 201 }), vec!["last PAGE_SIZE"]),
            (json!({ "first": -1 }), vec!["first PAGE_SIZE"]),
            (json!({ "last": -1 }), vec!["last PAGE_SIZE"]),
            (json!({ "first": 1, "last": 1 }), vec!["last PAGE_ARGUMENTS"]),
            (json!({ "first": 201, "last": -1 }), vec!["last PAGE_ARGUMENTS", "first PAGE_SIZE", "last PAGE_SIZE"]),
            (json!({ "first": 1, "after": "A1" }), vec!["after CURSOR"]),
            (json!({ "first": 1, "after": "" }), vec!["after CURSOR"]),
            (json!({ "last": 1, "before": "x".repeat(3_000) }), vec!["before CURSOR"]),
        ] {
            assert_eq!(problems(&gd.send(PAGE, arguments.clone()).await), expected, "{arguments}");
        }
        let nested = "{ institutions { nodes { labs(first: 201) { nodes { id } } } } }";
        assert_eq!(problems(&gd.send(nested, json!({})).await), ["first PAGE_SIZE"]);
    }

    async fn a_cursor_made_up_by_hand(w: World) {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        let gd = w.client("GD", "editor");
        ten(&gd).await;
        for (values, order) in [
            (r#"["CODE",[{"int":1},{"text":"x"}]]"#, "CODE"),
            (r#"["CODE",[{"date":"2026-01-01"},{"int":1}]]"#, "CODE"),
            (r#"["RECENT",[{"text":"x"}]]"#, "RECENT"),
        ] {
            let arguments = json!({ "first": 1, "after": URL_SAFE_NO_PAD.encode(values), "o": order });
            let answer = gd.send(PAGE, arguments).await;
            assert_eq!(problems(&answer), ["after CURSOR_ORDER"], "{values}");
        }
    }

    async fn a_total_is_counted_only_when_asked_for(w: World) {
        let gd = w.client("GD", "editor");
        let holder = ten(&gd).await;
        let count = async |query: &str| {
            let before = w.db.statements();
            let data = gd.data(query, json!({ "id": holder })).await;
            (w.db.statements() - before, data)
        };
        let (plain, _) = count("{ labs(first: 2) { nodes { code } } }").await;
        let (counted, data) = count("{ labs(first: 2) { nodes { code } totalCount } }").await;
        assert_eq!((plain, counted, data["labs"]["totalCount"].clone()), (1, 2, json!(10)));
        let (alone, data) = count("{ labs(first: 0, where: { code: { startsWith: \"A1\" } }) { totalCount } }").await;
        assert_eq!(data["labs"]["totalCount"], 1);
        assert!(alone <= 2);
        let (plain, _) = count("query($id: ID!) { node(id: $id) { ... on Institution { labs(first: 2) { nodes { id } } } } }").await;
        let (counted, data) =
            count("query($id: ID!) { node(id: $id) { ... on Institution { labs(first: 2) { nodes { id } totalCount } } } }").await;
        assert_eq!((plain, counted, data["node"]["labs"]["totalCount"].clone()), (2, 3, json!(10)));
    }

    async fn every_nested_list_pages_the_same_way(w: World) {
        let desk = Desk::new(w).await;
        let lines = (2..=7).map(|at| super::line(&format!("1.{at}"), json!({}))).collect();
        super::annex(&desk.gd, &desk.certificate, &desk.lab, lines).await;
        let query = "query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { node(id: $id) { ... on Lab {
            scopes(first: $first, after: $after, last: $last, before: $before) { nodes { serial } totalCount
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }";
        let ask = async |more: Value| {
            let found = desk.gd.data(query, super::over(json!({ "id": desk.lab }), more)).await["node"]["scopes"].clone();
            assert_eq!(found["totalCount"], 7, "whatever the page");
            (column(&found["nodes"], "serial"), found["pageInfo"].clone())
        };
        let (serials, info) = ask(json!({ "first": 3 })).await;
        assert_eq!((serials, flags(&info)), (vec!["1".into(), "1.2".into(), "1.3".into()], (false, true)));
        let (serials, info) = ask(json!({ "first": 3, "after": info["endCursor"] })).await;
        assert_eq!((serials, flags(&info)), (vec!["1.4".into(), "1.5".into(), "1.6".into()], (true, true)));
        let (serials, info) = ask(json!({ "last": 2, "before": info["startCursor"] })).await;
        assert_eq!((serials, flags(&info)), (vec!["1.2".into(), "1.3".into()], (true, true)));
        assert_eq!(ask(json!({ "first": 0 })).await.0, Vec::<String>::new());
    }
}
