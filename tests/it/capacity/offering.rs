//! Offerings as they are entered and edited: their terms, what they cover, and every rule that they can break.

use serde_json::{Value, json};

use super::{CREATE, act, done, draft, refusal, testing};
use crate::{
    api::{Desk, annex, changes, equipment, lab, line, over, problems},
    both,
};

const READ: &str = "query($id: ID!) { offering(id: $id) { version coverage { wholeLab fields scopes { serial } equipment { assetCode } } } }";
const EDIT: &str = "mutation($id: ID!, $i: OfferingEditInput!) { offeringEdit(id: $id, input: $i) { offering {
    version priceBasis priceAmount turnaroundDays urgentTurnaroundDays quantityMin quantityMax conditions validFrom validTo } } }";

fn covers(fields: &[&str], serials: &[&str], items: &[&str]) -> Value {
    let (lines, items): (Vec<_>, Vec<_>) = (
        serials.iter().map(|serial| json!({ "serial": serial })).collect(),
        items.iter().map(|code| json!({ "assetCode": code })).collect(),
    );
    let whole = fields.is_empty() && lines.is_empty() && items.is_empty();
    json!({ "wholeLab": whole, "fields": fields, "scopes": lines, "equipment": items })
}

both! {
    async fn its_terms_are_kept_as_they_were_given(w: World) {
        let desk = Desk::new(w).await;
        let id = draft(&desk.gd, testing("O1", &desk.lab, json!({
            "titleEn": "Testing", "description": "说明", "priceBasis": "PER_PARAMETER", "priceAmount": " 0120.5 ",
            "leadDays": 2, "urgentTurnaroundDays": 3, "quantityMin": 1, "quantityMax": 60, "conditions": "须附抽样单",
            "validFrom": "2026-12-01", "validTo": "2027-11-30", "visibility": "PUBLIC",
        }))).await;
        let read = "query($id: ID!) { node(id: $id) { ... on Offering { id version code kind titleZh titleEn description unit
            priceBasis priceAmount leadDays turnaroundDays urgentTurnaroundDays quantityMin quantityMax conditions
            validFrom validTo visibility shownTo agency { code } lab { code } createdAt updatedAt } } }";
        assert_eq!(desk.gd.data(read, json!({ "id": id })).await["node"], json!({
            "id": id, "version": 1, "code": "O1", "kind": "TESTING", "titleZh": "委托检验", "titleEn": "Testing",
            "description": "说明", "unit": "样品", "priceBasis": "PER_PARAMETER", "priceAmount": "120.50", "leadDays": 2,
            "turnaroundDays": 10, "urgentTurnaroundDays": 3, "quantityMin": 1, "quantityMax": 60, "conditions": "须附抽样单",
            "validFrom": "2026-12-01", "validTo": "2027-11-30", "visibility": "PUBLIC", "shownTo": [],
            "agency": { "code": "GD" }, "lab": { "code": "L1" },
            "createdAt": "2026-11-23T02:00:00Z", "updatedAt": "2026-11-23T02:00:00Z",
        }));
        let edit = json!({
            "priceBasis": "FREE", "priceAmount": null, "urgentTurnaroundDays": null, "turnaroundDays": 7,
            "quantityMin": null, "conditions": " ", "validFrom": null, "validTo": null,
        });
        let edited = desk.gd.data(EDIT, json!({ "id": id, "i": edit })).await;
        assert_eq!(edited["offeringEdit"]["offering"], json!({
            "version": 2, "priceBasis": "FREE", "priceAmount": null, "turnaroundDays": 7, "urgentTurnaroundDays": null,
            "quantityMin": null, "quantityMax": 60, "conditions": null, "validFrom": null, "validTo": null,
        }));
        let before = changes(w).await;
        let again = desk.gd.data(EDIT, json!({ "id": id, "i": { "turnaroundDays": 7 } })).await;
        assert_eq!(again["offeringEdit"]["offering"]["version"], 2, "an edit that changes nothing");
        assert_eq!(changes(w).await, before);
        let dates = "query($id: ID!) { offering(id: $id) { a: open b: open(asOf: \"2026-11-30\") } }";
        done(&desk.gd, "Activate", &id, "").await;
        desk.gd.data(EDIT, json!({ "id": id, "i": { "validFrom": "2026-11-24", "validTo": "2026-11-30" } })).await;
        assert_eq!(desk.gd.data(dates, json!({ "id": id })).await["offering"], json!({ "a": false, "b": true }));
        let lists = "{ a: offerings(where: { openOn: \"2026-11-30\" }) { totalCount }
            b: offerings(where: { openOn: \"2026-12-01\" }) { totalCount }
            c: offerings(where: { turnaroundAtMost: 6 }) { totalCount } d: offerings(where: { turnaroundAtMost: 7 }) { totalCount } }";
        let counts = desk.gd.data(lists, json!({})).await;
        assert_eq!(["a", "b", "c", "d"].map(|list| counts[list]["totalCount"].as_i64()), [Some(1), Some(0), Some(0), Some(1)]);
        let found = desk.gd.data("{ offeringByCode(agency: \"gd\", code: \"ｏ1\") { id } }", json!({})).await;
        assert_eq!(found["offeringByCode"]["id"], json!(id));
    }

    async fn what_it_covers_is_replaced_as_a_whole(w: World) {
        let desk = Desk::new(w).await;
        let (_, lines) =
            annex(&desk.gd, &desk.certificate, &desk.lab, vec![line("1", json!({})), line("2", json!({}))]).await;
        let id = draft(&desk.gd, testing("O1", &desk.lab, json!({}))).await;
        // A token ends within the hour, and the lists change over days.
        let gd = || w.client("GD", "editor");
        let coverage = async |id: &str| gd().data(READ, json!({ "id": id })).await["offering"].clone();
        assert_eq!(coverage(&id).await, json!({ "version": 1, "coverage": covers(&[], &[], &[]) }));
        for (version, lists, seen) in [
            (2, json!({ "scopes": [lines[0]] }), covers(&[], &["1"], &[])),
            (3, json!({ "scopes": [lines[1], lines[1]] }), covers(&[], &["2"], &[])),
            (3, json!({ "scopes": [lines[1]] }), covers(&[], &["2"], &[])),
            (4, json!({ "scopes": [lines[0], lines[1]] }), covers(&[], &["1", "2"], &[])),
            (5, json!({ "fields": ["食品", " 环境 "] }), covers(&["环境", "食品"], &[], &[])),
            (6, json!({}), covers(&[], &[], &[])),
            (7, json!({ "scopes": [lines[0]] }), covers(&[], &["1"], &[])),
        ] {
            gd().data(EDIT, json!({ "id": id, "i": { "coverage": lists } })).await;
            assert_eq!(coverage(&id).await, json!({ "version": version, "coverage": seen }), "{version}");
            w.clock.advance(chrono::TimeDelta::hours(9));
        }
        let withdraw = "mutation($id: ID!) { scopeWithdraw(id: $id, reason: \"x\") { id } }";
        gd().data(withdraw, json!({ "id": lines[0] })).await;
        let ended = json!({ "wholeLab": false, "fields": [], "scopes": [], "equipment": [] });
        assert_eq!(coverage(&id).await["coverage"], ended);
        assert_eq!(refusal(&act(&gd(), "Activate", &id, "").await), "OFFERING_NOT_READY");
        let item = equipment(&gd(), &desk.lab, json!({ "assetCode": "E1" })).await;
        let hours = json!({ "code": "H", "lab": desk.lab, "kind": "EQUIPMENT_TIME", "titleZh": "机时", "unit": "小时" });
        let hours = draft(&gd(), over(hours, json!({ "coverage": { "equipment": [item] } }))).await;
        assert_eq!(coverage(&hours).await, json!({ "version": 1, "coverage": covers(&[], &[], &["E1"]) }));
    }

    async fn every_problem_is_told_at_once(w: World) {
        let desk = Desk::new(w).await;
        let far = lab(&desk.gd, &desk.institution, json!({ "code": "L2" })).await;
        let strange = equipment(&desk.gd, &far, json!({ "assetCode": "E9" })).await;
        let unknown = "scope:018f0000-0000-7000-8000-000000000000";
        let before = changes(w).await;
        let bad = testing(" ", &far, json!({
            "titleZh": "", "unit": "一二三四五六七八九十一二三四五六七八九十一", "priceBasis": "FREE", "priceAmount": "1.234",
            "leadDays": 366, "turnaroundDays": 5, "urgentTurnaroundDays": 6, "quantityMin": 9, "quantityMax": 2,
            "validFrom": "2026-12-01", "validTo": "2026-11-30", "visibility": "PARTNER", "shownTo": ["SD", "ZZ"],
            "coverage": { "scopes": [desk.line, unknown] },
        }));
        let mut found = problems(&desk.gd.send(CREATE, json!({ "i": bad })).await);
        found.sort();
        assert_eq!(found, [
            "input.code REQUIRED", "input.coverage.scopes[0] LINE_NOT_OF_LAB", "input.coverage.scopes[1] LINE_NOT_OF_LAB",
            "input.leadDays OUT_OF_RANGE", "input.priceAmount AMOUNT_FORM", "input.priceAmount AMOUNT_WITHOUT_BASIS",
            "input.quantityMax QUANTITIES_REVERSED", "input.shownTo SHOWN_TO_NEEDS_OWN", "input.shownTo[1] AGENCY_UNKNOWN",
            "input.titleZh REQUIRED", "input.unit TOO_LONG", "input.urgentTurnaroundDays URGENT_SLOWER",
            "input.validTo DATES_REVERSED",
        ]);
        let kind = |kind: &str, more: Value| over(json!({ "code": "O", "kind": kind, "titleZh": "x", "unit": "x" }), more);
        for (input, expected) in [
            (kind("TESTING", json!({})), vec!["input.lab LAB_REQUIRED", "input.turnaroundDays REQUIRED"]),
            (kind("EQUIPMENT_TIME", json!({})), vec!["input.coverage.equipment EQUIPMENT_REQUIRED", "input.lab LAB_REQUIRED"]),
            (kind("EQUIPMENT_TIME", json!({ "lab": desk.lab, "coverage": { "equipment": [strange] } })),
                vec!["input.coverage.equipment[0] EQUIPMENT_NOT_OF_LAB"]),
            (kind("EXPERT", json!({ "coverage": { "scopes": [desk.line], "equipment": [strange] }, "urgentTurnaroundDays": 1 })),
                vec!["input.coverage.equipment COVERAGE_OF_OTHER_KIND", "input.coverage.scopes COVERAGE_OF_OTHER_KIND",
                    "input.urgentTurnaroundDays URGENT_ALONE"]),
            (testing("O", &desk.lab, json!({ "coverage": { "fields": ["食品"], "scopes": [desk.line] } })),
                vec!["input.coverage.scopes COVERAGE_MIXED"]),
            (testing("O", &desk.lab, json!({ "coverage": { "scopes": [desk.lab, "x"] } })),
                vec!["input.coverage.scopes[0] ID", "input.coverage.scopes[1] ID"]),
            (testing("O", &desk.lab, json!({ "turnaroundDays": 0, "quantityMin": 0, "priceBasis": "PER_DAY", "priceAmount": "-1" })),
                vec!["input.priceAmount AMOUNT_FORM", "input.quantityMin OUT_OF_RANGE", "input.turnaroundDays OUT_OF_RANGE"]),
        ] {
            let mut found = problems(&desk.gd.send(CREATE, json!({ "i": input })).await);
            found.sort();
            assert_eq!(found, expected, "{input}");
        }
        assert_eq!(changes(w).await, before);
        let expert = draft(&desk.gd, kind("EXPERT", json!({ "coverage": { "fields": ["食品"] } }))).await;
        done(&desk.gd, "Activate", &expert, "").await;
    }

    async fn its_code_is_taken_once_in_an_agency(w: World) {
        let desk = Desk::new(w).await;
        draft(&desk.gd, testing("O1", &desk.lab, json!({}))).await;
        let other = draft(&desk.gd, testing("O2", &desk.lab, json!({}))).await;
        let again = desk.gd.send(CREATE, json!({ "i": testing("ｏ1", &desk.lab, json!({})) })).await;
        assert_eq!(refusal(&again), "OFFERING_CODE_TAKEN");
        assert_eq!(refusal(&act(&desk.gd, "Edit", &other, "input: { code: \"o1\" }").await), "OFFERING_CODE_TAKEN");
        let seat = json!({ "code": "O1", "kind": "TRAINING_SEAT", "titleZh": "培训", "unit": "人次" });
        draft(&w.client("SD", "editor"), seat).await;
    }

    async fn the_same_command_twice_is_done_once(w: World) {
        let desk = Desk::new(w).await;
        let input = testing("O1", &desk.lab, json!({ "coverage": { "scopes": [desk.line] } }));
        let first = desk.gd.send(CREATE, json!({ "i": input, "k": "k-1" })).await.body;
        let before = changes(w).await;
        assert_eq!(desk.gd.send(CREATE, json!({ "i": input, "k": "k-1" })).await.body, first);
        let other = desk.gd.send(CREATE, json!({ "i": testing("O2", &desk.lab, json!({})), "k": "k-1" })).await;
        assert_eq!(refusal(&other), "IDEMPOTENCY_KEY_REUSED");
        assert_eq!(changes(w).await, before);
        let id = crate::api::text(&first["data"]["offeringCreate"]["offering"]["id"]);
        done(&desk.gd, "Activate", &id, "idempotencyKey: \"k-2\"").await;
        let before = changes(w).await;
        done(&desk.gd, "Activate", &id, "idempotencyKey: \"k-2\"").await;
        assert_eq!(changes(w).await, before);
        assert_eq!(refusal(&act(&desk.gd, "Activate", &id, "idempotencyKey: \"k-3\"").await), "ALREADY_ACTIVE");
    }
}
