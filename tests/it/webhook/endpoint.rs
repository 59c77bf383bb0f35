//! Making and editing webhooks.

use serde_json::json;

use super::{CREATE, create, local, manager, shown};
use crate::support::{base::Backend, world::World};

const EDIT: &str = "mutation($id: ID!, $i: WebhookEditInput!, $v: Int) { webhookEdit(id: $id, input: $i, version: $v) {
    webhook { url names description version } } }";

#[test]
fn an_address_of_the_house_is_refused_when_it_is_written() {
    // As instances are where nobody has configured anything.
    World::run(Backend::Sqlite, async |w| {
        let gd = manager(w, "GD");
        for url in ["http://hooks.example/", "https://127.0.0.1/", "https://[fd00::1]/", "https://hooks.example:22/"] {
            let answer = gd.send(CREATE, json!({ "i": { "url": url } })).await;
            let error = &answer.body["errors"][0]["extensions"];
            assert_eq!(
                (&error["code"], &error["fields"][0]["path"]),
                (&json!("INVALID"), &json!("input.url")),
                "{url}"
            );
        }
        let (id, secret) = create(&gd, json!({ "url": "https://hooks.example.gov.cn/a" })).await;
        assert!(secret.starts_with("whsec_"));
        let inside = json!({ "id": id, "i": { "url": "https://10.0.0.1/" } });
        assert_eq!(gd.refused(EDIT, inside).await, "INVALID");
        assert_eq!(shown(&gd, &id).await["url"], "https://hooks.example.gov.cn/a");
    });
}

#[test]
fn a_webhook_is_edited_field_by_field() {
    super::both_with(
        |_| {},
        async |w| {
            let gd = manager(w, "GD");
            let made = json!({ "url": "https://hooks.example/a", "names": ["lab.changed.v1"], "description": "x" });
            let (id, _) = create(&gd, made).await;
            let edited = gd.data(EDIT, json!({ "id": id, "i": { "description": null }, "v": 1 })).await;
            let row = &edited["webhookEdit"]["webhook"];
            assert_eq!((&row["description"], &row["version"]), (&json!(null), &json!(2)));
            assert_eq!(row["names"], json!(["lab.changed.v1"]));
            let edited =
                gd.data(EDIT, json!({ "id": id, "i": { "names": null, "url": "https://hooks.example/b" } })).await;
            assert_eq!(edited["webhookEdit"]["webhook"]["names"], json!(null));
            assert_eq!(gd.refused(EDIT, json!({ "id": id, "i": {}, "v": 1 })).await, "STALE_VERSION");
            for names in [json!([]), json!(["lab"]), json!(["lab.changed.v1; drop"]), json!(["lab.chnaged.v1"])] {
                assert_eq!(gd.refused(EDIT, json!({ "id": id, "i": { "names": names } })).await, "INVALID", "{names}");
            }
        },
    );
}

#[test]
fn an_agency_has_a_bounded_number() {
    World::run_with(
        Backend::Sqlite,
        |config| {
            local(config);
            config.webhooks.most = 2;
        },
        async |w| {
            let gd = manager(w, "GD");
            for _ in 0..2 {
                create(&gd, json!({ "url": "https://hooks.example/" })).await;
            }
            let more = json!({ "i": { "url": "https://hooks.example/" } });
            assert_eq!(gd.refused(CREATE, more.clone()).await, "WEBHOOKS_FULL");
            manager(w, "SD").data(CREATE, more).await;
        },
    );
}
