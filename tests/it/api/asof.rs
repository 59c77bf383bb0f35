//! `asOf`: what stood on a date, after edits that took effect on other dates.

use serde_json::{Value, json};

use super::{Desk, calibration, certificate, column, lab, over};
use crate::both;

/// The same field at several dates, as one list.
async fn on_dates(desk: &Desk, list: &str, fields: &str, dates: &[&str]) -> Vec<Value> {
    let mut found = Vec::new();
    for date in dates {
        let query = format!("query($on: Date!) {{ {list}(asOf: $on) {{ nodes {{ {fields} }} }} }}");
        found.push(desk.gd.data(&query, json!({ "on": date })).await[list]["nodes"].clone());
    }
    found
}

const EDIT: &str =
    "mutation($id: ID!, $i: CertificateEditInput!) { certificateEdit(id: $id, input: $i) { certificate { version } } }";

both! {
    async fn a_certificate_before_at_and_after_each_edit(w: World) {
        let desk = Desk::new(w).await;
        for (number, from) in [("202119000002", "2021-06-01"), ("202219000003", "2022-06-01")] {
            desk.gd.data(EDIT, json!({ "id": desk.certificate, "i": { "number": number, "effectiveFrom": from } })).await;
        }
        let fields = "version number asOf effectiveFrom effectiveTo";
        let dates = ["2019-12-31", "2020-01-01", "2021-05-31", "2021-06-01", "2022-05-31", "2022-06-01", "2099-01-01"];
        let found = on_dates(&desk, "certificates", fields, &dates).await;
        let first = json!({ "version": 1, "number": "202019000001", "effectiveFrom": "2020-01-01", "effectiveTo": "2021-06-01" });
        let second = json!({ "version": 2, "number": "202119000002", "effectiveFrom": "2021-06-01", "effectiveTo": "2022-06-01" });
        let third = json!({ "version": 3, "number": "202219000003", "effectiveFrom": "2022-06-01", "effectiveTo": null });
        let on = |revision: &Value, date: &str| json!([super::over(revision.clone(), json!({ "asOf": date }))]);
        assert_eq!(found[0], json!([]));
        for (at, revision) in [(1, &first), (2, &first), (3, &second), (4, &second), (5, &third), (6, &third)] {
            assert_eq!(found[at], on(revision, dates[at]), "{}", dates[at]);
        }
        let history = "query($id: ID!) { node(id: $id) { ... on Certificate { version history { version number asOf } } } }";
        assert_eq!(desk.gd.data(history, json!({ "id": desk.certificate })).await["node"], json!({ "version": 3, "history": [
            { "version": 3, "number": "202219000003", "asOf": "2022-06-01" },
            { "version": 2, "number": "202119000002", "asOf": "2021-06-01" },
            { "version": 1, "number": "202019000001", "asOf": "2020-01-01" },
        ] }));
        let by_number = "query($n: String!, $on: Date) { certificatesByNumber(number: $n, asOf: $on) { version } }";
        let old = desk.gd.data(by_number, json!({ "n": "202019000001", "on": "2021-05-31" })).await;
        assert_eq!(old["certificatesByNumber"], json!([{ "version": 1 }]));
        let old = desk.gd.data(by_number, json!({ "n": "202019000001" })).await;
        assert_eq!(old["certificatesByNumber"], json!([]), "that number is not its number today");
        let early = json!({ "id": desk.certificate, "i": { "number": "X", "effectiveFrom": "2022-05-31" } });
        assert_eq!(desk.gd.refused(EDIT, early).await, "EFFECTIVE_BEFORE_REVISION");
    }

    async fn a_line_before_at_and_after_edit_and_end(w: World) {
        let desk = Desk::new(w).await;
        let edit = "mutation($id: ID!) { scopeEdit(id: $id, version: 1, input: {
            method: \"GB 5009.12-2023\", limits: \"只用第一法\", effectiveFrom: \"2024-03-06\" }) { scope { version standardYear } } }";
        let edited = desk.gd.data(edit, json!({ "id": desk.line })).await;
        assert_eq!(edited["scopeEdit"]["scope"], json!({ "version": 2, "standardYear": 2023 }));
        let end = "mutation($id: ID!) { scopeWithdraw(id: $id, version: 2, reason: \"取消\", on: \"2025-07-01\") { id } }";
        assert_eq!(desk.gd.data(end, json!({ "id": desk.line })).await["scopeWithdraw"]["id"], desk.line.as_str());
        let dates = ["2020-12-31", "2021-01-01", "2024-03-05", "2024-03-06", "2025-06-30", "2025-07-01", "2026-11-23"];
        let found = on_dates(&desk, "scopes", "standardYear limits certificate { asOf }", &dates).await;
        let was = |date: &str| json!([{ "standardYear": 2017, "limits": null, "certificate": { "asOf": date } }]);
        let is = |date: &str| json!([{ "standardYear": 2023, "limits": "只用第一法", "certificate": { "asOf": date } }]);
        let expected = [
            json!([]), was("2021-01-01"), was("2024-03-05"), is("2024-03-06"), is("2025-06-30"), json!([]), json!([]),
        ];
        assert_eq!(found, expected);
        let lab = "query($id: ID!, $on: Date) { node(id: $id) { ... on Lab { scopes(asOf: $on) { totalCount nodes {
            history { version standardYear effectiveFrom effectiveTo } } } } } }";
        let then = &desk.gd.data(lab, json!({ "id": desk.lab, "on": "2025-06-30" })).await["node"]["scopes"];
        assert_eq!(then["nodes"][0]["history"], json!([
            { "version": 2, "standardYear": 2023, "effectiveFrom": "2024-03-06", "effectiveTo": "2025-07-01" },
            { "version": 1, "standardYear": 2017, "effectiveFrom": "2021-01-01", "effectiveTo": "2024-03-06" },
        ]));
        let now = &desk.gd.data(lab, json!({ "id": desk.lab })).await["node"]["scopes"];
        assert_eq!(now["totalCount"], 0);
        let node = desk.gd.data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": desk.line })).await;
        assert_eq!(node["node"], json!(null), "it is not in force today");
        let again = "mutation($id: ID!) { scopeEdit(id: $id, input: { limits: null }) { scope { id } } }";
        assert_eq!(desk.gd.refused(again, json!({ "id": desk.line })).await, "ALREADY_CLOSED");
    }

    async fn an_item_its_status_links_and_calibrations_on_a_date(w: World) {
        let desk = Desk::new(w).await;
        let item = desk.item("E1").await;
        calibration(&desk.gd, &item, "2022-01-10", "2023-01-09").await;
        calibration(&desk.gd, &item, "2023-03-01", "2024-02-29").await;
        let change = "mutation($id: ID!, $s: EquipmentStatus!, $on: Date!) {
            equipmentChangeStatus(id: $id, status: $s, reason: \"维修\", on: $on) { equipment { version } } }";
        desk.gd.data(change, json!({ "id": item, "s": "OUT_OF_SERVICE", "on": "2023-06-01" })).await;
        desk.gd.data(change, json!({ "id": item, "s": "IN_SERVICE", "on": "2023-06-15" })).await;
        let fields = "status calibrationStanding { state until since }";
        let state = |status: &str, state: &str, until: Value, since: Value| {
            json!([{ "status": status, "calibrationStanding": { "state": state, "until": until, "since": since } }])
        };
        let (up, down) = ("IN_SERVICE", "OUT_OF_SERVICE");
        let within = |status: &str| state(status, "IN_CALIBRATION", json!("2024-02-29"), json!(null));
        for (date, expected) in [
            ("2020-12-31", json!([])),
            ("2021-01-01", state(up, "NEVER", json!(null), json!(null))),
            ("2022-01-09", state(up, "NEVER", json!(null), json!(null))),
            ("2022-01-10", state(up, "IN_CALIBRATION", json!("2023-01-09"), json!(null))),
            ("2023-01-09", state(up, "IN_CALIBRATION", json!("2023-01-09"), json!(null))),
            ("2023-01-10", state(up, "OVERDUE", json!(null), json!("2023-01-10"))),
            ("2023-03-01", within(up)), ("2023-05-31", within(up)), ("2023-06-01", within(down)),
            ("2023-06-14", within(down)), ("2023-06-15", within(up)),
            ("2024-03-01", state(up, "OVERDUE", json!(null), json!("2024-03-01"))),
        ] {
            assert_eq!(on_dates(&desk, "equipment", fields, &[date]).await, [expected], "{date}");
        }
        let tie = "mutation($e: ID!, $s: ID!) { equipmentLink(id: $e, scope: $s, on: \"2022-01-01\") { equipment { id } } }";
        desk.gd.data(tie, json!({ "e": item, "s": desk.line })).await;
        let untie = "mutation($e: ID!, $s: ID!) { equipmentUnlink(id: $e, scope: $s, on: \"2022-07-01\") { equipment { id } } }";
        desk.gd.data(untie, json!({ "e": item, "s": desk.line })).await;
        for (date, linked) in [("2021-12-31", 0), ("2022-01-01", 1), ("2022-06-30", 1), ("2022-07-01", 0)] {
            let walked = "equipment { totalCount nodes { id scopes { totalCount } } }";
            let lines = &on_dates(&desk, "scopes", walked, &[date]).await[0];
            assert_eq!(lines[0]["equipment"]["totalCount"], linked, "{date}");
            if linked == 1 {
                assert_eq!(lines[0]["equipment"]["nodes"], json!([{ "id": item, "scopes": { "totalCount": 1 } }]));
            }
        }
    }

    async fn was_this_line_valid_on_the_date_of_the_report(w: World) {
        let desk = Desk::new(w).await;
        let step = async |verb: &str, on: &str| {
            let query = format!("mutation($id: ID!, $on: Date!) {{ certificate{verb}(id: $id, reason: \"r\", on: $on) {{
                certificate {{ status standing }} }} }}");
            desk.gd.data(&query, json!({ "id": desk.certificate, "on": on })).await
        };
        step("Suspend", "2022-01-01").await;
        step("Resume", "2022-02-01").await;
        let uncover = "mutation($id: ID!, $lab: ID!) { certificateUncover(id: $id, lab: $lab, on: \"2023-01-01\") { certificate { labs { id } } } }";
        desk.gd.data(uncover, json!({ "id": desk.certificate, "lab": desk.lab })).await;
        let cover = "mutation($id: ID!, $lab: ID!) { certificateCover(id: $id, lab: $lab, on: \"2023-03-01\") { certificate { labs { id } } } }";
        desk.gd.data(cover, json!({ "id": desk.certificate, "lab": desk.lab })).await;
        step("Withdraw", "2025-01-01").await;
        let cases = [
            ("2020-12-31", None, true),
            ("2021-01-01", Some("ACTIVE"), true),
            ("2021-12-31", Some("ACTIVE"), true),
            ("2022-01-01", Some("SUSPENDED"), true),
            ("2022-01-31", Some("SUSPENDED"), true),
            ("2022-02-01", Some("ACTIVE"), true),
            ("2022-12-31", Some("ACTIVE"), true),
            ("2023-01-01", Some("ACTIVE"), false),
            ("2023-02-28", Some("ACTIVE"), false),
            ("2023-03-01", Some("ACTIVE"), true),
            ("2024-12-31", Some("ACTIVE"), true),
            ("2025-01-01", Some("WITHDRAWN"), true),
        ];
        for (date, standing, covered) in cases {
            let lines = &on_dates(&desk, "scopes", "certificate { standing asOf labs { id } }", &[date]).await[0];
            match standing {
                None => assert_eq!(*lines, json!([]), "{date}"),
                Some(standing) => {
                    let labs = if covered { json!([{ "id": desk.lab }]) } else { json!([]) };
                    let expected = json!([{ "certificate": { "standing": standing, "asOf": date, "labs": labs } }]);
                    assert_eq!(*lines, expected, "{date}");
                }
            }
        }
        let of_lab = "query($id: ID!, $on: Date!) { node(id: $id) { ... on Lab { certificates(asOf: $on) { totalCount } } } }";
        for (date, count) in [("2022-12-31", 1), ("2023-01-01", 0), ("2023-02-28", 0), ("2023-03-01", 1)] {
            let found = desk.gd.data(of_lab, json!({ "id": desk.lab, "on": date })).await;
            assert_eq!(found["node"]["certificates"]["totalCount"], count, "{date}");
        }
    }

    async fn the_dates_of_validity_decide_the_standing(w: World) {
        let desk = Desk::new(w).await;
        let other = lab(&desk.gd, &desk.institution, json!({ "code": "L2" })).await;
        let more = json!({ "number": "221900000009", "validFrom": "2024-01-01", "validTo": "2025-12-31", "effectiveFrom": "2023-06-01" });
        super::certificate(&desk.gd, &desk.institution, &[&other], more).await;
        let query = "query($on: Date!, $s: [CertificateStanding!]) { certificates(asOf: $on, where: { standing: $s }) {
            totalCount nodes { number standing } } }";
        for (date, standing) in [
            ("2023-05-31", None), ("2023-06-01", Some("NOT_YET_VALID")), ("2023-12-31", Some("NOT_YET_VALID")),
            ("2024-01-01", Some("ACTIVE")), ("2025-12-31", Some("ACTIVE")), ("2026-01-01", Some("EXPIRED")),
        ] {
            let all = &desk.gd.data(query, json!({ "on": date })).await["certificates"]["nodes"];
            let found = all.as_array().expect("a list").iter().find(|node| node["number"] == "221900000009");
            assert_eq!(found.and_then(|node| node["standing"].as_str()), standing, "{date}");
            if let Some(standing) = standing {
                let filtered = &desk.gd.data(query, json!({ "on": date, "s": [standing] })).await["certificates"];
                assert!(column(&filtered["nodes"], "number").contains(&"221900000009".to_owned()), "{date}");
                assert_eq!(filtered["totalCount"], filtered["nodes"].as_array().map_or(0, Vec::len));
            }
        }
    }
}
