//! The envelope of an event.

use std::sync::Arc;

use chrono::{TimeZone, Utc};
use entity::{enums::Visibility, ids::AgencyCode, outbox};
use labpact::notify::{
    envelope::envelope,
    model::{Placed, Position},
};
use serde_json::{Value, json};
use uuid::Uuid;

fn placed() -> Placed {
    let event = outbox::Model {
        id: Uuid::from_u128(7),
        commit_id: Uuid::from_u128(1),
        position: 0,
        at: Utc.with_ymd_and_hms(2026, 3, 2, 1, 0, 0).single().expect("an instant"),
        name: "request.approved.v1".to_owned(),
        subject: format!("request:{}", Uuid::from_u128(9)),
        agency: AgencyCode("GD".to_owned()),
        visibility: Visibility::Own,
        data: json!({ "requestCode": "GD-1" }),
        salt: None,
    };
    Placed { position: Position::new(12, b"12345678"), event: Arc::new(event) }
}

#[test]
fn an_envelope_is_a_cloud_event() {
    let placed = placed();
    let told = envelope("https://labpact.example.gov.cn/", &placed);
    let expected = json!({
        "specversion": "1.0",
        "id": "00000000-0000-0000-0000-000000000007",
        "source": "https://labpact.example.gov.cn/",
        "type": "request.approved.v1",
        "subject": "request:00000000-0000-0000-0000-000000000009",
        "time": "2026-03-02T01:00:00Z",
        "datacontenttype": "application/json",
        "dataschema": "https://labpact.example.gov.cn/events/request.approved.v1.json",
        "data": { "requestCode": "GD-1" },
        "agency": "agency:GD",
        "position": placed.position.to_string(),
    });
    assert_eq!(told, expected);
    let letters = |name: &String| name.chars().all(|each| each.is_ascii_lowercase() || each.is_ascii_digit());
    assert!(told.as_object().expect("an object").keys().all(letters), "names of attributes are plain: {told:#}");
}

#[test]
fn where_there_is_no_url_the_schema_has_a_name() {
    let told = envelope("urn:labpact:gd", &placed());
    assert_eq!(told["dataschema"], Value::from("urn:labpact:gd:events:request.approved.v1"));
}
