//! One statement per level of a query, however many rows a level has.

use serde_json::{Value, json};

use super::{Desk, annex, calibration, certificate, column, institution, lab, line, standard};
use crate::{
    both,
    support::world::{Client, World},
};

/// The data of a query, and how many statements it took.
async fn counted(w: &World, client: &Client, query: &str, variables: Value) -> (u64, Value) {
    let before = w.db.statements();
    let data = client.data(query, variables).await;
    (w.db.statements() - before, data)
}

fn length(list: &Value) -> usize {
    list.as_array().map_or(0, Vec::len)
}

/// Labs with five lines each, of three institutions; the standards that they cite.
async fn filled(w: &World, labs: usize) -> Client {
    let (gd, office) = (w.client("GD", "editor"), w.client("GD", "coordinator"));
    for at in 0..5 {
        standard(&office, &format!("GB 500{at}-2017"), json!({ "status": "CURRENT" })).await;
    }
    for holder in 0..3 {
        let owner = institution(&gd, json!({ "code": format!("I{holder}") })).await;
        let mut sites = Vec::new();
        for site in (0..labs).filter(|site| site % 3 == holder) {
            sites.push(lab(&gd, &owner, json!({ "code": format!("L{site:02}") })).await);
        }
        let covered: Vec<&str> = sites.iter().map(String::as_str).collect();
        let held = certificate(&gd, &owner, &covered, json!({})).await;
        for site in &covered {
            let lines =
                (0..5).map(|at| line(&at.to_string(), json!({ "method": format!("GB 500{at}-2017") }))).collect();
            annex(&gd, &held, site, lines).await;
        }
    }
    gd
}

both! {
    async fn labs_with_their_lines_and_the_standards_of_those(w: World) {
        let gd = filled(w, 20).await;
        let query = "{ labs(first: 20) { nodes { code scopes(first: 5) { nodes { serial standard { number } } } } } }";
        let (statements, data) = counted(w, &gd, query, json!({})).await;
        let nodes = &data["labs"]["nodes"];
        assert_eq!(length(nodes), 20);
        for (at, node) in nodes.as_array().expect("labs").iter().enumerate() {
            assert_eq!(node["code"], format!("L{at:02}"));
            let lines: Vec<_> = (0..5)
                .map(|at| json!({ "serial": at.to_string(), "standard": { "number": format!("GB 500{at}-2017") } }))
                .collect();
            assert_eq!(node["scopes"]["nodes"], json!(lines));
        }
        assert_eq!(statements, 3, "labs, lines, standards");
    }

    async fn down_from_institutions_to_what_each_line_cites(w: World) {
        let gd = filled(w, 6).await;
        let query = "{ institutions { nodes { agency { code } labs { totalCount nodes { region { name }
            certificates { nodes { number scopes(first: 3) { totalCount nodes { serial lab { code } standard { number editions { number } } } } } }
            signatories { nodes { name } } } } } } }";
        let (statements, data) = counted(w, &gd, query, json!({})).await;
        assert_eq!(length(&data["institutions"]["nodes"]), 3);
        let certified = &data["institutions"]["nodes"][0]["labs"]["nodes"][0]["certificates"]["nodes"][0];
        assert_eq!((certified["scopes"]["totalCount"].clone(), length(&certified["scopes"]["nodes"])), (json!(10), 3));
        // Institutions, agencies, labs and their count, certificates, signatories, lines and their count, the labs of
        // the lines, their standards, the editions of those.
        assert_eq!(statements, 11);
    }

    async fn what_hangs_on_an_item_of_equipment(w: World) {
        let desk = Desk::new(w).await;
        for at in 0..8 {
            let item = desk.item(&format!("E{at}")).await;
            calibration(&desk.gd, &item, "2026-01-05", "2027-01-04").await;
            let link = "mutation($e: ID!, $s: ID!) { equipmentLink(id: $e, scope: $s) { equipment { id } } }";
            desk.gd.data(link, json!({ "e": item, "s": desk.line })).await;
        }
        let query = "{ equipment { nodes { assetCode calibrationStanding { state } calibrations { nodes { dueOn } }
            scopes { nodes { serial certificate { number institution { code } labs { code } } scopeVersion { edition } } }
            lab { code institution { code } } } } }";
        let (statements, data) = counted(w, &desk.gd, query, json!({})).await;
        assert_eq!(length(&data["equipment"]["nodes"]), 8);
        // Items, standings, calibrations, lines, certificates, editions, holders, covered labs and those labs,
        // the items' lab, its institution.
        assert!(statements <= 11, "{statements}");
    }

    async fn the_past_of_many_rows_is_one_statement(w: World) {
        let gd = filled(w, 6).await;
        let query = "{ scopes(first: 30) { nodes { history { version } certificate { history { version } } } } }";
        let (statements, data) = counted(w, &gd, query, json!({})).await;
        assert_eq!(length(&data["scopes"]["nodes"]), 30);
        assert_eq!(statements, 4, "lines, their past, certificates, their past");
    }

    async fn a_list_of_nodes_is_one_statement_per_kind(w: World) {
        let gd = filled(w, 6).await;
        let listed = gd.data("{ labs { nodes { id } } institutions { nodes { id } } }", json!({})).await;
        let ids: Vec<_> = [&listed["labs"]["nodes"], &listed["institutions"]["nodes"]]
            .into_iter().flat_map(|nodes| super::column(nodes, "id")).collect();
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }";
        let (statements, data) = counted(w, &gd, query, json!({ "ids": ids })).await;
        assert_eq!((statements, length(&data["nodes"])), (2, 9));
    }
}
