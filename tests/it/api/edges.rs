//! Every edge of the directory, walked in both directions.

use serde_json::json;

use super::{Desk, annex, calibration, column, lab, line, signatory, standard, text};
use crate::both;

both! {
    async fn from_the_institution_to_a_calibration_and_back(w: World) {
        let desk = Desk::new(w).await;
        let item = desk.item("E1").await;
        let calibrated = calibration(&desk.gd, &item, "2026-01-05", "2027-01-04").await;
        link(&desk, &item).await;
        let down = "query($id: ID!) { node(id: $id) { ... on Institution {
            labs { nodes { id certificates { nodes { id scopes { nodes { id equipment { nodes { id
                calibrations { nodes { id } } } } } } } } } }
            certificates { nodes { id } } } } }";
        assert_eq!(desk.gd.data(down, json!({ "id": desk.institution })).await["node"], json!({
            "labs": { "nodes": [{ "id": desk.lab, "certificates": { "nodes": [{ "id": desk.certificate,
                "scopes": { "nodes": [{ "id": desk.line, "equipment": { "nodes": [{ "id": item,
                    "calibrations": { "nodes": [{ "id": calibrated }] } }] } }] } }] } }] },
            "certificates": { "nodes": [{ "id": desk.certificate }] },
        }));
        let up = "query($id: ID!) { node(id: $id) { ... on Calibration { equipment { id lab { id } scopes { nodes { id
            lab { id } certificate { id labs { id } institution { id labs { nodes { id } } } } } } } } } }";
        assert_eq!(desk.gd.data(up, json!({ "id": calibrated })).await["node"], json!({
            "equipment": { "id": item, "lab": { "id": desk.lab }, "scopes": { "nodes": [{ "id": desk.line,
                "lab": { "id": desk.lab }, "certificate": { "id": desk.certificate, "labs": [{ "id": desk.lab }],
                    "institution": { "id": desk.institution, "labs": { "nodes": [{ "id": desk.lab }] } } } }] } },
        }));
    }

    async fn between_lab_lines_equipment_and_signatories(w: World) {
        let desk = Desk::new(w).await;
        let item = desk.item("E1").await;
        let person = signatory(&desk.gd, &desk.lab, json!({})).await;
        let down = "query($id: ID!) { node(id: $id) { ... on Lab { institution { id } scopes { nodes { id } }
            equipment { nodes { id } } signatories { nodes { id } } } } }";
        assert_eq!(desk.gd.data(down, json!({ "id": desk.lab })).await["node"], json!({
            "institution": { "id": desk.institution }, "scopes": { "nodes": [{ "id": desk.line }] },
            "equipment": { "nodes": [{ "id": item }] }, "signatories": { "nodes": [{ "id": person }] },
        }));
        let up = "query($p: ID!, $e: ID!, $s: ID!) { p: node(id: $p) { ... on Signatory { lab { id } } }
            e: node(id: $e) { ... on Equipment { lab { id } } } s: node(id: $s) { ... on CompetenceScope { lab { id } } } }";
        let at = json!({ "lab": { "id": desk.lab } });
        let found = desk.gd.data(up, json!({ "p": person, "e": item, "s": desk.line })).await;
        assert_eq!(found, json!({ "p": at, "e": at, "s": at }));
    }

    async fn between_editions_lines_and_certificates(w: World) {
        let desk = Desk::new(w).await;
        let add = "mutation($v: ID!, $l: ID!, $line: ScopeLineInput!) {
            scopeAdd(input: { scopeVersion: $v, lab: $l, line: $line }) { scope { id serial scopeVersion { id edition } } } }";
        let variables = json!({ "v": desk.edition, "l": desk.lab, "line": line("1.10", json!({})) });
        let added = desk.gd.data(add, variables).await["scopeAdd"]["scope"].clone();
        assert_eq!(added["scopeVersion"], json!({ "id": desk.edition, "edition": 1 }));
        let open = "mutation($c: ID!, $l: ID!, $lines: [ScopeLineInput!]!) { scopeVersionOpen(input: {
            certificate: $c, lab: $l, reason: EXTENSION, dated: \"2026-11-23\", lines: $lines }) { scopeVersion {
            id edition reason dated certificate { id } scopes { nodes { serial } } } } }";
        let lines = json!([line("1.9", json!({})), line("1.2", json!({}))]);
        let opened = desk.gd.data(open, json!({ "c": desk.certificate, "l": desk.lab, "lines": lines })).await;
        let second = &opened["scopeVersionOpen"]["scopeVersion"];
        assert_eq!((&second["edition"], &second["reason"], &second["dated"]), (&json!(2), &json!("EXTENSION"), &json!("2026-11-23")));
        assert_eq!(second["certificate"]["id"], desk.certificate.as_str());
        assert_eq!(column(&second["scopes"]["nodes"], "serial"), ["1.2", "1.9"]);
        let read = "query($id: ID!) { node(id: $id) { ... on Certificate { scopeVersions { totalCount nodes { edition
            scopes { nodes { serial } } } } scopes { nodes { serial } } } } }";
        assert_eq!(desk.gd.data(read, json!({ "id": desk.certificate })).await["node"], json!({
            "scopeVersions": { "totalCount": 2, "nodes": [
                { "edition": 2, "scopes": { "nodes": [{ "serial": "1.2" }, { "serial": "1.9" }] } },
                { "edition": 1, "scopes": { "nodes": [{ "serial": "1" }, { "serial": "1.10" }] } },
            ] },
            "scopes": { "nodes": [{ "serial": "1" }, { "serial": "1.2" }, { "serial": "1.9" }, { "serial": "1.10" }] },
        }));
    }

    async fn between_standards_and_the_labs_that_use_them(w: World) {
        let desk = Desk::new(w).await;
        let office = w.client("SD", "coordinator");
        let old = standard(&office, "GB 5009.12-2010", json!({ "status": "SUPERSEDED" })).await;
        let new = standard(&office, "GB 5009.12-2017", json!({ "status": "CURRENT" })).await;
        let lines = vec![
            line("2", json!({ "method": "GB/T 5009.12－2010 第一法" })),
            line("3", json!({ "method": "GB 5009.12" })),
            line("4", json!({ "method": "企业方法" })),
        ];
        super::annex(&desk.gd, &desk.certificate, &desk.lab, lines).await;
        let up = "query($id: ID!) { node(id: $id) { ... on Lab { scopes { nodes {
            serial standardKey standardYear clause standard { id } } } } } }";
        let key = "GB 5009.12";
        assert_eq!(desk.gd.data(up, json!({ "id": desk.lab })).await["node"]["scopes"]["nodes"], json!([
            { "serial": "1", "standardKey": key, "standardYear": 2017, "clause": null, "standard": { "id": new } },
            { "serial": "2", "standardKey": key, "standardYear": 2010, "clause": "第一法", "standard": { "id": old } },
            { "serial": "3", "standardKey": key, "standardYear": null, "clause": null, "standard": { "id": new } },
            { "serial": "4", "standardKey": null, "standardYear": null, "clause": null, "standard": null },
        ]));
        let down = "query($id: ID!) { node(id: $id) { ... on Standard { scopes { nodes { serial lab { code } } } } } }";
        let at = |serial: &str| json!({ "serial": serial, "lab": { "code": "L1" } });
        assert_eq!(office.data(down, json!({ "id": new })).await["node"]["scopes"]["nodes"], json!([at("1"), at("3")]));
        assert_eq!(office.data(down, json!({ "id": old })).await["node"]["scopes"]["nodes"], json!([at("2")]));
    }

    async fn from_a_division_to_the_labs_below_it(w: World) {
        let desk = Desk::new(w).await;
        lab(&desk.gd, &desk.institution, json!({ "code": "L2", "region": "440300" })).await;
        let read = "query($c: String!) { regionByCode(code: $c) { level labs { totalCount nodes { code region { code } } }
            parent { code } } }";
        for (code, expected) in [("440000", vec!["L1", "L2"]), ("440100", vec!["L1"]), ("440106", vec!["L1"]), ("370000", vec![])] {
            let region = &desk.gd.data(read, json!({ "c": code })).await["regionByCode"];
            assert_eq!(column(&region["labs"]["nodes"], "code"), expected, "{code}");
            assert_eq!(region["labs"]["totalCount"], expected.len());
        }
        let provinces = desk.gd.data("{ regions { code children { code parent { code } } } }", json!({})).await;
        assert_eq!(column(&provinces["regions"], "code"), ["350000", "370000", "440000", "450000", "460000"]);
        let city = desk.gd.data("{ regions(parent: \"440000\") { code level } }", json!({})).await;
        assert!(column(&city["regions"], "code").contains(&"440300".to_owned()));
    }

    async fn any_node_by_its_typed_id(w: World) {
        let desk = Desk::new(w).await;
        let item = desk.item("E1").await;
        let calibrated = calibration(&desk.gd, &item, "2026-01-05", "2027-01-04").await;
        let person = signatory(&desk.gd, &desk.lab, json!({})).await;
        let published = standard(&w.client("GD", "coordinator"), "GB 5009.12-2017", json!({})).await;
        let places = desk.gd.data("{ agencyByCode(code: \"GD\") { id } regionByCode(code: \"440100\") { id } }", json!({})).await;
        let kinds = [
            (text(&places["agencyByCode"]["id"]), "Agency"), (text(&places["regionByCode"]["id"]), "Region"),
            (desk.institution.clone(), "Institution"), (desk.lab.clone(), "Lab"), (desk.certificate.clone(), "Certificate"),
            (desk.edition.clone(), "ScopeVersion"), (desk.line.clone(), "CompetenceScope"), (published, "Standard"),
            (item, "Equipment"), (calibrated, "Calibration"), (person, "Signatory"),
        ];
        for (id, kind) in &kinds {
            let found = desk.gd.data("query($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": id })).await;
            assert_eq!(found["node"], json!({ "__typename": kind, "id": id }));
        }
        let mut ids: Vec<_> = kinds.iter().map(|(id, _)| id.clone()).collect();
        ids.insert(2, desk.lab.replace("lab:", "certificate:"));
        let found = desk.gd.data("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": ids })).await;
        assert_eq!(found["nodes"][2], json!(null));
        let present = found["nodes"].as_array().expect("a list").iter().filter(|node| !node.is_null()).count();
        assert_eq!(present, kinds.len());
        for bad in ["", "lab", "lab:", "lab:zzz", "cat:1", desk.lab.trim_start_matches("lab:")] {
            assert_eq!(desk.gd.refused("query($id: ID!) { node(id: $id) { id } }", json!({ "id": bad })).await, "INVALID", "{bad}");
        }
        let many: Vec<_> = (0..101).map(|_| desk.lab.clone()).collect();
        assert_eq!(desk.gd.refused("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": many })).await, "INVALID");
    }
}

async fn link(desk: &Desk, item: &str) {
    let query =
        "mutation($e: ID!, $s: ID!) { equipmentLink(id: $e, scope: $s, on: \"2021-01-01\") { equipment { id } } }";
    desk.gd.data(query, json!({ "e": item, "s": desk.line })).await;
}
