//! The catalogue of events: what is emitted is in it, and what is published is what is in it.

use std::{collections::BTreeSet, fs, path::Path};

use labpact::{graphql::catalogue::catalogue, notify::catalogue::written};
use serde_json::{Value, json};

use crate::{both, support::contract::RENEW};

/// Every text in the source that has the form of the name of an event.
fn named(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            named(&path, names);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("a source file");
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            names.extend(code.flat_map(|line| line.split('"').skip(1).step_by(2)).filter(is_name).map(str::to_owned));
        }
    }
}

fn is_name(text: &&str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let plain = |part: &str| !part.is_empty() && part.chars().all(|each| each.is_ascii_alphabetic() || each == '_');
    let version = |part: &str| part.strip_prefix('v').is_some_and(|number| number.parse::<u32>().is_ok());
    matches!(&parts[..], [noun, verb, last] if plain(noun) && plain(verb) && version(last))
}

#[test]
fn every_name_in_the_source_is_in_the_catalogue() {
    let mut names = BTreeSet::new();
    named(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut names);
    assert!(names.len() > 80, "the walk finds them: {names:?}");
    let catalogue = catalogue();
    let unknown: Vec<_> = names.iter().filter(|name| catalogue.of(name).is_none()).collect();
    assert!(unknown.is_empty(), "declare these in the events.rs of their capability, and list it: {unknown:?}");
    let listed: BTreeSet<String> = catalogue.all().map(|kind| kind.name.to_owned()).collect();
    assert_eq!(listed.len(), catalogue.all().count());
    assert!(listed.is_subset(&names), "a name is written once, where it is declared");
}

#[test]
fn entries_are_whole() {
    for kind in catalogue().all() {
        assert!(kind.meaning.ends_with('.') && kind.meaning.len() > 15, "{}: {}", kind.name, kind.meaning);
        assert!(!kind.subject.is_empty() && !kind.data.is_empty(), "{}", kind.name);
        for field in kind.data {
            let camel = field.name.chars().all(|each| each.is_ascii_alphanumeric());
            assert!(camel && field.about.ends_with('.'), "{}: {}", kind.name, field.name);
        }
    }
}

#[test]
fn the_published_schemas_are_those_of_the_catalogue() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/events");
    let files = fs::read_dir(&folder).into_iter().flatten().flatten();
    let found: BTreeSet<String> = files.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    let expected: BTreeSet<String> = catalogue().all().map(|kind| format!("{}.json", kind.name)).collect();
    assert_eq!(found, expected, "{RENEW}");
    for kind in catalogue().all() {
        let text = fs::read_to_string(folder.join(format!("{}.json", kind.name))).expect("a schema");
        assert_eq!(text, written(&kind.schema()), "{}: {RENEW}", kind.name);
    }
}

both! {
    async fn the_catalogue_is_served(w: World) {
        let get = async |path: &str| {
            let answer = w.http().get(w.url(path)).send().await.expect("an answer");
            let media = answer.headers()["content-type"].to_str().expect("text").to_owned();
            (answer.status().as_u16(), media, answer.text().await.expect("text"))
        };
        let (status, media, text) = get("/events").await;
        assert_eq!((status, media.as_str()), (200, "application/json"));
        let index: Value = serde_json::from_str(&text).expect("JSON");
        let events = index["events"].as_array().expect("events");
        assert_eq!(events.len(), catalogue().all().count());
        let one = events.iter().find(|one| one["name"] == "referral.offered.v1").expect("listed");
        let (status, media, text) = get(&format!("/{}", one["schema"].as_str().expect("a path"))).await;
        assert_eq!((status, media.as_str()), (200, "application/schema+json"));
        let schema: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(schema["description"], one["meaning"]);
        for unknown in ["/events/referral.offered.v1", "/events/nothing.happened.v1.json", "/events/..%2Fx.json"] {
            assert_eq!(get(unknown).await.0, 404, "{unknown}");
        }
        let query = "query($n: [String!]) { eventTypes(names: $n) { name meaning subject told schema } }";
        let told = w.client("GD", "officer").data(query, json!({ "n": ["referral.offered.v1", "x"] })).await;
        assert_eq!(told["eventTypes"], json!([{
            "name": "referral.offered.v1", "meaning": one["meaning"], "subject": "referral", "told": one["told"],
            "schema": schema,
        }]));
        let all = w.client("GD", "officer").data("{ eventTypes { name } }", json!({})).await;
        assert_eq!(all["eventTypes"].as_array().expect("all").len(), events.len());
    }
}
