//! The envelope in which an event leaves the house: CloudEvents 1.0, in its JSON format.

use chrono::SecondsFormat;
use serde_json::{Value as Json, json};

use super::model::Placed;

/// An event in its envelope. `source` is the public URL of the instance, or a URN where it has none.
///
/// The extension attributes are `agency`, the typed id of the agency that owns the subject, and `position`, the place
/// in the feed: pass it as `after` to `events` to go on behind it.
pub fn envelope(source: &str, placed: &Placed) -> Json {
    let event = &placed.event;
    json!({
        "specversion": "1.0",
        "id": event.id.to_string(),
        "source": source,
        "type": event.name,
        "subject": event.subject,
        "time": event.at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        "datacontenttype": "application/json",
        "dataschema": schema_url(source, &event.name),
        "data": event.data,
        "agency": event.agency.to_string(),
        "position": placed.position.to_string(),
    })
}

/// Where the schema of an event's data is served; a name of it where the source is no URL.
fn schema_url(source: &str, name: &str) -> String {
    match source.split_once(':') {
        Some(("http" | "https", _)) => format!("{}/events/{name}.json", source.trim_end_matches('/')),
        _ => format!("{source}:events:{name}"),
    }
}
