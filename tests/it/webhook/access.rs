//! Who sees what of webhooks, and that secrets stand nowhere.

use entity::ids::LabId;
use sea_orm::FromQueryResult;
use serde_json::json;

use super::{CREATE, act, create, log, manager, receiver::Receiver, shown};

#[derive(FromQueryResult)]
struct Text {
    text: String,
}

#[test]
fn other_agencies_and_other_roles_learn_nothing() {
    super::both_with(
        |_| {},
        async |w| {
            let gd = manager(w, "GD");
            let (id, _) = create(&gd, json!({ "url": "https://hooks.example/" })).await;
            let sd = manager(w, "SD");
            assert_eq!(shown(&sd, &id).await, json!(null));
            assert!(log(&sd, &id).await.is_empty());
            assert_eq!(sd.data("{ webhooks { id } }", json!({})).await["webhooks"], json!([]));
            let node = "query($id: ID!) { node(id: $id) { id } }";
            assert_eq!(sd.data(node, json!({ "id": id })).await["node"], json!(null));
            assert_eq!(gd.data(node, json!({ "id": id })).await["node"]["id"], json!(id));
            for field in ["webhookPause", "webhookResume", "webhookDelete", "webhookSendTest", "webhookRotateSecret"] {
                let mutation = format!("mutation($id: ID!) {{ {field}(id: $id) {{ __typename }} }}");
                assert_eq!(sd.refused(&mutation, json!({ "id": id })).await, "NOT_FOUND", "{field}");
                let officer = w.client("GD", "officer");
                assert_eq!(officer.refused(&mutation, json!({ "id": id })).await, "FORBIDDEN", "{field}");
            }
            let limited =
                w.client_with("GD", "administrator", |grant| grant.labs = Some([LabId(uuid::Uuid::nil())].into()));
            let input = json!({ "i": { "url": "https://hooks.example/" } });
            assert_eq!(limited.refused(CREATE, input).await, "FORBIDDEN");
            assert_eq!(w.client("GD", "officer").refused("{ webhooks { id } }", json!({})).await, "FORBIDDEN");
        },
    );
}

#[test]
fn a_secret_is_told_once_and_stands_in_no_log() {
    super::both_with(
        |_| {},
        async |w| {
            let (gd, receiver) = (manager(w, "GD"), Receiver::new().await);
            let (id, first) = create(&gd, json!({ "url": receiver.url() })).await;
            let rotate = "mutation($id: ID!) { webhookRotateSecret(id: $id) { secret } }";
            let second = gd.data(rotate, json!({ "id": id })).await["webhookRotateSecret"]["secret"].take();
            act(&gd, "webhookSendTest", &id).await;
            receiver.heard(1).await;
            act(&gd, "webhookDelete", &id).await;
            w.advance_feed().await;
            let kept =
                "SELECT COALESCE(CAST(before AS text), '') || COALESCE(CAST(after AS text), '') AS text FROM change
            UNION ALL SELECT CAST(data AS text) AS text FROM outbox
            UNION ALL SELECT CAST(answer AS text) AS text FROM idempotency";
            let rows = w.db.sql::<Text>(kept, Vec::new()).await.expect("read");
            assert!(rows.iter().any(|row| row.text.contains("SYMMETRIC")), "that there were secrets is logged");
            for secret in [first.as_str(), second.as_str().expect("text")] {
                let bare = secret.trim_start_matches("whsec_");
                use base64::{Engine, engine::general_purpose::STANDARD};
                let bytes = STANDARD.decode(bare).expect("base64");
                let (hex, list) = (hex::encode(&bytes), serde_json::to_string(&bytes).expect("JSON"));
                for row in &rows {
                    let tight: String = row.text.split_whitespace().collect();
                    assert!(![bare, &hex, &list].iter().any(|form| tight.contains(*form)), "{}", row.text);
                }
            }
            let left = w.db.sql::<Text>("SELECT id AS text FROM webhook_secret", Vec::new()).await.expect("read");
            assert!(left.is_empty(), "nothing is left of it");
        },
    );
}
