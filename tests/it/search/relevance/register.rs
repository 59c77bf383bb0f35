//! The register that is asked: the demonstration data in its usual size, and an annex of lines that are easily mistaken.

use base64::{Engine, engine::general_purpose::STANDARD};
use labpact::demo::Size;
use serde_json::{Value, json};

use super::super::{nodes, scopes};
use crate::support::world::{Client, World};

/// The annex and what it needs, each a file as an agency would bring it.
const ANNEX: [(&str, &str, &str); 5] = [
    ("STANDARDS", "coordinator", include_str!("../../../relevance/annex/standards.csv")),
    ("INSTITUTIONS", "editor", include_str!("../../../relevance/annex/institutions.csv")),
    ("LABS", "editor", include_str!("../../../relevance/annex/labs.csv")),
    ("CERTIFICATES", "editor", include_str!("../../../relevance/annex/certificates.csv")),
    ("SCOPES", "editor", include_str!("../../../relevance/annex/lines.csv")),
];

const IMPORT: &str = "mutation($i: ImportInput!) { importRun(input: $i) { created refused { row column reason } } }";

/// Fills a world.
pub async fn fill(world: &World) {
    for (kind, role, text) in ANNEX {
        let mut input = json!({ "kind": kind, "fileName": "annex.csv", "content": STANDARD.encode(text) });
        if kind == "SCOPES" {
            input["dated"] = json!("2024-03-01");
            input["reason"] = json!("INITIAL");
        }
        let told = world.client("GD", role).data(IMPORT, json!({ "i": input })).await["importRun"].clone();
        assert_eq!(told["refused"], json!([]), "{kind}");
    }
    let Size { labs, scope_lines, .. } = Size::default();
    super::super::fill(world, labs, scope_lines).await;
}

/// A line as judgements see it.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its id.
    pub id: String,
    parameter: String,
    object: String,
    field: String,
    method: String,
    standard: String,
    year: String,
    limits: String,
    region: String,
    lab: String,
}

impl Line {
    /// What a rule compares.
    pub fn text(&self, key: &str) -> &str {
        match key {
            "parameter" => &self.parameter,
            "object" => &self.object,
            "field" => &self.field,
            "method" => &self.method,
            "standard" => &self.standard,
            "year" => &self.year,
            "limits" => &self.limits,
            "region" => &self.region,
            "lab" => &self.lab,
            _ => panic!("{key} is no key"),
        }
    }
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} | {} | {} | {} | {}", self.parameter, self.object, self.method, self.limits, self.region)
    }
}

/// The line of a hit.
pub fn line(hit: &Value) -> Line {
    let scope = &hit["scope"];
    let text = |value: &Value| match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Line {
        id: text(&scope["id"]),
        parameter: text(&scope["parameter"]),
        object: text(&scope["object"]),
        field: text(&scope["field"]),
        method: text(&scope["method"]),
        standard: text(&scope["standardKey"]),
        year: text(&scope["standardYear"]),
        limits: text(&scope["limits"]),
        region: text(&scope["lab"]["region"]["code"]),
        lab: text(&scope["lab"]["nameZh"]),
    }
}

/// Every line that somebody may find.
pub async fn lines(client: &Client) -> Vec<Line> {
    let (total, lines) = all(client, None).await;
    assert!(total == lines.len() && total > 5_000, "{total} lines, {} on the pages", lines.len());
    lines
}

/// How many lines a text finds, and all of them, page by page; without a text every line.
pub async fn all(client: &Client, text: Option<&str>) -> (usize, Vec<Line>) {
    let (mut lines, mut after) = (Vec::new(), Value::Null);
    loop {
        let found = scopes(client, json!({ "text": text, "first": 200, "after": after })).await;
        lines.extend(nodes(&found).iter().map(line));
        after = found["pageInfo"]["endCursor"].clone();
        if found["pageInfo"]["hasNextPage"] != true {
            let total = found["totalCount"].as_u64().and_then(|total| usize::try_from(total).ok());
            return (total.expect("a count"), lines);
        }
    }
}
