//! The life of each noun: made, changed and ended by mutations, and read back by queries.

use serde_json::json;

use super::{Desk, USCC, calibration, codes, column, equipment, institution, lab, signatory, standard, text};
use crate::{both, support::world::World};

both! {
    async fn an_institution_from_entry_to_retirement(w: World) {
        let gd = w.client("GD", "editor");
        let contact = json!({ "name": "办公室", "phone": "020-0000000", "email": "office@example.org" });
        let id = institution(&gd, json!({ "code": "i-1", "uscc": USCC, "contact": contact })).await;
        let read = "query($id: ID!) { node(id: $id) { ... on Institution {
            version code uscc nameZh nameEn address region { code name level } contact { name phone email }
            visibility standing standingReason createdAt updatedAt agency { code } } } }";
        let first = &gd.data(read, json!({ "id": id })).await["node"];
        let expected = json!({
            "version": 1, "code": "I-1", "uscc": USCC, "nameZh": "广东检测院", "nameEn": "Guangdong Testing",
            "address": null, "region": { "code": "440100", "name": "广州市", "level": "CITY" }, "contact": contact,
            "visibility": first["visibility"], "standing": "ACTIVE", "standingReason": null,
            "createdAt": "2026-11-23T02:00:00Z", "updatedAt": "2026-11-23T02:00:00Z", "agency": { "code": "GD" },
        });
        assert_eq!(*first, expected);
        w.clock.advance(chrono::TimeDelta::minutes(30));
        let edited = gd.data(
            "mutation($id: ID!, $i: InstitutionEditInput!) { institutionEdit(id: $id, version: 1, input: $i) {
                institution { version nameZh nameEn address contact { name phone } createdAt updatedAt } } }",
            json!({ "id": id, "i": { "nameZh": "新名", "nameEn": null, "address": "天河区", "contact": { "phone": null } } }),
        ).await;
        assert_eq!(edited["institutionEdit"]["institution"], json!({
            "version": 2, "nameZh": "新名", "nameEn": null, "address": "天河区",
            "contact": { "name": "办公室", "phone": null },
            "createdAt": "2026-11-23T02:00:00Z", "updatedAt": "2026-11-23T02:30:00Z",
        }));
        stands(w, "institution", "Institution", &id).await;
    }

    async fn a_lab_from_entry_to_retirement(w: World) {
        let gd = w.client("GD", "editor");
        let holder = institution(&gd, json!({ "code": "I1" })).await;
        let id = lab(&gd, &holder, json!({ "code": "l1", "longitude": 113.3, "latitude": 23.1 })).await;
        let read = "query($id: ID!) { node(id: $id) { ... on Lab { version code nameZh point { longitude latitude }
            institution { id } region { code parent { code } } } } }";
        assert_eq!(gd.data(read, json!({ "id": id })).await["node"], json!({
            "version": 1, "code": "L1", "nameZh": "食品实验室", "point": { "longitude": 113.3, "latitude": 23.1 },
            "institution": { "id": holder }, "region": { "code": "440106", "parent": { "code": "440100" } },
        }));
        let edited = gd.data(
            "mutation($id: ID!) { labEdit(id: $id, input: { code: \"l2\", longitude: null, latitude: null }) {
                lab { version code point { longitude } } } }",
            json!({ "id": id }),
        ).await;
        assert_eq!(edited["labEdit"]["lab"], json!({ "version": 2, "code": "L2", "point": null }));
        stands(w, "lab", "Lab", &id).await;
        let retired = gd.send(
            "mutation($l: ID!) { equipmentCreate(input: { lab: $l, assetCode: \"E\", nameZh: \"天平\" }) { equipment { id } } }",
            json!({ "l": id }),
        ).await;
        assert_eq!(codes(&retired), ["LAB_RETIRED"]);
    }

    async fn a_signatory_from_entry_to_retirement(w: World) {
        let desk = Desk::new(w).await;
        let id = signatory(&desk.gd, &desk.lab, json!({ "fields": ["食品", "环境"], "validTo": "2026-12-31" })).await;
        let read = "query($id: ID!) { node(id: $id) { ... on Signatory { version code name title fields validFrom validTo
            a: authorised b: authorised(asOf: \"2019-12-31\") c: authorised(asOf: \"2020-01-01\")
            d: authorised(asOf: \"2026-12-31\") e: authorised(asOf: \"2027-01-01\") lab { code } agency { code } } } }";
        assert_eq!(desk.gd.data(read, json!({ "id": id })).await["node"], json!({
            "version": 1, "code": "S1", "name": "陈晓明", "title": null, "fields": ["环境", "食品"],
            "validFrom": "2020-01-01", "validTo": "2026-12-31", "a": true, "b": false, "c": true, "d": true, "e": false,
            "lab": { "code": "L1" }, "agency": { "code": "GD" },
        }));
        let edited = desk.gd.data(
            "mutation($id: ID!) { signatoryEdit(id: $id, input: { title: \"高级工程师\", fields: [] }) {
                signatory { version title fields } } }",
            json!({ "id": id }),
        ).await;
        assert_eq!(edited["signatoryEdit"]["signatory"], json!({ "version": 2, "title": "高级工程师", "fields": [] }));
        stands(w, "signatory", "Signatory", &id).await;
        let after = desk.gd.data("query($id: ID!) { node(id: $id) { ... on Signatory { authorised } } }", json!({ "id": id })).await;
        assert_eq!(after["node"]["authorised"], false);
    }

    async fn an_item_from_entry_to_retirement(w: World) {
        let desk = Desk::new(w).await;
        let more = json!({ "assetCode": "e-1", "model": "AA-7000", "commissionedOn": "2020-05-01" });
        let id = equipment(&desk.gd, &desk.lab, more).await;
        let first = calibration(&desk.gd, &id, "2025-01-10", "2026-01-09").await;
        let second = calibration(&desk.gd, &id, "2026-01-05", "2027-01-04").await;
        let read = "query($id: ID!) { node(id: $id) { ... on Equipment { version status model
            calibrationStanding { state until since } calibrations { totalCount nodes { id voidedOn equipment { id } } } } } }";
        let now = &desk.gd.data(read, json!({ "id": id })).await["node"];
        assert_eq!(now["calibrationStanding"], json!({ "state": "IN_CALIBRATION", "until": "2027-01-04", "since": null }));
        assert_eq!(super::column(&now["calibrations"]["nodes"], "id"), [second.clone(), first]);
        let void = "mutation($id: ID!) { calibrationVoid(id: $id, reason: \"证书有误\", version: 1) { calibration {
            version voidedOn voidReason } } }";
        let voided = desk.gd.data(void, json!({ "id": second })).await;
        assert_eq!(voided["calibrationVoid"]["calibration"], json!({ "version": 2, "voidedOn": "2026-11-23", "voidReason": "证书有误" }));
        let now = &desk.gd.data(read, json!({ "id": id })).await["node"];
        assert_eq!(now["calibrationStanding"], json!({ "state": "OVERDUE", "until": null, "since": "2026-01-10" }));
        assert_eq!(now["calibrations"]["totalCount"], 2);
        let change = "mutation($id: ID!, $s: EquipmentStatus!) { equipmentChangeStatus(id: $id, status: $s, reason: \"r\") {
            equipment { version status statusReason } } }";
        for (at, status) in ["OUT_OF_SERVICE", "IN_SERVICE", "RETIRED"].iter().enumerate() {
            let done = desk.gd.data(change, json!({ "id": id, "s": status })).await;
            let expected = json!({ "version": at + 2, "status": status, "statusReason": "r" });
            assert_eq!(done["equipmentChangeStatus"]["equipment"], expected);
        }
        assert_eq!(desk.gd.refused(change, json!({ "id": id, "s": "IN_SERVICE" })).await, "EQUIPMENT_RETIRED");
    }

    async fn a_standard_and_the_one_that_replaces_it(w: World) {
        let desk = w.client("GD", "coordinator");
        let old = standard(&desk, "GB/T 5009.12－2010", json!({ "status": "CURRENT" })).await;
        let new = standard(&desk, "GB 5009.12-2017", json!({ "status": "CURRENT", "effectiveOn": "2017-10-06" })).await;
        let ended = desk.data(
            "mutation($id: ID!) { standardWithdraw(id: $id, on: \"2017-10-06\", replacedBy: \"GB5009.12—2017\", version: 1) {
                standard { version number key year status withdrawnOn replacedByNumber replacedBy { id } current } } }",
            json!({ "id": old }),
        ).await;
        assert_eq!(ended["standardWithdraw"]["standard"], json!({
            "version": 2, "number": "GB/T 5009.12-2010", "key": "GB 5009.12", "year": 2010, "status": "SUPERSEDED",
            "withdrawnOn": "2017-10-06", "replacedByNumber": "GB 5009.12-2017", "replacedBy": { "id": new }, "current": false,
        }));
        let read = "query($id: ID!) { node(id: $id) { ... on Standard { current replaces { id } editions { id } } } }";
        let expected = json!({ "current": true, "replaces": [{ "id": old }], "editions": [{ "id": new }, { "id": old }] });
        assert_eq!(desk.data(read, json!({ "id": new })).await["node"], expected);
        let edit = "mutation($id: ID!) { standardEdit(id: $id, input: { titleEn: \"Lead in foods\" }) { standard { version titleEn } } }";
        let edited = desk.data(edit, json!({ "id": new })).await;
        assert_eq!(edited["standardEdit"]["standard"], json!({ "version": 2, "titleEn": "Lead in foods" }));
    }

    async fn an_agency_edits_itself(w: World) {
        let gd = w.client("GD", "editor");
        let id = super::text(&gd.data("{ agencyByCode(code: \"gd\") { id } }", json!({})).await["agencyByCode"]["id"]);
        let edit = "mutation($id: ID!) { agencyEdit(id: $id, version: 1, input: { contact: { phone: \"020-1\" } }) {
            agency { code version contact { phone name } region { code } } } }";
        assert_eq!(gd.data(edit, json!({ "id": id })).await["agencyEdit"]["agency"], json!({
            "code": "GD", "version": 2, "contact": { "phone": "020-1", "name": null }, "region": { "code": "440000" },
        }));
        let codes = gd.data("{ agencies { code } }", json!({})).await;
        assert_eq!(super::column(&codes["agencies"], "code"), ["FJ", "GD", "GX", "HI", "SD"]);
    }
}

/// Suspends, resumes and retires; every wrong step is refused with its own code.
async fn stands(w: &World, noun: &str, kind: &str, id: &str) {
    let gd = w.client("GD", "editor");
    let step = async |verb: &str, reason: &str| {
        let query = format!(
            "mutation($id: ID!, $r: String!) {{ {noun}{verb}(id: $id, reason: $r) {{ {noun} {{ standing standingReason }} }} }}"
        );
        gd.send(&query, json!({ "id": id, "r": reason })).await
    };
    let read = format!("query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ standing standingReason }} }} }}");
    let standing = async || gd.data(&read, json!({ "id": id })).await["node"].clone();
    assert_eq!(codes(&step("Resume", "x").await), ["NOT_SUSPENDED"]);
    assert_eq!(codes(&step("Suspend", " ").await), ["INVALID"]);
    assert!(step("Suspend", "搬迁").await.body.get("errors").is_none());
    assert_eq!(standing().await, json!({ "standing": "SUSPENDED", "standingReason": "搬迁" }));
    assert_eq!(codes(&step("Suspend", "x").await), ["ALREADY_SUSPENDED"]);
    assert!(step("Resume", "完成").await.body.get("errors").is_none());
    assert_eq!(standing().await, json!({ "standing": "ACTIVE", "standingReason": null }));
    assert!(step("Retire", "关闭").await.body.get("errors").is_none());
    assert_eq!(standing().await, json!({ "standing": "RETIRED", "standingReason": "关闭" }));
    for verb in ["Suspend", "Resume", "Retire"] {
        assert_eq!(codes(&step(verb, "x").await), ["RETIRED"]);
    }
    let edit = format!("mutation($id: ID!) {{ {noun}Edit(id: $id, input: {{}}) {{ {noun} {{ id }} }} }}");
    assert_eq!(gd.refused(&edit, json!({ "id": id })).await, "RETIRED");
}
