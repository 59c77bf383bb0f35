//! Documents by their hash, published documents, and who may know the schema.

use std::{path::Path, time::Duration};

use labpact::{
    config::Config,
    graphql::{
        documents::{self, Hash},
        introspection::Introspection,
        limits::Limits,
    },
    identity::scopes::GRAPHQL_ADHOC,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::time::timeout;

use super::peer::Peer;
use crate::support::{base::Backend, world::World};

const PATIENCE: Duration = Duration::from_secs(20);
const AGENCIES: &str = "query Agencies { agencies { code } }";
const LABS: &str = "query Labs($first: Int!, $where: LabWhere) { labs(first: $first, where: $where) { totalCount } }";

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

fn persisted(text: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash(text) } })
}

/// The status and the body of what a token gets for a request's members.
async fn asked(w: &World, token: &str, body: Value) -> (u16, Value) {
    let request = w.http().post(w.url("/graphql")).bearer_auth(token);
    let request = request.header("accept", "application/graphql-response+json");
    let answer = request.json(&body).send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

fn code(body: &Value) -> &str {
    body["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{body:#}"))
}

#[test]
fn a_document_that_was_sent_is_known_by_its_hash() {
    World::run_with(
        Backend::Sqlite,
        |_| {},
        async |w| {
            let token = &w.token("GD", "officer", |_| {});
            let by_hash = json!({ "extensions": persisted(AGENCIES) });
            let (status, unknown) = asked(w, token, by_hash.clone()).await;
            assert_eq!((status, code(&unknown)), (400, "PERSISTED_QUERY_NOT_FOUND"));
            assert_eq!(unknown["errors"][0]["message"], "PersistedQueryNotFound", "clients look for these words");
            let (status, first) =
                asked(w, token, json!({ "query": AGENCIES, "extensions": persisted(AGENCIES) })).await;
            assert_eq!(status, 200, "{first:#}");
            let (status, second) = asked(w, token, by_hash.clone()).await;
            assert_eq!((status, &second), (200, &first));
            let (status, third) = asked(w, token, json!({ "documentId": format!("sha256:{}", hash(AGENCIES)) })).await;
            assert_eq!((status, &third), (200, &first));
            let query =
                serde_urlencoded::to_string([("extensions", persisted(AGENCIES).to_string())]).expect("encoded");
            let get =
                w.http().get(w.url(&format!("/graphql?{query}"))).bearer_auth(token).send().await.expect("an answer");
            assert_eq!((get.status().as_u16(), get.json::<Value>().await.expect("JSON")), (200, first.clone()));
            let mut peer = Peer::of(w, "SD", "officer").await;
            peer.say(json!({ "type": "subscribe", "id": "1", "payload": by_hash })).await;
            assert_eq!(peer.result("1").await["data"], first["data"]);

            let (status, refused) = asked(w, "", by_hash).await;
            assert_eq!((status, code(&refused)), (401, "UNAUTHENTICATED"), "a hash opens nothing");
        },
    );
}

#[test]
fn what_is_refused_is_not_remembered() {
    World::run_with(
        Backend::Sqlite,
        |config| config.identity.anonymous = labpact::identity::config::Anonymous::PublicDirectory,
        async |w| {
            let token = &w.token("GD", "officer", |_| {});
            let deep = format!(
                "{{ labs {{ nodes {}{} }} }}",
                "{ institution { labs { nodes ".repeat(8),
                "{ id } } }".repeat(8)
            );
            for query in ["{ nothing }", "{ version", "{ machineAccounts { totalCount } }", &deep] {
                let (status, body) = asked(w, token, json!({ "query": query, "extensions": persisted(query) })).await;
                assert_ne!(status, 200, "{query}: {body:#}");
            }
            for query in ["{ version", "{ machineAccounts { totalCount } }", &deep] {
                let (_, body) = asked(w, token, json!({ "extensions": persisted(query) })).await;
                assert_eq!(code(&body), "PERSISTED_QUERY_NOT_FOUND", "{query}");
            }
            let public = "{ labs { totalCount } }";
            let anonymous = w.anonymous().send(public, json!({})).await;
            assert_eq!(anonymous.status, 200, "{:#}", anonymous.body);
            let (_, body) = asked(w, token, json!({ "extensions": persisted(public) })).await;
            assert_eq!(code(&body), "PERSISTED_QUERY_NOT_FOUND", "strangers fill no memory");
            for extension in [
                json!({ "version": 2, "sha256Hash": hash(public) }),
                json!({ "version": 1, "sha256Hash": "abc" }),
                json!({ "version": 1 }),
                json!("x"),
            ] {
                let (status, body) = asked(w, token, json!({ "extensions": { "persistedQuery": extension } })).await;
                assert_eq!((status, code(&body)), (400, "INVALID"), "{extension}");
            }
            let (status, body) = asked(w, token, json!({ "query": public, "extensions": persisted("another") })).await;
            assert_eq!(
                (status, &body["errors"][0]["extensions"]["fields"][0]["code"]),
                (400, &json!("PERSISTED_QUERY_HASH"))
            );
        },
    );
}

#[test]
fn persisted_documents_can_be_off() {
    World::run_with(
        Backend::Sqlite,
        |config| config.graphql.documents.persisted = false,
        async |w| {
            let token = &w.token("GD", "officer", |_| {});
            let (status, _) = asked(w, token, json!({ "query": AGENCIES, "extensions": persisted(AGENCIES) })).await;
            assert_eq!(status, 200);
            let (_, body) = asked(w, token, json!({ "extensions": persisted(AGENCIES) })).await;
            assert_eq!(code(&body), "PERSISTED_QUERY_NOT_SUPPORTED");
        },
    );
}

fn publish(folder: &Path, file: &str, content: &Value) {
    // A reader sees the old file or the new one, never half of it.
    std::fs::write(folder.join("new"), content.to_string()).expect("written");
    std::fs::rename(folder.join("new"), folder.join(file)).expect("published");
}

fn trusting(folder: &Path) -> impl FnOnce(&mut Config) {
    let folder = folder.to_owned();
    move |config| {
        config.graphql.trusted_documents = Some(folder);
        config.graphql.documents.reload_seconds = 1;
    }
}

#[test]
fn only_published_documents_run() {
    let folder = tempfile::tempdir().expect("a folder");
    publish(folder.path(), "relay.json", &json!({ hash(AGENCIES): AGENCIES }));
    let apollo = json!({ "format": "apollo-persisted-query-manifest", "version": 1,
        "operations": [{ "id": hash(LABS), "name": "Labs", "type": "query", "body": LABS }] });
    publish(folder.path(), "apollo.json", &apollo);
    World::run_with(Backend::Sqlite, trusting(folder.path()), async |w| {
        let token = &w.token("GD", "officer", |_| {});
        for body in [
            json!({ "documentId": format!("sha256:{}", hash(AGENCIES)) }),
            json!({ "extensions": persisted(AGENCIES) }),
            json!({ "query": AGENCIES }),
            json!({ "documentId": hash(LABS), "variables": { "first": 5 } }),
        ] {
            let (status, answer) = asked(w, token, body.clone()).await;
            assert_eq!(status, 200, "{body}: {answer:#}");
        }
        let other = "{ version }";
        for body in [
            json!({ "query": other }),
            json!({ "query": other, "extensions": persisted(other) }),
            json!({ "extensions": persisted(other) }),
            json!({ "query": "{ __schema { types { name } } }" }),
            json!({ "query": format!("{AGENCIES} ") }),
        ] {
            let (status, answer) = asked(w, token, body.clone()).await;
            assert_eq!((status, code(&answer)), (403, "FORBIDDEN"), "{body}");
        }
        let mut peer = Peer::of(w, "GD", "officer").await;
        peer.ask("1", other).await;
        assert_eq!(peer.error("1").await, "FORBIDDEN", "a socket is no way around");
        let adhoc = w.token("GD", "officer", |grant| grant.scopes = vec![GRAPHQL_ADHOC.to_owned()]);
        assert_eq!(asked(w, &adhoc, json!({ "query": other })).await.0, 200);
        let (_, answer) = asked(w, token, json!({ "documentId": hash(other) })).await;
        assert_eq!(code(&answer), "FORBIDDEN", "what somebody else has sent is not published");

        publish(folder.path(), "broken.json", &json!({ hash(other): "{ other }" }));
        publish(folder.path(), "more.json", &json!({ hash(other): other }));
        std::fs::remove_file(folder.path().join("broken.json")).expect("removed");
        let published = async { while asked(w, token, json!({ "documentId": hash(other) })).await.0 != 200 {} };
        timeout(PATIENCE, published).await.expect("the new manifest is read without a restart");
    });
}

#[test]
fn manifests_are_checked_before_they_are_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = documents::read(&folder.path().join("nowhere"), &Limits::default()).expect_err("no folder");
    assert!(missing.to_string().contains("nowhere"), "{missing}");
    let refusal = |content: &Value| {
        publish(folder.path(), "a.json", content);
        documents::read(folder.path(), &Limits::default()).expect_err("refused").to_string()
    };
    let deep = format!("{{ {} }}", "version ".repeat(3_000));
    for (content, wrong) in [
        (json!([1]), "no JSON object"),
        (json!({ hash("a"): AGENCIES }), "not the SHA-256"),
        (json!({ hash(AGENCIES): 1 }), "has no text"),
        (json!({ hash("{ version"): "{ version" }), "cannot be parsed"),
        (json!({ hash("{ nothing }"): "{ nothing }" }), "nothing"),
        (json!({ hash("query($a: Nobody) { version }"): "query($a: Nobody) { version }" }), "Nobody"),
        (json!({ hash(&deep): deep }), "more than"),
        (json!({ "version": 2, "operations": [] }), "version 2"),
        (json!({ "version": 1, "operations": [{ "id": "x" }] }), "body"),
    ] {
        let text = refusal(&content);
        assert!(text.contains("a.json") && text.contains(wrong), "{wrong}: {text}");
    }
    publish(folder.path(), "a.json", &json!({ hash(LABS): LABS }));
    let read = documents::read(folder.path(), &Limits::default()).expect("read");
    assert_eq!(read.len(), 1);
    assert!(read.find(Hash::of(LABS)).is_some() && read.find(Hash::of(AGENCIES)).is_none());
}

#[test]
fn who_may_know_the_schema() {
    let introspect = [
        "{ __schema { queryType { name } } }",
        "{ a: __type(name: \"Lab\") { name } }",
        "{ ...F } fragment F on Query { __schema { queryType { name } } }",
    ];
    for (who, stranger, officer) in [
        (Introspection::Everyone, (200, 200), 200),
        (Introspection::Tokens, (401, 401), 200),
        (Introspection::Nobody, (403, 403), 403),
    ] {
        let change = move |config: &mut Config| {
            config.graphql.introspection = who;
            config.identity.anonymous = labpact::identity::config::Anonymous::PublicDirectory;
        };
        World::run_with(Backend::Sqlite, change, async |w| {
            let token = w.token("GD", "officer", |_| {});
            for query in introspect {
                assert_eq!(w.anonymous().send(query, json!({})).await.status, stranger.0, "{who:?}: {query}");
                assert_eq!(w.bearer(&token).send(query, json!({})).await.status, officer, "{who:?}: {query}");
            }
            assert_eq!(w.anonymous().send("{ __typename labs { __typename } }", json!({})).await.status, 200);
            let sdl = w.http().get(w.url("/schema.graphql"));
            assert_eq!(sdl.send().await.expect("an answer").status(), stranger.1);
            let sdl = w.http().get(w.url("/schema.graphql")).bearer_auth(&token);
            assert_eq!(sdl.send().await.expect("an answer").status(), officer);
        });
    }
}

#[test]
fn no_way_in_is_a_way_around() {
    let folder = tempfile::tempdir().expect("a folder");
    let follow = "subscription Follow { events { name } }";
    publish(folder.path(), "a.json", &json!({ hash(follow): follow }));
    World::run_with(Backend::Sqlite, trusting(folder.path()), async |w| {
        let officer = w.client("GD", "officer");
        let (response, is_stream) = officer.stream(follow).await;
        assert!(is_stream && response.status() == 200, "a published subscription");
        for other in ["subscription { events { name } }", "{ __schema { queryType { name } } }"] {
            let (response, is_stream) = officer.stream(other).await;
            assert!(!is_stream && response.status() == 403, "{other}");
        }
    });
    let change = |config: &mut Config| config.graphql.introspection = Introspection::Nobody;
    World::run_with(Backend::Sqlite, change, async |w| {
        let mut peer = Peer::of(w, "GD", "officer").await;
        for (id, query) in [
            "{ a: __schema { queryType { name } } }",
            "{ ... { ...F } } fragment F on Query { __type(name: \"Lab\") { name } }",
        ]
        .into_iter()
        .enumerate()
        {
            peer.ask(&id.to_string(), query).await;
            assert_eq!(peer.error(&id.to_string()).await, "FORBIDDEN", "{query}");
            let (response, is_stream) = w.client("GD", "officer").stream(query).await;
            assert!(!is_stream && response.status() == 403, "{query}");
        }
        peer.ask("last", "{ __typename }").await;
        peer.result("last").await;
    });
}

#[test]
fn batches_are_taken_where_they_are_configured() {
    let batch =
        json!([{ "query": AGENCIES }, { "query": "{ nothing }" }, { "query": "subscription { events { id } }" }]);
    World::run_with(
        Backend::Sqlite,
        |_| {},
        async |w| {
            let (status, body) = asked(w, &w.token("GD", "officer", |_| {}), batch.clone()).await;
            assert_eq!((status, &body["errors"][0]["extensions"]["fields"][0]["code"]), (400, &json!("BATCH")));
        },
    );
    World::run_with(
        Backend::Sqlite,
        |config| config.graphql.limits.batch = 3,
        async |w| {
            let token = &w.token("GD", "officer", |_| {});
            let (status, body) = asked(w, token, batch.clone()).await;
            assert_eq!((status, body.as_array().map(Vec::len)), (200, Some(3)), "{body:#}");
            assert_eq!(body[0]["data"]["agencies"].as_array().map(Vec::len), Some(5));
            assert_eq!((code(&body[1]), body[1].get("data")), ("GRAPHQL_INVALID", None));
            assert_eq!(body[2]["errors"][0]["extensions"]["fields"][0]["code"], "SUBSCRIPTION");
            for many in [json!([]), json!([1]), json!([{ "query": AGENCIES }, {}, {}, {}])] {
                assert_eq!(asked(w, token, many.clone()).await.0, 400, "{many}");
            }
            assert_eq!(asked(w, "", batch.clone()).await.0, 401);
        },
    );
}
