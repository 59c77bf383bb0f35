//! What of a change is told to whom, and why it was made.

use serde_json::{Map, Value as Json};

use crate::platform::personal::Guarded;

/// What stands in place of what is not told.
pub const MASK: &str = "***";

/// Parts of names of columns that are secret whatever the table.
const SECRET: [&str; 4] = ["secret", "password", "token_hash", "private"];

/// The columns as they are told; data of persons only where `personal` says so.
pub fn told(guarded: &[Guarded], kind: &str, columns: &Json, personal: bool) -> Json {
    let Json::Object(columns) = columns else { return columns.clone() };
    let found = guarded.iter().find(|each| each.kind == kind);
    let hidden = |column: &str| {
        let listed = found.is_some_and(|guarded| {
            guarded.secret.contains(&column) || (!personal && guarded.personal.contains(&column))
        });
        listed || SECRET.iter().any(|part| column.contains(part))
    };
    let mask = |(column, value): (&String, &Json)| {
        let shown = if value.is_null() || !hidden(column) { value.clone() } else { MASK.into() };
        (column.clone(), shown)
    };
    Json::Object(columns.iter().map(mask).collect::<Map<_, _>>())
}

/// Whether a row names an object in one of its columns.
pub fn names(after: Option<&Json>, key: &str) -> bool {
    after.and_then(Json::as_object).is_some_and(|columns| columns.values().any(|value| value == key))
}

/// Why the change was made: the column that says so, where it has one.
pub fn reason(after: Option<&Json>) -> Option<String> {
    let columns = after?.as_object()?;
    if let Some(erased) = columns.values().find_map(|value| value.get("erased")) {
        return erased["reason"].as_str().map(str::to_owned);
    }
    let text = |(_, value): (&String, &Json)| value.as_str().map(str::to_owned);
    let named = |ending: &str| columns.iter().filter(|(name, _)| name.ends_with(ending)).find_map(text);
    named("reason").or_else(|| named("reason_text")).or_else(|| named("reason_code"))
}
