//! Input that breaks rules of form: all problems at once, each with its path, and nothing written.

use serde_json::{Value, json};

use super::{Desk, changes, line, problems};
use crate::both;

async fn told(desk: &Desk, query: &str, variables: Value) -> Vec<String> {
    problems(&desk.gd.send(query, variables).await)
}

both! {
    async fn of_an_institution(w: World) {
        let desk = Desk::new(w).await;
        let before = changes(w).await;
        let create = "mutation($i: InstitutionCreateInput!) { institutionCreate(input: $i) { institution { id } } }";
        let long = "长".repeat(201);
        let input = json!({ "nameZh": " ", "nameEn": long, "region": "990000", "address": long,
            "uscc": "91310115MA1K3BTP3C", "contact": { "email": "nobody", "phone": long } });
        let mut found = told(&desk, create, json!({ "i": input })).await;
        found.sort();
        assert_eq!(found, [
            "input.address TOO_LONG", "input.code REQUIRED", "input.contact.email EMAIL_FORM",
            "input.contact.phone TOO_LONG", "input.nameEn TOO_LONG", "input.nameZh REQUIRED",
            "input.region REGION_UNKNOWN", "input.uscc USCC_CHECK_DIGIT",
        ]);
        let person = json!({ "code": "I2", "nameZh": "x", "region": "440100", "uscc": "110000190001010004" });
        let answer = desk.gd.send(create, json!({ "i": person })).await;
        assert_eq!(problems(&answer), ["input.uscc PERSONAL_IDENTITY_NUMBER"]);
        assert!(!answer.body.to_string().contains("110000190001010004"));
        let edit = "mutation($id: ID!, $i: InstitutionEditInput!) { institutionEdit(id: $id, input: $i) { institution { id } } }";
        let mut found = told(&desk, edit, json!({ "id": desk.institution, "i": { "nameZh": "", "code": "", "uscc": "1" } })).await;
        found.sort();
        assert_eq!(found, ["input.code REQUIRED", "input.nameZh REQUIRED", "input.uscc USCC_LENGTH"]);
        assert_eq!(changes(w).await, before);
    }

    async fn of_a_lab_a_certificate_and_a_signatory(w: World) {
        let desk = Desk::new(w).await;
        let before = changes(w).await;
        let create = "mutation($i: LabCreateInput!) { labCreate(input: $i) { lab { id } } }";
        let input = json!({ "institution": desk.institution, "code": " ", "nameZh": "", "region": "x", "longitude": 500.0, "latitude": 1.0 });
        let mut found = told(&desk, create, json!({ "i": input })).await;
        found.sort();
        assert_eq!(found, ["input.code REQUIRED", "input.longitude POINT_RANGE", "input.nameZh REQUIRED", "input.region REGION_UNKNOWN"]);
        let edit = "mutation($id: ID!) { labEdit(id: $id, input: { longitude: 113.0 }) { lab { id } } }";
        assert_eq!(told(&desk, edit, json!({ "id": desk.lab })).await, ["input.longitude POINT_HALF"]);
        let create = "mutation($i: CertificateCreateInput!) { certificateCreate(input: $i) { certificate { id } } }";
        let input = json!({ "institution": desk.institution, "scheme": "CMA", "number": "", "validFrom": "2024-01-02", "validTo": "2024-01-01" });
        assert_eq!(told(&desk, create, json!({ "i": input })).await, ["input.number REQUIRED", "input.validTo DATES_REVERSED"]);
        let create = "mutation($i: SignatoryCreateInput!) { signatoryCreate(input: $i) { signatory { id } } }";
        let input = json!({ "lab": desk.lab, "name": " ", "validFrom": "2024-01-02", "validTo": "2024-01-01" });
        assert_eq!(told(&desk, create, json!({ "i": input })).await, ["input.name REQUIRED", "input.validTo DATES_REVERSED"]);
        assert_eq!(changes(w).await, before);
    }

    async fn of_every_line_of_an_annex(w: World) {
        let desk = Desk::new(w).await;
        let before = changes(w).await;
        let open = "mutation($i: ScopeVersionOpenInput!) { scopeVersionOpen(input: $i) { scopeVersion { id } } }";
        let lines = json!([line("1", json!({ "parameter": " " })), line("2", json!({})), line("3", json!({ "field": "", "method": "" }))]);
        let input = json!({ "certificate": desk.certificate, "lab": desk.lab, "reason": "EXTENSION", "lines": lines });
        let mut found = told(&desk, open, json!({ "i": input })).await;
        found.sort();
        assert_eq!(found, ["input.lines[0].parameter REQUIRED", "input.lines[2].field REQUIRED", "input.lines[2].method REQUIRED"]);
        let add = "mutation($i: ScopeAddInput!) { scopeAdd(input: $i) { scope { id } } }";
        let input = json!({ "scopeVersion": desk.edition, "lab": desk.lab, "line": line("1", json!({ "object": "" })) });
        assert_eq!(told(&desk, add, json!({ "i": input })).await, ["input.line.object REQUIRED"]);
        let edit = "mutation($id: ID!) { scopeEdit(id: $id, input: { object: \"\", method: \" \" }) { scope { id } } }";
        let mut found = told(&desk, edit, json!({ "id": desk.line })).await;
        found.sort();
        assert_eq!(found, ["input.method REQUIRED", "input.object REQUIRED"]);
        assert_eq!(changes(w).await, before);
    }

    async fn of_equipment_calibrations_and_standards(w: World) {
        let desk = Desk::new(w).await;
        let item = desk.item("E1").await;
        let before = changes(w).await;
        let create = "mutation($i: EquipmentCreateInput!) { equipmentCreate(input: $i) { equipment { id } } }";
        let input = json!({ "lab": desk.lab, "assetCode": "", "nameZh": " ", "model": "x".repeat(201) });
        assert_eq!(told(&desk, create, json!({ "i": input })).await, ["input.assetCode REQUIRED", "input.nameZh REQUIRED", "input.model TOO_LONG"]);
        let record = "mutation($e: ID!, $i: CalibrationRecordInput!) { calibrationRecord(equipment: $e, input: $i) { calibration { id } } }";
        let input = json!({ "performedOn": "2026-11-24", "dueOn": "2026-11-23" });
        let mut found = told(&desk, record, json!({ "e": item, "i": input })).await;
        found.sort();
        assert_eq!(found, ["input.dueOn DATES_REVERSED", "input.performedOn DATE_AHEAD"]);
        let office = w.client("GD", "coordinator");
        let create = "mutation($i: StandardCreateInput!) { standardCreate(input: $i) { standard { id } } }";
        let input = json!({ "number": "GB 1-2020 第一法", "titleZh": "", "publishedOn": "2020-02-01", "effectiveOn": "2020-01-01",
            "withdrawnOn": "2019-01-01", "replacedBy": "GB 1-2020" });
        let mut found = problems(&office.send(create, json!({ "i": input })).await);
        found.sort();
        found.dedup();
        assert!(found.starts_with(&["input.effectiveOn DATES_REVERSED".to_owned(), "input.number STANDARD_CLAUSE".to_owned()]), "{found:?}");
        assert!(found.contains(&"input.titleZh REQUIRED".to_owned()) && found.contains(&"input.withdrawnOn DATES_REVERSED".to_owned()));
        assert_eq!(changes(w).await, before);
    }

    async fn of_reasons_ids_and_dates(w: World) {
        let desk = Desk::new(w).await;
        let before = changes(w).await;
        let suspend = "mutation($id: ID!, $r: String!) { labSuspend(id: $id, reason: $r) { lab { id } } }";
        assert_eq!(told(&desk, suspend, json!({ "id": desk.lab, "r": "　" })).await, ["reason REQUIRED"]);
        assert_eq!(told(&desk, suspend, json!({ "id": desk.lab, "r": "x".repeat(501) })).await, ["reason TOO_LONG"]);
        let foreign = json!({ "id": desk.institution, "r": "x" });
        let found = told(&desk, suspend, foreign).await;
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("id "), "{found:?}");
        let query = "query($on: Date) { scopes(asOf: $on) { nodes { id } } }";
        for date in ["2024/2/30", "2024-02-30", "2024-13-01", "", "tomorrow", "20240101"] {
            let answer = desk.gd.send(query, json!({ "on": date })).await;
            assert!(answer.body["errors"][0]["extensions"]["code"].is_string(), "{date}: {:#}", answer.body);
        }
        assert_eq!(changes(w).await, before);
    }
}
