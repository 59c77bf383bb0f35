//! The life of an offering: every step from every status, what may be done next, and who hears of it.

use entity::{
    enums::OfferingStatus::{Active, Archived, Draft, Paused},
    outbox,
};
use labpact::capacity::offering::model::{Step, next};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{act, done, draft, opened, refusal, testing};
use crate::{
    api::{Desk, changes, equipment},
    both,
    support::world::World,
};

#[test]
fn every_step_from_every_status_is_defined() {
    use Step::{Activate, Archive, Edit, Pause, Resume, Show};
    let table = [
        (Draft, [Ok(Draft), Ok(Draft), Ok(Active), Err("NOT_ACTIVE"), Err("NOT_PAUSED"), Ok(Archived)]),
        (Active, [Ok(Active), Ok(Active), Err("ALREADY_ACTIVE"), Ok(Paused), Err("NOT_PAUSED"), Ok(Archived)]),
        (Paused, [Ok(Paused), Ok(Paused), Err("PAUSED"), Err("ALREADY_PAUSED"), Ok(Active), Ok(Archived)]),
        (Archived, [Err("ARCHIVED"); 6]),
    ];
    assert_eq!(Step::ALL, [Edit, Show, Activate, Pause, Resume, Archive]);
    for (status, row) in table {
        for (step, expected) in Step::ALL.into_iter().zip(row) {
            assert_eq!(next(status, step).map_err(|fault| fault.code()), expected, "{status:?} {step:?}");
        }
    }
}

/// The names of all events about offerings, with the visibility of each, in order.
async fn told(w: &World) -> Vec<String> {
    let select = outbox::Entity::find().filter(outbox::Column::Name.starts_with("offering."));
    let rows = w.db.all(select.order_by_asc(outbox::Column::Id)).await.expect("read");
    rows.into_iter().map(|row| format!("{} {}", row.name, row.visibility.word())).collect()
}

both! {
    async fn from_draft_to_archive(w: World) {
        let desk = Desk::new(w).await;
        let manager = w.client("GD", "lab-manager");
        let id = draft(&manager, testing("o-1", &desk.lab, json!({}))).await;
        let read = "query($id: ID!) { offering(id: $id) { code version status statusReason openedAt availableActions open } }";
        assert_eq!(manager.data(read, json!({ "id": id })).await["offering"], json!({
            "code": "O-1", "version": 1, "status": "DRAFT", "statusReason": null, "openedAt": null, "open": false,
            "availableActions": ["EDIT", "SHOW", "ACTIVATE", "ARCHIVE"],
        }));
        w.clock.advance(chrono::TimeDelta::minutes(30));
        let row = done(&manager, "Activate", &id, "version: 1").await;
        assert_eq!((row["status"].clone(), row["version"].clone()), (json!("ACTIVE"), json!(2)));
        assert_eq!(row["openedAt"], "2026-11-23T02:30:00Z");
        assert_eq!(row["availableActions"], json!(["EDIT", "SHOW", "PAUSE", "ARCHIVE"]));
        assert_eq!(manager.data(read, json!({ "id": id })).await["offering"]["open"], json!(true));
        let row = done(&manager, "Pause", &id, "reason: \" 设备检修 \"").await;
        assert_eq!((row["status"].clone(), row["statusReason"].clone()), (json!("PAUSED"), json!("设备检修")));
        assert_eq!(row["availableActions"], json!(["EDIT", "SHOW", "RESUME", "ARCHIVE"]));
        assert_eq!(manager.data(read, json!({ "id": id })).await["offering"]["open"], json!(false));
        let row = done(&manager, "Resume", &id, "").await;
        assert_eq!((row["status"].clone(), row["statusReason"].clone()), (json!("ACTIVE"), json!(null)));
        assert_eq!(row["openedAt"], "2026-11-23T02:30:00Z", "of the first opening");
        let row = done(&manager, "Archive", &id, "reason: \"业务调整\"").await;
        assert_eq!((row["status"].clone(), row["availableActions"].clone()), (json!("ARCHIVED"), json!([])));
        assert_eq!(told(w).await, [
            "offering.changed.v1 OWN", "offering.opened.v1 PARTNER", "offering.paused.v1 PARTNER",
            "offering.opened.v1 PARTNER", "offering.archived.v1 PARTNER",
        ]);
        let never = draft(&manager, testing("O-2", &desk.lab, json!({}))).await;
        done(&manager, "Archive", &never, "reason: \"x\"").await;
        assert_eq!(told(w).await[5..], ["offering.changed.v1 OWN", "offering.archived.v1 OWN"]);
    }

    async fn of_what_a_hidden_lab_offers_nobody_hears(w: World) {
        let desk = Desk::seen_by(w, "OWN").await;
        opened(&desk.gd, testing("O1", &desk.lab, json!({ "visibility": "PUBLIC" }))).await;
        assert_eq!(told(w).await, ["offering.changed.v1 OWN", "offering.opened.v1 OWN"]);
    }

    async fn what_the_status_does_not_have_is_refused_and_writes_nothing(w: World) {
        let desk = Desk::new(w).await;
        let ids = [
            draft(&desk.gd, testing("D", &desk.lab, json!({}))).await,
            opened(&desk.gd, testing("A", &desk.lab, json!({}))).await,
            opened(&desk.gd, testing("P", &desk.lab, json!({}))).await,
            draft(&desk.gd, testing("X", &desk.lab, json!({}))).await,
        ];
        done(&desk.gd, "Pause", &ids[2], "reason: \"x\"").await;
        done(&desk.gd, "Archive", &ids[3], "reason: \"x\"").await;
        let before = changes(w).await;
        let reason = "reason: \"x\"";
        let (show, edit) = ("visibility: PUBLIC", "input: { unit: \"盒\" }");
        for (at, verb, more, code) in [
            (0, "Pause", reason, "NOT_ACTIVE"), (0, "Resume", "", "NOT_PAUSED"), (1, "Activate", "", "ALREADY_ACTIVE"),
            (1, "Resume", "", "NOT_PAUSED"), (2, "Activate", "", "PAUSED"), (2, "Pause", reason, "ALREADY_PAUSED"),
            (3, "Activate", "", "ARCHIVED"), (3, "Pause", reason, "ARCHIVED"), (3, "Resume", "", "ARCHIVED"),
            (3, "Archive", reason, "ARCHIVED"), (3, "Edit", edit, "ARCHIVED"), (3, "Show", show, "ARCHIVED"),
            (1, "Pause", "reason: \" \"", "INVALID"), (1, "Pause", "version: 9, reason: \"x\"", "STALE_VERSION"),
            (1, "Archive", "version: 1, reason: \"x\"", "STALE_VERSION"), (0, "Activate", "version: 2", "STALE_VERSION"),
            (1, "Show", "version: 1, visibility: OWN", "STALE_VERSION"), (2, "Resume", "version: 1", "STALE_VERSION"),
            (1, "Edit", "version: 1, input: { unit: \"盒\" }", "STALE_VERSION"),
        ] {
            assert_eq!(refusal(&act(&desk.gd, verb, &ids[at], more).await), code, "{at} {verb}");
        }
        assert_eq!(changes(w).await, before);
    }

    async fn opening_names_every_blocker(w: World) {
        let desk = Desk::new(w).await;
        let item = equipment(&desk.gd, &desk.lab, json!({ "assetCode": "E1" })).await;
        let hours = json!({
            "code": "H", "lab": desk.lab, "kind": "EQUIPMENT_TIME", "titleZh": "机时", "unit": "小时",
            "validTo": "2026-11-22", "coverage": { "equipment": [item] },
        });
        let id = draft(&desk.gd, hours).await;
        let retire = "mutation($id: ID!) { equipmentChangeStatus(id: $id, status: RETIRED, reason: \"x\") { equipment { id } } }";
        desk.gd.data(retire, json!({ "id": item })).await;
        let suspend = "mutation($id: ID!) { labSuspend(id: $id, reason: \"x\") { lab { id } } }";
        desk.gd.data(suspend, json!({ "id": desk.lab })).await;
        let before = changes(w).await;
        let refused = act(&desk.gd, "Activate", &id, "").await;
        assert_eq!(refusal(&refused), "OFFERING_NOT_READY");
        let blockers = &refused.body["errors"][0]["extensions"]["facts"]["blockers"];
        assert_eq!(crate::api::column(blockers, "code"), ["LAB_NOT_ACTIVE", "OFFERING_OVER", "NOTHING_COVERED"]);
        assert_eq!(changes(w).await, before);
        // A lab that was set aside does not take its offerings back by itself.
        let resume = "mutation($id: ID!) { labResume(id: $id, reason: \"x\") { lab { id } } }";
        desk.gd.data(resume, json!({ "id": desk.lab })).await;
        let other = opened(&desk.gd, testing("T", &desk.lab, json!({}))).await;
        done(&desk.gd, "Pause", &other, "reason: \"x\"").await;
        desk.gd.data(suspend, json!({ "id": desk.lab })).await;
        assert_eq!(refusal(&act(&desk.gd, "Resume", &other, "").await), "OFFERING_NOT_READY");
    }
}
