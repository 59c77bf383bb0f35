//! What was emitted, held against the catalogue and the published schemas.

use std::{collections::HashMap, fs, path::Path, sync::OnceLock};

use entity::{enums::Visibility, outbox};
use labpact::{
    graphql::catalogue::catalogue,
    platform::{db::Db, event::Told},
};
use sea_orm::EntityTrait;
use serde_json::Value;

/// What is wrong with the events of a database.
pub async fn broken(db: &Db) -> Vec<String> {
    let rows = db.all(outbox::Entity::find()).await.expect("read");
    let mut problems: Vec<String> = rows.iter().flat_map(problems).collect();
    problems.sort_unstable();
    problems.dedup();
    problems
}

fn problems(row: &outbox::Model) -> Vec<String> {
    // What was erased by law is no longer as it was emitted.
    if row.data.to_string().contains("\"erased\"") {
        return Vec::new();
    }
    let name = row.name.as_str();
    let Some(kind) = catalogue().of(name) else {
        return vec![format!("{name} is not in the catalogue")];
    };
    let mut problems = Vec::new();
    let subject = row.subject.split_once(':').map(|(kind, _)| kind);
    let listed = kind.subject.split([' ', ',']).any(|word| Some(word) == subject);
    if !listed {
        problems.push(format!("{name}: the subject {} is no {}", row.subject, kind.subject));
    }
    let told = match kind.told {
        Told::Everybody => row.visibility == Visibility::Public,
        Told::Agency => row.visibility == Visibility::Own,
        Told::AsRecord => true,
    };
    if !told {
        problems.push(format!("{name}: {:?} may hear of it, against its rule", row.visibility));
    }
    match schemas().get(name) {
        Some(schema) => check(schema, &row.data, name, &mut problems),
        None => problems.push(format!("{name} has no published schema; {RENEW}")),
    }
    problems
}

/// Data as the schema of an event wants it: what is given, and something for every other member.
pub fn whole(name: &str, given: Value) -> Value {
    let schema = schemas().get(name).unwrap_or_else(|| panic!("{name} has no schema"));
    let members = schema["properties"].as_object().expect("members");
    let mut data: serde_json::Map<String, Value> =
        members.iter().map(|(member, schema)| (member.clone(), sample(schema))).collect();
    data.extend(given.as_object().cloned().unwrap_or_default());
    Value::Object(data)
}

/// A subject of the kind that an event has.
pub fn subject(name: &str, bare: impl std::fmt::Display) -> String {
    let kind = schemas()[name]["x-subject"].as_str().expect("a kind");
    format!("{}:{bare}", kind.split([' ', ',']).next().unwrap_or(kind))
}

fn sample(schema: &Value) -> Value {
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).expect("a type");
    if schema["type"].is_array() {
        return Value::Null;
    }
    if let Some(word) = schema["enum"].get(0) {
        return word.clone();
    }
    let prefix = |pattern: &str| pattern.trim_start_matches('^').trim_end_matches('.').to_owned();
    match (kind, schema["format"].as_str(), schema["pattern"].as_str()) {
        ("integer", ..) => Value::from(1),
        ("boolean", ..) => Value::from(false),
        ("array", ..) => Value::Array(Vec::new()),
        (_, Some("date"), _) => Value::from("2026-11-23"),
        (_, Some("date-time"), _) => Value::from("2026-11-23T02:00:00Z"),
        (.., Some("^[a-z-]+:.")) => Value::from("lab:x"),
        (.., Some(pattern)) => Value::from(format!("{}x", prefix(pattern))),
        _ => Value::from("x"),
    }
}

/// How the published schemas are made anew.
pub const RENEW: &str = "renew them: cargo run -q -- events --out docs/events";

/// The published schemas, by name.
pub fn schemas() -> &'static HashMap<String, Value> {
    static READ: OnceLock<HashMap<String, Value>> = OnceLock::new();
    READ.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/events");
        let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let read = |path: std::path::PathBuf| {
            let name = path.file_name()?.to_str()?.strip_suffix(".json")?.to_owned();
            let text = fs::read_to_string(&path).expect("a schema");
            Some((name, serde_json::from_str(&text).expect("JSON")))
        };
        files.filter_map(read).collect()
    })
}

/// The part of JSON Schema that the schemas use; and members that a schema does not know are wrong here.
fn check(schema: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        other => panic!("{at}: no type but {other}"),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) if value.is_i64() || value.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !kinds.contains(&kind) {
        problems.push(format!("{at} is {kind} and not {kinds:?}: {value}"));
        return;
    }
    if let Some(words) = schema["enum"].as_array().filter(|words| !words.contains(value)) {
        problems.push(format!("{at} is {value} and not of {words:?}"));
    }
    if let (Some(pattern), Some(text)) = (schema["pattern"].as_str(), value.as_str()) {
        let kind = pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix(":.")).expect("a pattern of an id");
        let typed =
            text.split_once(':').is_some_and(|(word, bare)| !bare.is_empty() && (kind == "[a-z-]+" || word == kind));
        if !typed {
            problems.push(format!("{at} is {text} and not {pattern}"));
        }
    }
    if let (Some(format), Some(text)) = (schema["format"].as_str(), value.as_str()) {
        let holds = match format {
            "date" => text.len() == 10 && text.parse::<chrono::NaiveDate>().is_ok(),
            "date-time" => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
            other => panic!("{at}: unknown format {other}"),
        };
        if !holds {
            problems.push(format!("{at} is {text} and no {format}"));
        }
    }
    for item in value.as_array().into_iter().flatten() {
        check(&schema["items"], item, &format!("{at}[]"), problems);
    }
    if let Some(members) = value.as_object() {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                problems.push(format!("{at}.{name} is missing"));
            }
        }
        for (name, member) in members {
            match schema["properties"].get(name) {
                Some(inner) => check(inner, member, &format!("{at}.{name}"), problems),
                None => problems.push(format!("{at}.{name} is in no schema")),
            }
        }
    }
}
