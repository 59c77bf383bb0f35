//! What the schema says of itself: everything is described, every root field has its decision, and the published
//! file is what is served.

use std::fmt::Write as _;

use async_graphql::parser::{
    parse_schema,
    types::{InputValueDefinition, ServiceDocument, TypeDefinition, TypeKind, TypeSystemDefinition},
};
use labpact::graphql::{access::Roots, api, root};
use serde_json::json;

use crate::{
    both,
    support::world::{Client, World},
};

fn sdl() -> String {
    api::sdl(&root::schema(root::Services::default()))
}

fn types(document: &ServiceDocument) -> impl Iterator<Item = &TypeDefinition> {
    document.definitions.iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some(&definition.node),
        _ => None,
    })
}

#[test]
fn everything_is_described() {
    let sdl = sdl();
    let document = parse_schema(&sdl).expect("our own SDL parses");
    let mut bare = Vec::new();
    for definition in types(&document) {
        let name = definition.name.node.as_str();
        let is_root = ["Query", "Mutation", "Subscription"].contains(&name);
        if definition.description.is_none() && !is_root {
            bare.push(name.to_owned());
        }
        let inputs = |owner: &str, values: &[async_graphql::Positioned<InputValueDefinition>]| -> Vec<String> {
            let undescribed = values.iter().filter(|value| value.node.description.is_none());
            undescribed.map(|value| format!("{owner}({})", value.node.name.node)).collect()
        };
        match &definition.kind {
            TypeKind::Object(object) => {
                for field in &object.fields {
                    let path = format!("{name}.{}", field.node.name.node);
                    bare.extend(inputs(&path, &field.node.arguments));
                    if field.node.description.is_none() {
                        bare.push(path);
                    }
                }
            }
            TypeKind::InputObject(object) => bare.extend(inputs(name, &object.fields)),
            TypeKind::Enum(words) => {
                let undescribed = words.values.iter().filter(|word| word.node.description.is_none());
                bare.extend(undescribed.map(|word| format!("{name}.{}", word.node.value.node)));
            }
            _ => {}
        }
    }
    assert!(bare.is_empty(), "without description: {bare:#?}");
}

#[test]
fn every_root_field_has_its_decision() {
    // Reading panics at the first field without one.
    assert!(Roots::read(&sdl()).table().len() > 1);
}

#[test]
fn the_published_schema_is_the_served_one() {
    let published =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql")).expect("schema.graphql");
    assert!(published.trim_end() == sdl().trim_end(), "to publish: cargo run -- schema > schema.graphql");
}

/// Every root field, asked by everybody, with the least that its arguments need.
#[test]
fn the_verdict_table_is_the_reviewed_one() {
    let table = std::sync::Mutex::new(String::new());
    World::run(crate::support::base::Backend::Sqlite, async |w: &World| {
        *table.lock().expect("not poisoned") = verdicts(w).await;
    });
    insta::assert_snapshot!("verdicts", table.into_inner().expect("not poisoned"));
}

async fn verdicts(w: &World) -> String {
    const ROLES: [&str; 8] =
        ["officer", "approver", "lab-manager", "editor", "coordinator", "auditor", "client", "administrator"];
    let clients: Vec<_> = ROLES.iter().map(|role| w.client("GD", role)).collect();
    let nobody = w.anonymous();
    let sdl = sdl();
    let document = parse_schema(&sdl).expect("our own SDL parses");
    let mut text = format!("{:<44} {:<26} {:<10}", "field", "action (scope)", "anonymous");
    ROLES.iter().for_each(|role| write!(text, " {role:<11}").expect("written"));
    for definition in types(&document) {
        let TypeKind::Object(object) = &definition.kind else { continue };
        let operation = match definition.name.node.as_str() {
            "Query" => "query",
            "Mutation" => "mutation",
            "Subscription" => "subscription",
            _ => continue,
        };
        for field in &object.fields {
            let name = field.node.name.node.as_str();
            let access = field.node.directives.iter().find(|each| each.node.name.node == "access").expect("a decision");
            let argument = |name: &str| {
                access.node.get_argument(name).map(|value| value.node.to_string().replace('"', "")).unwrap_or_default()
            };
            write!(
                text,
                "\n{:<44} {:<26}",
                format!("{operation} {name}"),
                format!("{} ({})", argument("action"), argument("scope"))
            )
            .expect("written");
            let ask = format!("{operation} {{ {name} }}");
            write!(text, " {:<10}", verdict(&asked(&nobody, &ask).await)).expect("written");
            for client in &clients {
                write!(text, " {:<11}", verdict(&asked(client, &ask).await)).expect("written");
            }
        }
    }
    text
}

/// The answer, or nothing where it is a stream, which begins only after the decision.
async fn asked(client: &Client, ask: &str) -> serde_json::Value {
    if !ask.starts_with("subscription") {
        return client.send(ask, json!({})).await.body;
    }
    match client.stream(ask).await {
        (_, true) => json!(null),
        (response, false) => response.json().await.expect("JSON"),
    }
}

/// Decided before arguments and selections are looked at: whoever passes gets the document's own errors, or an answer.
fn verdict(body: &serde_json::Value) -> &'static str {
    match body["errors"][0]["extensions"]["code"].as_str() {
        Some("UNAUTHENTICATED") => "log in",
        Some("FORBIDDEN") => "no",
        _ => "yes",
    }
}

both! {
    async fn a_refused_mutation_writes_nothing(w: World) {
        let before = w.db.count(<entity::change::Entity as sea_orm::EntityTrait>::find()).await.expect("counted");
        for (field, _) in w.app.api.roots().table() {
            let Some(name) = field.strip_prefix("mutation ") else { continue };
            let code = w.anonymous().refused(&format!("mutation {{ {name} }}"), json!({})).await;
            assert_eq!(code, "UNAUTHENTICATED", "{name}");
        }
        let after = w.db.count(<entity::change::Entity as sea_orm::EntityTrait>::find()).await.expect("counted");
        assert_eq!(before, after);
    }
}
