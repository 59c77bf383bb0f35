//! What another agency, or a token with limits, cannot do: refused, and nothing written.

use entity::ids::{InstitutionId, LabId};
use serde_json::{Value, json};

use super::{Desk, calibration, changes, institution, lab, signatory, standard};
use crate::{
    both,
    support::world::{Client, World},
};

/// Every mutation of a row that is there already: its name, arguments and what it needs.
const OF_ROWS: [(&str, &str); 24] = [
    ("institution", "institutionEdit(id: $id, input: { nameZh: \"x\" }) { institution { id } }"),
    ("institution", "institutionSuspend(id: $id, reason: \"x\") { institution { id } }"),
    ("institution", "institutionRetire(id: $id, reason: \"x\") { institution { id } }"),
    (
        "institution",
        "labCreate(input: { institution: $id, code: \"X\", nameZh: \"x\", region: \"440100\" }) { lab { id } }",
    ),
    (
        "institution",
        "certificateCreate(input: { institution: $id, scheme: CMA, number: \"X\", validFrom: \"2024-01-01\" }) { certificate { id } }",
    ),
    ("lab", "labEdit(id: $id, input: { nameZh: \"x\" }) { lab { id } }"),
    ("lab", "labSuspend(id: $id, reason: \"x\") { lab { id } }"),
    ("lab", "labRetire(id: $id, reason: \"x\") { lab { id } }"),
    ("lab", "equipmentCreate(input: { lab: $id, assetCode: \"X\", nameZh: \"x\" }) { equipment { id } }"),
    ("lab", "signatoryCreate(input: { lab: $id, name: \"x\", validFrom: \"2024-01-01\" }) { signatory { id } }"),
    ("certificate", "certificateEdit(id: $id, input: { number: \"x\" }) { certificate { id } }"),
    ("certificate", "certificateSuspend(id: $id, reason: \"x\") { certificate { id } }"),
    ("certificate", "certificateWithdraw(id: $id, reason: \"x\") { certificate { id } }"),
    ("line", "scopeEdit(id: $id, input: { limits: \"x\" }) { scope { id } }"),
    ("line", "scopeShow(id: $id, visibility: PUBLIC) { scope { id } }"),
    ("line", "scopeWithdraw(id: $id, reason: \"x\") { id }"),
    ("item", "equipmentEdit(id: $id, input: { nameZh: \"x\" }) { equipment { id } }"),
    ("item", "equipmentChangeStatus(id: $id, status: RETIRED, reason: \"x\") { equipment { id } }"),
    (
        "item",
        "calibrationRecord(equipment: $id, input: { performedOn: \"2026-01-01\", dueOn: \"2027-01-01\" }) { calibration { id } }",
    ),
    ("calibration", "calibrationVoid(id: $id, reason: \"x\") { calibration { id } }"),
    ("person", "signatoryEdit(id: $id, input: { name: \"x\" }) { signatory { id } }"),
    ("person", "signatorySuspend(id: $id, reason: \"x\") { signatory { id } }"),
    ("person", "signatoryRetire(id: $id, reason: \"x\") { signatory { id } }"),
    ("agency", "agencyEdit(id: $id, input: { nameEn: \"x\" }) { agency { id } }"),
];

/// One row of each kind of GD, by the words of [`OF_ROWS`], with one visibility.
async fn rows(w: &World, visibility: &str) -> (Desk, Value) {
    let desk = Desk::seen_by(w, visibility).await;
    let seen = json!({ "assetCode": "E1", "visibility": visibility });
    let item = super::equipment(&desk.gd, &desk.lab, seen).await;
    let entry = calibration(&desk.gd, &item, "2026-01-05", "2027-01-04").await;
    let person = signatory(&desk.gd, &desk.lab, json!({ "visibility": visibility })).await;
    let agency = desk.gd.data("{ agencyByCode(code: \"GD\") { id } }", json!({})).await["agencyByCode"]["id"].clone();
    let ids = json!({
        "institution": desk.institution, "lab": desk.lab, "certificate": desk.certificate, "line": desk.line,
        "item": item, "calibration": entry, "person": person, "agency": agency,
    });
    (desk, ids)
}

/// Tries every mutation of [`OF_ROWS`] and the ones of two rows; each is refused with one of the codes.
async fn try_all(w: &World, client: &Client, ids: &Value, expected: impl Fn(&str) -> Option<&'static str>) {
    let before = changes(w).await;
    for (noun, field) in OF_ROWS {
        if let Some(code) = expected(noun) {
            let query = format!("mutation($id: ID!) {{ {field} }}");
            assert_eq!(client.refused(&query, json!({ "id": ids[noun] })).await, code, "{field}");
        }
    }
    for (noun, field) in [
        ("certificate", "certificateCover(id: $certificate, lab: $lab) { certificate { id } }"),
        ("certificate", "certificateUncover(id: $certificate, lab: $lab) { certificate { id } }"),
        ("item", "equipmentLink(id: $item, scope: $line) { equipment { id } }"),
        ("item", "equipmentUnlink(id: $item, scope: $line) { equipment { id } }"),
        ("person", "signatoryLink(id: $person, scope: $line) { signatory { id } }"),
        ("person", "signatoryUnlink(id: $person, scope: $line) { signatory { id } }"),
        (
            "certificate",
            "scopeVersionOpen(input: { certificate: $certificate, lab: $lab, reason: EXTENSION, lines: [] }) { scopeVersion { id } }",
        ),
    ] {
        if let Some(code) = expected(noun) {
            let used = ["certificate", "lab", "item", "line", "person"]
                .iter()
                .filter(|name| field.contains(&format!("${name}")));
            let declared: Vec<String> = used.map(|name| format!("${name}: ID!")).collect();
            let query = format!("mutation({}) {{ {field} }}", declared.join(", "));
            assert_eq!(client.refused(&query, ids.clone()).await, code, "{field}");
        }
    }
    assert_eq!(changes(w).await, before, "nothing was written");
}

/// The UUID in a typed id.
fn bare(id: &str) -> uuid::Uuid {
    id.split_once(':').and_then(|(_, bare)| bare.parse().ok()).expect("a typed id")
}

/// The versions of the rows, as their owner reads them.
async fn versions(desk: &Desk, ids: &Value) -> Vec<Value> {
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Institution { version } ... on Lab { version }
        ... on Certificate { version } ... on CompetenceScope { version } ... on Equipment { version }
        ... on Calibration { version } ... on Signatory { version } ... on Agency { version } } }";
    let ids: Vec<_> = ids.as_object().expect("ids").values().collect();
    desk.gd.data(query, json!({ "ids": ids })).await["nodes"].as_array().expect("nodes").clone()
}

both! {
    async fn rows_of_another_agency_are_not_to_be_changed(w: World) {
        let (desk, ids) = rows(w, "PARTNER").await;
        try_all(w, &w.client("SD", "editor"), &ids, |_| Some("FORBIDDEN")).await;
        assert!(versions(&desk, &ids).await.iter().all(|row| row["version"] == 1));
    }

    async fn rows_that_another_agency_does_not_see_do_not_exist_for_it(w: World) {
        let (desk, ids) = rows(w, "OWN").await;
        let expected = |noun: &str| Some(if noun == "agency" { "FORBIDDEN" } else { "NOT_FOUND" });
        try_all(w, &w.client("SD", "editor"), &ids, expected).await;
        assert!(versions(&desk, &ids).await.iter().all(|row| row["version"] == 1));
    }

    async fn a_role_without_the_scope_writes_nothing(w: World) {
        let (_, ids) = rows(w, "PUBLIC").await;
        for role in ["auditor", "officer"] {
            try_all(w, &w.client("GD", role), &ids, |_| Some("FORBIDDEN")).await;
        }
        try_all(w, &w.anonymous(), &ids, |_| Some("UNAUTHENTICATED")).await;
        let gd = w.client("GD", "editor");
        let create = "mutation { standardCreate(input: { number: \"GB 1-2020\", titleZh: \"x\" }) { standard { id } } }";
        assert_eq!(gd.refused(create, json!({})).await, "FORBIDDEN");
        let known = standard(&w.client("HI", "coordinator"), "GB 1-2020", json!({})).await;
        let end = "mutation($id: ID!) { standardWithdraw(id: $id) { standard { id } } }";
        assert_eq!(gd.refused(end, json!({ "id": known })).await, "FORBIDDEN");
    }

    async fn a_token_limited_to_another_lab(w: World) {
        let (desk, ids) = rows(w, "PUBLIC").await;
        let other = lab(&desk.gd, &desk.institution, json!({ "code": "L2" })).await;
        let own = w.client_with("GD", "editor", |grant| grant.labs = Some(vec![LabId(bare(&other))]));
        // Rows of the institution and of the agency at large are not of any one lab.
        let expected = |noun: &str| (!["institution", "certificate", "agency"].contains(&noun)).then_some("FORBIDDEN");
        try_all(w, &own, &ids, expected).await;
        let edit = "mutation($id: ID!) { labEdit(id: $id, input: { nameEn: \"Own\" }) { lab { version } } }";
        assert_eq!(own.data(edit, json!({ "id": other })).await["labEdit"]["lab"]["version"], 2);
        let seen = own.data("{ labs { totalCount } equipment { totalCount } }", json!({})).await;
        assert_eq!(seen, json!({ "labs": { "totalCount": 2 }, "equipment": { "totalCount": 1 } }), "it reads everything");
    }

    async fn a_token_limited_to_another_institution(w: World) {
        let (desk, ids) = rows(w, "PUBLIC").await;
        let other = super::institution(&desk.gd, json!({ "code": "I2" })).await;
        let own = w.client_with("GD", "editor", |grant| {
            grant.institutions = Some(vec![InstitutionId(bare(&other))]);
        });
        try_all(w, &own, &ids, |noun| (noun != "agency").then_some("FORBIDDEN")).await;
        lab(&own, &other, json!({ "code": "L2" })).await;
    }
}
