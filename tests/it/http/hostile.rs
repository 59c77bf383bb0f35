//! Documents and bodies that mean harm: each is answered soon and without a fault of ours, and the server lives on.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{both, support::world::World};

/// Longer than any of them may take, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(2);

/// What to send as a document, and what it is called.
pub fn documents() -> Vec<(&'static str, String)> {
    let chain = |count: usize| -> String {
        (0..count).map(|n| format!("fragment F{n} on Query {{ ...F{} ...F{} }} ", n + 1, n + 1)).collect()
    };
    let wide = |what: &str, count: usize| what.repeat(count);
    vec![
        ("doubling fragments", format!("{{ ...F0 }} {} fragment F60 on Query {{ version }}", chain(60))),
        ("doubling fragments below a field", format!(
            "{{ labs {{ nodes {{ ...F0 }} }} }} {} fragment F40 on Lab {{ id }}",
            chain(40).replace("on Query", "on Lab")
        )),
        ("a fragment in itself", "{ ...A } fragment A on Query { ...A }".to_owned()),
        ("a ring of fragments", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A }".to_owned()),
        ("fragments that nobody uses", format!("{{ version }} {}", (0..500).map(|n| format!("fragment U{n} on Query {{ version }} ")).collect::<String>())),
        ("an unknown fragment", "{ ...Nobody }".to_owned()),
        ("deep braces", format!("{}{}", wide("{ a ", 5_000), wide("}", 5_000))),
        ("deep lists", format!("{{ nodes(ids: {}{}) {{ id }} }}", wide("[", 5_000), wide("]", 5_000))),
        ("deep objects", format!("{{ labs(where: {}{}) {{ totalCount }} }}", wide("{ a: ", 2_000), wide("}", 2_000))),
        ("deep types", format!("query($a: {}Int{}) {{ version }}", wide("[", 3_000), wide("]", 3_000))),
        ("many aliases", format!("{{ {} }}", (0..5_000).map(|n| format!("a{n}: version ")).collect::<String>())),
        ("the same field often", format!("{{ {} }}", wide("version ", 5_000))),
        ("many directives", format!("{{ version {} }}", wide("@include(if: true) ", 2_000))),
        ("unknown directives", format!("{{ version {} }}", wide("@x ", 2_000))),
        ("many operations", (0..1_000).map(|n| format!("query Q{n} {{ version }} ")).collect()),
        ("many variables", format!("query({}) {{ version }}", (0..2_000).map(|n| format!("$v{n}: Int ")).collect::<String>())),
        ("pages in pages", "{ labs(first: 200) { nodes { scopes(first: 200) { nodes { lab { scopes(first: 200) { nodes { id } } } } } } } }".to_owned()),
        ("many lists beside each other", format!("{{ {} }}", (0..20).map(|n| format!("l{n}: labs(first: 200) {{ nodes {{ scopes(first: 200) {{ nodes {{ id }} }} }} }} ")).collect::<String>())),
        ("introspection in circles", format!("{{ __schema {{ types {{ {} name {} }} }} }}", wide("fields { type { ofType { ", 5), wide("} } }", 5))),
        ("a long name", format!("{{ {} }}", wide("a", 200_000))),
        ("a long string", format!("{{ standardByNumber(number: \"{}\") {{ id }} }}", wide("长", 100_000))),
        ("a long block string", format!("{{ standardByNumber(number: \"\"\"{}\"\"\") {{ id }} }}", wide("\n  x", 50_000))),
        ("a long number", format!("{{ labs(first: {}) {{ totalCount }} }}", wide("9", 10_000))),
        ("a long comment", format!("{{ version }} #{}", wide("x", 500_000))),
        ("only commas", wide(",", 500_000)),
        ("an open string", format!("{{ version(a: \"{}", wide("x", 100_000))),
        ("control characters", "{ version \u{0} \u{7} }".to_owned()),
        ("a mark at the beginning", "\u{feff}{ version }".to_owned()),
        ("turned writing", "{ version \u{202e} }".to_owned()),
        ("nothing", String::new()),
        ("a type definition", "type Query { version: Int }".to_owned()),
        ("fragments that end in nothing", format!("{{ labs {{ ...F0 }} }} {} fragment F29 on LabConnection {{ ...Nobody }}", chain(29).replace("on Query", "on LabConnection"))),
        ("a field beside one with many arguments", format!("{{ labs {{ x({}) {} }} }}", (0..2_000).map(|n| format!("a{n}: 1 ")).collect::<String>(), wide("x ", 1_900))),
        ("fragments that double and that nobody spreads", format!("{{ version }} {} fragment F60 on Query {{ version }}", chain(60))),
        ("a subscription beside a query", "query A { version } subscription B { events { id } }".to_owned()),
    ]
}

/// What to send as a body.
pub fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000)).into_bytes();
    vec![
        ("nothing", Vec::new()),
        ("no JSON", b"query { version }".to_vec()),
        ("half a body", br#"{"query": "{ ver"#.to_vec()),
        ("bytes that are no UTF-8", b"{\"query\": \"\xff\xfe\"}".to_vec()),
        ("a lone surrogate", br#"{"query": "{ version } #\ud800"}"#.to_vec()),
        ("deep lists", deep("[", "]")),
        ("deep objects", deep("{\"a\":", "}")),
        ("a batch", format!("[{}]", vec![r#"{"query":"{version}"}"#; 10_000].join(",")).into_bytes()),
        ("a number", b"1e999999".to_vec()),
        ("a query that is a list", br#"{"query": ["{ version }"]}"#.to_vec()),
        ("variables that are text", br#"{"query": "{ version }", "variables": "x"}"#.to_vec()),
        ("a member twice", br#"{"query": "{ version }", "query": "{ labs { totalCount } }"}"#.to_vec()),
        (
            "deep variables",
            format!(r#"{{"query": "{{ version }}", "variables": {{"a": {}1{}}}}}"#, "[".repeat(100), "]".repeat(100))
                .into_bytes(),
        ),
        (
            "many members",
            format!(
                "{{\"query\": \"{{ version }}\", {} \"z\": 1}}",
                (0..20_000).map(|n| format!("\"m{n}\": 1, ")).collect::<String>()
            )
            .into_bytes(),
        ),
        ("more than may be sent", vec![b' '; (1 << 20) + 1]),
    ]
}

async fn answered(w: &World, what: &str, body: Vec<u8>) {
    let token = w.token("GD", "editor", |_| {});
    let request = w.http().post(w.url("/graphql")).bearer_auth(token).header("content-type", "application/json");
    let answer = tokio::time::timeout(PATIENCE, request.body(body).send()).await;
    let answer = answer
        .unwrap_or_else(|_| panic!("{what}: no answer in time"))
        .unwrap_or_else(|cause| panic!("{what}: {cause}"));
    let status = answer.status().as_u16();
    let text = tokio::time::timeout(PATIENCE, answer.text()).await.expect("the rest in time").expect("a body");
    assert!(status < 500, "{what}: {status} {text}");
    let read: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{what}: {text}"));
    for error in read["errors"].as_array().into_iter().flatten() {
        let message = error["message"].as_str().expect("a message");
        assert!(message.chars().count() <= 201, "{what}: a message repeats its input: {message}");
    }
}

both! {
    async fn documents_that_mean_harm(w: World) {
        for (what, document) in documents() {
            answered(w, what, json!({ "query": document }).to_string().into_bytes()).await;
        }
        w.client("GD", "editor").data("{ version }", json!({})).await;
    }

    async fn bodies_that_mean_harm(w: World) {
        for (what, body) in bodies() {
            answered(w, what, body).await;
        }
        w.client("GD", "editor").data("{ version }", json!({})).await;
    }
}
