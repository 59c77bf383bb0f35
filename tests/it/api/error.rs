//! How refusals look: code, request id, fields or facts, and nothing of the inside.

use serde_json::{Value, json};

use super::{Desk, over, text};
use crate::{both, support::world::World};

/// Sends one operation under a request id; status, the id in the answer's header, and the body.
async fn under(w: &World, id: &str, token: Option<&str>, body: &Value) -> (u16, String, Value) {
    let mut request = w.http().post(w.url("/graphql")).header("accept", "application/graphql-response+json");
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.header("x-request-id", id).json(body).send().await.expect("an answer");
    let status = response.status().as_u16();
    let echoed = response.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    (status, echoed, response.json().await.expect("JSON"))
}

/// Words that only our inside uses.
fn tells_of_the_inside(message: &str) -> bool {
    let words = [
        "select ",
        "sqlite",
        "postgres",
        "sqlx",
        "sea_orm",
        "SeaORM",
        "src/",
        ".rs:",
        "panicked",
        "DbErr",
        "Fault",
        "constraint",
        "NaiveDate",
        "Uuid",
        "relation ",
        "column ",
    ];
    words.iter().any(|word| message.to_lowercase().contains(&word.to_lowercase()))
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

both! {
    async fn the_shape_of_each_kind_of_error(w: World) {
        let desk = Desk::new(w).await;
        let (gd, sd) = (w.token("GD", "editor", |_| {}), w.token("SD", "editor", |_| {}));
        let edit = "mutation($id: ID!, $i: LabEditInput!, $v: Int) { labEdit(id: $id, input: $i, version: $v) { lab { id } } }";
        let ask = |variables: Value| json!({ "query": edit, "variables": variables });
        let missing = format!("lab:{}", uuid::Uuid::nil());
        let cases = [
            (Some(&gd), ask(json!({ "id": desk.lab, "i": { "nameZh": "" } })), "INVALID", vec!["code", "fields", "requestId"]),
            (Some(&gd), ask(json!({ "id": desk.lab, "i": {}, "v": 9 })), "STALE_VERSION", vec!["code", "facts", "requestId"]),
            (Some(&gd), ask(json!({ "id": missing, "i": {} })), "NOT_FOUND", vec!["code", "requestId"]),
            (Some(&sd), ask(json!({ "id": desk.lab, "i": {} })), "FORBIDDEN", vec!["action", "code", "requestId"]),
            (None, ask(json!({ "id": desk.lab, "i": {} })), "UNAUTHENTICATED", vec!["code", "requestId"]),
            (Some(&gd), json!({ "query": "{ labs { nodes { nothing } } }" }), "GRAPHQL_INVALID", vec!["code", "requestId"]),
            (Some(&gd), json!({ "query": "{ labs { " }), "GRAPHQL_INVALID", vec!["code", "requestId"]),
        ];
        for (at, (token, body, code, expected)) in cases.iter().enumerate() {
            let id = format!("case-{at}");
            let (_, echoed, answer) = under(w, &id, token.map(String::as_str), body).await;
            let error = &answer["errors"][0];
            let extensions = &error["extensions"];
            assert_eq!((echoed.as_str(), extensions["requestId"].as_str()), (id.as_str(), Some(id.as_str())), "{answer:#}");
            assert_eq!((extensions["code"].as_str(), keys(extensions)), (Some(*code), expected.clone()), "{answer:#}");
            let message = text(&error["message"]);
            assert!(!message.is_empty() && !tells_of_the_inside(&message), "{message}");
        }
        let rule = "mutation($id: ID!) { labResume(id: $id, reason: \"x\") { lab { id } } }";
        let (status, _, answer) = under(w, "r", Some(&gd), &json!({ "query": rule, "variables": { "id": desk.lab } })).await;
        assert_eq!((status, &answer["data"]), (200, &json!(null)));
        let error = &answer["errors"][0];
        assert_eq!((&error["path"], &error["extensions"]["facts"]), (&json!(["labResume"]), &json!({ "standing": "ACTIVE" })));
    }

    async fn a_request_without_a_fit_name_gets_one(w: World) {
        let gd = w.token("GD", "editor", |_| {});
        let body = json!({ "query": "{ nothing }" });
        for unfit in ["", "two words", "semi;colon", &"x".repeat(65)] {
            let (_, given, answer) = under(w, unfit, Some(&gd), &body).await;
            assert_eq!(given.len(), 32, "{unfit:?}");
            assert_eq!(answer["errors"][0]["extensions"]["requestId"], given.as_str());
        }
    }

    async fn strange_input_is_refused_in_our_own_words(w: World) {
        let desk = Desk::new(w).await;
        let id = json!({ "id": desk.lab });
        let long = "界".repeat(100_000);
        let zero = "\u{0}";
        let odd = [
            ("query($n: String!) { standardByNumber(number: $n) { id } }", json!({ "n": zero })),
            ("query($n: String!) { labByCode(agency: $n, code: $n) { id } }", json!({ "n": zero })),
            ("query($n: String!) { certificatesByNumber(number: $n) { id } }", json!({ "n": long })),
            ("query($n: String!) { labs(where: { nameZh: { contains: $n } }) { totalCount } }", json!({ "n": "%_\\'\"" })),
            ("query($n: String!) { labs(where: { nameZh: { contains: $n } }) { totalCount } }", json!({ "n": zero })),
            ("query($n: [String!]!) { labs(where: { agency: $n }) { totalCount } }", json!({ "n": [] })),
            ("query($n: [String!]!) { labs(where: { agency: $n }) { totalCount } }", json!({ "n": ["GD", "'; --", zero] })),
            ("query($n: Date!) { scopes(asOf: $n) { totalCount } }", json!({ "n": "9999-12-31" })),
            ("query($n: Date!) { scopes(asOf: $n) { totalCount } }", json!({ "n": "0001-01-01" })),
            ("query($n: ID!) { node(id: $n) { id } }", json!({ "n": "region:000000" })),
            ("query($n: ID!) { node(id: $n) { id } }", json!({ "n": "agency:ZZ" })),
            ("query($n: ID!) { node(id: $n) { id } }", json!({ "n": format!("agency:{zero}") })),
            ("mutation($id: ID!, $n: String!) { labEdit(id: $id, input: { nameZh: $n }) { lab { nameZh } } }", super::over(id.clone(), json!({ "n": zero }))),
            ("mutation($id: ID!, $n: String!) { labSuspend(id: $id, reason: $n) { lab { id } } }", super::over(id.clone(), json!({ "n": "a\u{0}b" }))),
            ("mutation($id: ID!, $n: Date!) { certificateSuspend(id: $id, reason: \"x\", on: $n) { certificate { id } } }", json!({ "id": desk.certificate, "n": "9999-12-31" })),
        ];
        for (query, variables) in odd {
            let answer = desk.gd.send(query, variables).await;
            for error in answer.body["errors"].as_array().into_iter().flatten() {
                assert_ne!(error["extensions"]["code"], "INTERNAL", "{query} {:#}", answer.body);
                assert!(!tells_of_the_inside(&text(&error["message"])), "{query} {:#}", answer.body);
            }
        }
    }
}
