//! Questions that cannot be meant: a clear answer or a clear error, never a fault of ours.

use serde_json::{Value, json};

use super::{SCOPES, fill};
use crate::{api::problems, both};

/// What may be typed, and whether it is refused.
fn texts() -> Vec<(Value, Option<&'static str>)> {
    let long = "铅".repeat(3_500);
    let many = (0..40).map(|n| format!("x{n}y")).collect::<Vec<_>>().join(" ");
    vec![
        (json!(""), None),
        (json!("   \u{3000}"), None),
        (json!("的 和 检测 the of"), None),
        (json!(long), Some("text TEXT_TOO_LONG")),
        (json!(many), Some("text TOO_MANY_WORDS")),
        (json!("🙂🧪"), None),
        (json!("*"), None),
        (json!("\"铅"), None),
        (json!("((铅]]}"), None),
        (json!("铅 AND OR NOT -镉 +"), None),
        (json!("field:铅^5~"), None),
        (json!("\\"), None),
        (json!("\u{0}\u{1}\u{200b}铅"), None),
        (json!("%_'; DROP TABLE lab; --"), None),
        (json!("GB/T 5009.12-99999999999999999999"), None),
        (json!("GB GB GB GB/T /T /T"), None),
        (json!("....----////"), None),
        (json!("\u{feff}Ａ\u{0301}\u{0301}\u{0301}\u{0301}"), None),
        (json!("ﷺﷺﷺﷺﷺﷺﷺﷺ"), Some("text TOO_MANY_WORDS")),
    ]
}

fn conditions() -> Vec<(Value, Option<&'static str>)> {
    let near = |more: Value| json!({ "near": more });
    let window = |from: &str, to: &str| json!({ "available": { "from": from, "to": to } });
    vec![
        (
            near(json!({ "point": { "longitude": 113.3, "latitude": 23.1 }, "withinKm": -1 })),
            Some("where.near.withinKm NEAR"),
        ),
        (near(json!({ "point": { "longitude": 200.0, "latitude": 23.1 } })), Some("where.near.point NEAR")),
        (near(json!({})), Some("where.near NEAR")),
        (near(json!({ "region": "999999" })), Some("where.near.region REGION")),
        // A point in the sea is a point.
        (near(json!({ "point": { "longitude": 115.0, "latitude": 15.0 }, "withinKm": 1 })), None),
        (json!({ "region": ["123456"] }), Some("where.region REGION")),
        (json!({ "standard": [" "] }), Some("where.standard.0 STANDARD_NUMBER")),
        (json!({ "standard": ["no number at all"] }), None),
        (json!({ "field": ["没有"], "agency": ["XX"] }), None),
        (json!({ "lab": ["lab:nonsense"] }), Some("where.lab ID")),
        (json!({ "maxTurnaround": -1 }), Some("where.maxTurnaround TURNAROUND")),
        (window("2026-12-01", "2026-11-01"), Some("where.available.to DATES_REVERSED")),
        (window("2026-01-01", "9999-12-31"), Some("where.available.to WINDOW_TOO_LONG")),
        (window("9999-12-30", "9999-12-31"), None),
        (
            json!({ "available": { "from": "2026-12-01", "to": "2026-12-02", "quantity": 0 } }),
            Some("where.available.quantity QUANTITY"),
        ),
        (json!({ "parameter": "铅".repeat(500) }), Some("where.parameter TEXT_TOO_LONG")),
        (json!({ "equipment": "*" }), None),
    ]
}

both! {
    async fn hostile_questions_are_answered(w: World) {
        fill(w, 20, 600).await;
        let client = w.client("GD", "officer");
        let texts = texts().into_iter().map(|(text, refused)| (json!({ "text": text }), refused));
        let conditions = conditions().into_iter().map(|(filter, refused)| (json!({ "text": "铅", "where": filter }), refused));
        for (variables, refused) in texts.chain(conditions) {
            let answer = client.send(SCOPES, variables.clone()).await;
            assert!(answer.status < 500, "{variables}: {:#}", answer.body);
            match refused {
                Some(problem) => assert_eq!(problems(&answer), [problem], "{variables}"),
                None => assert!(answer.body.get("errors").is_none(), "{variables}: {:#}", answer.body),
            }
        }
        for sign in ["*", "🙂🧪", "\"\"", "....----////"] {
            let found = client.data(SCOPES, json!({ "text": sign })).await["scopeSearch"].clone();
            assert_eq!((&found["totalCount"], &found["understood"]["unknown"].as_array().map(Vec::len)), (&json!(0), &Some(1)), "{sign} is no question for everything");
            let found = client.data(SCOPES, json!({ "text": "铅", "where": { "object": sign } })).await["scopeSearch"].clone();
            assert_eq!(found["totalCount"], 0, "{sign} is no object");
        }
        let lead = client.data("{ scopeSearch(text: \"铅\", first: 1) { pageInfo { endCursor } } }", json!({})).await;
        let cursor = lead["scopeSearch"]["pageInfo"]["endCursor"].clone();
        let other = client.send("query ($after: String) { scopeSearch(text: \"镉\", after: $after) { totalCount } }", json!({ "after": cursor })).await;
        assert_eq!(problems(&other), ["after CURSOR_ORDER"], "a cursor of another question");
        let past = client.data("{ scopeSearch(text: \"铅\", asOf: \"9999-12-31\") { totalCount } a: scopeSearch(asOf: \"0001-01-01\") { totalCount } }", json!({})).await;
        assert_eq!(past, json!({ "scopeSearch": { "totalCount": 0 }, "a": { "totalCount": 0 } }));
        for (query, problem) in [
            ("{ scopeSearch(orderBy: DISTANCE) { totalCount } }", "where.near NEAR_REQUIRED"),
            ("{ scopeSearch(after: \"bm8\") { totalCount } }", "after CURSOR"),
            ("{ suggest(text: \"铅\", first: 0) { text } }", "first PAGE_SIZE"),
            ("{ labSearch(best: -1) { totalCount } }", "best PAGE_SIZE"),
            ("{ labSearch(best: 11) { totalCount } }", "best PAGE_SIZE"),
            ("{ scopeSearch(text: \"铅\", where: { grade: [EXACT] }) { totalCount } }", "where.grade STANDARD_REQUIRED"),
            ("{ equipmentSearch(orderBy: SOONEST) { totalCount } }", "orderBy ORDER"),
            ("{ coveragePlan(items: [{ parameter: \"铅\" }], prefer: NEAREST, window: { from: \"2026-12-01\", to: \"2026-12-02\" }) { candidateLabs } }", "near NEAR_REQUIRED"),
            ("{ coveragePlan(items: [{ parameter: \"铅\" }, { standard: \" x\", parameter: \"铅\", object: \"a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 b2 b3 b4 b5 b6 b7 b8 b9 c1 c2 c3 c4 c5 c6 c7\" }], window: { from: \"2026-12-01\", to: \"2026-12-02\" }) { candidateLabs } }", "items.1.object TOO_MANY_WORDS"),
            ("{ coveragePlan(items: [{ parameter: \"铅\" }], where: { region: [\"123456\"] }, window: { from: \"2026-12-01\", to: \"2026-12-02\" }) { candidateLabs } }", "where.region REGION"),
            ("{ availability(window: { from: \"2026-12-01\", to: \"2026-12-02\" }) { scopes { available } } }", "scopes NOTHING_NAMED"),
            ("{ coveragePlan(items: [], window: { from: \"2026-12-01\", to: \"2026-12-02\" }) { candidateLabs } }", "items ITEMS"),
            ("{ coveragePlan(items: [{ quantity: 1 }], window: { from: \"2026-12-01\", to: \"2026-12-02\" }) { candidateLabs } }", "items.0 ITEM_EMPTY"),
        ] {
            let answer = client.send(query, json!({})).await;
            assert_eq!(problems(&answer), [problem], "{query}");
        }
    }
}
