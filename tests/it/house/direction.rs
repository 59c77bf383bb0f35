//! Imports run one way. The table says what each part of `src` may name; everything else is refused.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Part → what it may name with `use crate::…`, besides itself.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("platform", &[]),
    ("identity", &["platform", "graphql", "connection", "payload"]),
    ("directory", &["platform", "identity", "graphql", "connection", "payload"]),
    ("capacity", &["platform", "directory", "identity", "graphql", "connection", "payload"]),
    ("attachment", &["platform", "identity", "directory", "graphql", "connection", "payload"]),
    ("approval", &["platform", "directory", "graphql", "connection", "payload"]),
    ("exchange", &["platform", "directory", "identity", "graphql", "connection", "payload"]),
    ("message", &["platform", "identity", "graphql", "connection"]),
    ("notify", &["platform", "graphql"]),
    ("audit", &["platform", "graphql", "connection"]),
    ("webhook", &["platform", "notify", "graphql", "connection", "payload"]),
    ("search", &["platform", "directory", "capacity", "graphql", "connection", "payload"]),
    (
        "request",
        &[
            "platform",
            "directory",
            "identity",
            "capacity",
            "attachment",
            "approval",
            "message",
            "search",
            "graphql",
            "connection",
            "payload",
        ],
    ),
    ("copy", &["platform", "directory", "capacity", "request", "graphql"]),
    ("demo", &["platform", "directory", "identity"]),
    (
        "graphql",
        &[
            "platform",
            "identity",
            "directory",
            "capacity",
            "attachment",
            "approval",
            "audit",
            "exchange",
            "message",
            "notify",
            "search",
            "request",
            "webhook",
            "copy",
        ],
    ),
    (
        "config",
        &["platform", "identity", "directory", "attachment", "audit", "message", "graphql", "search", "webhook"],
    ),
    (
        "app",
        &[
            "platform",
            "identity",
            "directory",
            "capacity",
            "attachment",
            "audit",
            "message",
            "notify",
            "graphql",
            "config",
            "search",
            "request",
            "webhook",
        ],
    ),
    ("http", &["platform", "identity", "attachment", "notify", "graphql", "config", "app"]),
    (
        "cli",
        &[
            "platform",
            "identity",
            "directory",
            "attachment",
            "audit",
            "exchange",
            "demo",
            "search",
            "notify",
            "graphql",
            "config",
            "app",
            "http",
        ],
    ),
    ("main", &["cli"]),
];

/// Part → what its `graphql` rooms may name besides: types of the schema cross in both directions, through loader keys, and
/// subscriptions hear from `notify`.
const GRAPHQL_MAY_NAME: &[(&str, &[&str])] =
    &[("directory", &["capacity"]), ("approval", &["request"]), ("request", &["notify"])];

/// Room → what no file of that room may name, whichever capability it is of.
const ROOMS_MAY_NOT_NAME: [(&str, &[&str]); 4] = [
    ("model", &["sea_orm", "async_graphql", "tokio", "crate::graphql"]),
    ("policy", &["crate::graphql", "async_graphql"]),
    ("store", &["crate::graphql", "async_graphql", "super::service"]),
    ("service", &["crate::graphql", "async_graphql", "crate::http"]),
];

#[test]
fn imports_run_one_way() {
    let mut wrong = Vec::new();
    for file in sources() {
        let part = part_of(&file);
        let (_, allowed) =
            MAY_NAME.iter().find(|(name, _)| *name == part).unwrap_or_else(|| panic!("{part} is not in the table"));
        let text = fs::read_to_string(&file).expect("a source file");
        for named in named_parts(&text) {
            let foundations = part != "platform"
                && named == "graphql"
                && !is_graphql_room(&file)
                && !["graphql", "config", "app", "http", "cli"].contains(&part.as_str());
            let crosses = is_graphql_room(&file)
                && GRAPHQL_MAY_NAME.iter().any(|(name, also)| *name == part && also.contains(&named.as_str()));
            if named != part && !crosses && (!allowed.contains(&named.as_str()) || foundations) {
                wrong.push(format!("{} names {named}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn rooms_keep_to_themselves() {
    let mut wrong = Vec::new();
    for file in sources() {
        let rooms: Vec<String> =
            file.iter().map(|each| each.to_string_lossy().trim_end_matches(".rs").to_owned()).collect();
        if ![
            "identity",
            "directory",
            "capacity",
            "attachment",
            "approval",
            "audit",
            "exchange",
            "message",
            "notify",
            "webhook",
            "search",
            "request",
            "copy",
        ]
        .contains(&part_of(&file).as_str())
        {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file");
        for (room, banned) in ROOMS_MAY_NOT_NAME {
            if !rooms.iter().any(|each| each == room) {
                continue;
            }
            for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
                wrong.extend(
                    banned
                        .iter()
                        .filter(|name| line.contains(**name))
                        .map(|name| format!("{}: {name}", file.display())),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Only a capability's `graphql` and `loader` rooms, and the token endpoint's types, may name the schema's foundations.
fn is_graphql_room(file: &Path) -> bool {
    file.iter().any(|each| each == "graphql.rs" || each == "graphql")
}

fn named_parts(text: &str) -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    for (at, _) in code.match_indices("crate::") {
        let rest = code[at + "crate::".len()..].trim_start();
        match rest.strip_prefix('{') {
            Some(group) => parts.extend(first_words(group)),
            None => parts.extend(word(rest)),
        }
    }
    parts
}

/// The first word of each member of `{a::b, c::{d, e}, f}`.
fn first_words(group: &str) -> Vec<String> {
    let (mut depth, mut begins, mut found) = (0, true, Vec::new());
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            _ if begins && !letter.is_whitespace() => {
                found.extend(word(&group[at..]));
                begins = false;
            }
            _ => {}
        }
    }
    found
}

fn word(text: &str) -> Option<String> {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

fn part_of(file: &Path) -> String {
    let relative = file.strip_prefix(root()).expect("inside src");
    let first = relative.iter().next().expect("a name").to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources() -> Vec<PathBuf> {
    let (mut found, mut waiting) = (Vec::new(), vec![root()]);
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") && path != root().join("lib.rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
