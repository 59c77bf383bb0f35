//! Writing rules: versions, days, rehearsals, and what cannot be meant.

use serde_json::{Value, json};

use super::{administrator, done, named, set};
use crate::{
    both,
    request::{Sides, lasting},
};

async fn codes(answer: &crate::support::world::Answer) -> Vec<String> {
    let fields = answer.body["errors"][0]["extensions"]["fields"].as_array().cloned().unwrap_or_default();
    fields.iter().map(|one| one["code"].as_str().unwrap_or_default().to_owned()).collect()
}

both! {
    async fn sets_follow_one_another_and_the_last_for_a_day_holds(w: World) {
        let admin = administrator(w, "SD");
        assert_eq!(done(&admin, "REQUESTER", json!([named("REQUEST", &["a"], 1)])).await["approvalRules"]["number"], 1);
        let later = set(&admin, "REQUESTER", json!([named("REQUEST", &["b"], 1)]), json!({ "version": 1, "effectiveFrom": "2026-12-01" })).await;
        assert_eq!(later.body["data"]["approvalRulesSet"]["approvalRules"]["number"], 2);
        let stale = set(&admin, "REQUESTER", json!([]), json!({ "version": 1 })).await;
        assert_eq!(stale.body["errors"][0]["extensions"]["code"], "STALE_VERSION");
        let earlier = set(&admin, "REQUESTER", json!([]), json!({ "effectiveFrom": "2026-11-25" })).await;
        assert_eq!(codes(&earlier).await, ["BEFORE_LAST_SET"]);
        let in_force = "query($on: Date) { approvalRules(side: REQUESTER, on: $on) { number rules { steps { persons } } } }";
        let on = async |day: Value| lasting(w, "SD", "officer").data(in_force, json!({ "on": day })).await["approvalRules"]["number"].clone();
        assert_eq!((on(Value::Null).await, on(json!("2026-11-30")).await, on(json!("2026-12-01")).await), (json!(1), json!(1), json!(2)));
        let history = "{ approvalRulesHistory(side: REQUESTER) { number author } }";
        assert_eq!(admin.data(history, json!({})).await["approvalRulesHistory"].as_array().map(Vec::len), Some(2));
        // Nobody else learns of them.
        assert_eq!(lasting(w, "GD", "administrator").data(history, json!({})).await["approvalRulesHistory"], json!([]));
        let refused = set(&lasting(w, "SD", "approver"), "REQUESTER", json!([]), json!({})).await;
        assert_eq!(refused.body["errors"][0]["extensions"]["code"], "FORBIDDEN");
    }

    async fn what_cannot_be_meant_is_told_at_once(w: World) {
        let admin = administrator(w, "SD");
        for (side, rule, code) in [
            ("REQUESTER", json!({ "name": "x", "point": "OFFER", "steps": [{}] }), "POINT_OF_OTHER_SIDE"),
            ("REQUESTER", json!({ "name": "x", "point": "REQUEST", "automatic": true }), "AUTOMATIC_NOT_ALLOWED"),
            ("PROVIDER", json!({ "name": "x", "point": "SIGN", "automatic": true }), "AUTOMATIC_NOT_ALLOWED"),
            ("PROVIDER", json!({ "name": "x", "point": "ACKNOWLEDGE", "steps": [{}] }), "ONLY_AUTOMATIC"),
            ("REQUESTER", json!({ "name": "x", "point": "ACCEPT", "automatic": true }), "LIMIT_MISSING"),
            ("REQUESTER", json!({ "name": "x", "point": "REQUEST" }), "REQUIRED"),
            ("REQUESTER", json!({ "name": " ", "point": "REQUEST", "steps": [{}] }), "REQUIRED"),
            ("REQUESTER", named("REQUEST", &["a", "b"], 3), "MORE_THAN_NAMED"),
            ("REQUESTER", named("REQUEST", &[], 0), "OUT_OF_RANGE"),
            ("REQUESTER", json!({ "name": "x", "point": "REQUEST", "steps": [{ "escalateAfterHalfDays": 2 }] }), "ESCALATION_INCOMPLETE"),
            ("REQUESTER", json!({ "name": "x", "point": "REQUEST", "when": { "priceTo": "5" }, "steps": [{}] }), "PRICE_UNKNOWN"),
            ("REQUESTER", json!({ "name": "x", "point": "ACCEPT", "when": { "priceFrom": "9", "priceTo": "5" }, "steps": [{}] }), "RANGE_EMPTY"),
            ("REQUESTER", json!({ "name": "x", "point": "ACCEPT", "when": { "priceTo": "1,5" }, "steps": [{}] }), "AMOUNT"),
            ("REQUESTER", json!({ "name": "x", "point": "ACCEPT", "when": { "quantityFrom": -1 }, "steps": [{}] }), "NEGATIVE"),
            ("REQUESTER", json!({ "name": "x", "point": "REQUEST", "when": { "partners": ["XX"] }, "steps": [{}] }), "AGENCY_UNKNOWN"),
            ("REQUESTER", json!({ "name": "x", "point": "REQUEST", "when": { "partners": ["sd"] }, "steps": [{}] }), "OWN_AGENCY"),
        ] {
            let answer = set(&admin, side, json!([rule]), json!({})).await;
            assert!(codes(&answer).await.contains(&code.to_owned()), "{code}: {:#}", answer.body);
        }
        let all = json!({ "name": "all", "point": "REQUEST", "steps": [{}] });
        let behind = json!([all, { "name": "all", "point": "REQUEST", "when": { "quantityFrom": 5 }, "steps": [{}] }]);
        let answer = codes(&set(&admin, "REQUESTER", behind, json!({})).await).await;
        assert_eq!(answer, ["DUPLICATE", "RULE_UNREACHABLE"]);
        assert_eq!(admin.data("{ approvalRulesHistory(side: REQUESTER) { number } }", json!({})).await["approvalRulesHistory"], json!([]));
    }

    async fn a_rehearsal_says_what_would_be_decided_otherwise(w: World) {
        let s = Sides::new(w).await;
        let request = s.draft(&[&s.offering], json!({})).await;
        let admin = administrator(w, "SD");
        let rules = json!([
            { "name": "大批量", "point": "REQUEST", "when": { "quantityFrom": 10, "purposes": ["SUPERVISION"], "partners": ["gd"] },
              "steps": [{ "persons": ["a"] }] },
            { "name": "急件", "point": "REQUEST", "when": { "urgencies": ["URGENT"] }, "steps": [{}] },
        ]);
        let told = set(&admin, "REQUESTER", rules.clone(), json!({ "dryRun": true })).await;
        let payload = &told.body["data"]["approvalRulesSet"];
        assert_eq!((&payload["dryRun"], &payload["approvalRules"]), (&json!(true), &Value::Null));
        let effect = &payload["effects"][0];
        assert_eq!((effect["subject"].as_str(), &effect["point"], &effect["before"], &effect["after"]),
            (Some(request.as_str()), &json!("REQUEST"), &Value::Null, &json!("大批量")));
        assert_eq!(admin.data("{ approvalRulesHistory(side: REQUESTER) { number } }", json!({})).await["approvalRulesHistory"], json!([]));
        done(&admin, "REQUESTER", rules.clone()).await;
        let again = set(&admin, "REQUESTER", rules, json!({ "dryRun": true })).await;
        assert_eq!(again.body["data"]["approvalRulesSet"]["effects"], json!([]), "nothing changes");
    }
}
