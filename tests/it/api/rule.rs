//! Every rule of the domain that a mutation can break, by its code.

use serde_json::{Value, json};

use super::{Desk, annex, calibration, certificate, changes, institution, lab, line, problems, signatory, standard};
use crate::{both, support::world::World};

/// Whether a field names that variable.
fn uses(field: &str, name: &str) -> bool {
    field.split('$').skip(1).any(|from| from.split(|c: char| !c.is_alphanumeric()).next() == Some(name))
}

/// Sends one field of a mutation with ids, which must be refused, and takes the code.
async fn refused(desk: &Desk, field: &str, ids: &Value) -> String {
    let ids = ids.as_object().expect("ids");
    let used = ids.keys().filter(|name| uses(field, name));
    let declared: Vec<String> = used.map(|name| format!("${name}: ID!")).collect();
    desk.gd.refused(&format!("mutation({}) {{ {field} }}", declared.join(", ")), json!(ids)).await
}

/// As [`refused`] for a list of fields with their codes; nothing is written by any.
async fn all_refused(w: &World, desk: &Desk, ids: &Value, cases: &[(&str, &str)]) {
    let before = changes(w).await;
    for (field, code) in cases {
        assert_eq!(refused(desk, field, ids).await, *code, "{field}");
    }
    assert_eq!(changes(w).await, before);
}

/// Sends one field of a mutation with ids, which must succeed.
async fn done(desk: &Desk, field: &str, ids: &Value) {
    let used = ids.as_object().expect("ids").keys().filter(|name| uses(field, name));
    let declared: Vec<String> = used.map(|name| format!("${name}: ID!")).collect();
    desk.gd.data(&format!("mutation({}) {{ {field} }}", declared.join(", ")), ids.clone()).await;
}

both! {
    async fn of_certificates(w: World) {
        let desk = Desk::new(w).await;
        let other = institution(&desk.gd, json!({ "code": "I2" })).await;
        let foreign = lab(&desk.gd, &other, json!({ "code": "X1" })).await;
        let bare = lab(&desk.gd, &desk.institution, json!({ "code": "L2" })).await;
        let ids = json!({ "c": desk.certificate, "l": desk.lab, "bare": bare, "foreign": foreign, "i": desk.institution, "o": other });
        all_refused(w, &desk, &ids, &[
            ("certificateResume(id: $c, reason: \"x\") { certificate { id } }", "NOT_SUSPENDED"),
            ("certificateCover(id: $c, lab: $l) { certificate { id } }", "ALREADY_COVERED"),
            ("certificateCover(id: $c, lab: $foreign) { certificate { id } }", "LAB_OF_OTHER_INSTITUTION"),
            ("certificateUncover(id: $c, lab: $bare) { certificate { id } }", "NOT_COVERED"),
            ("certificateUncover(id: $c, lab: $l, on: \"2019-12-31\") { certificate { id } }", "EFFECTIVE_BEFORE_COVER"),
            ("certificateSuspend(id: $c, reason: \"x\", on: \"2019-12-31\") { certificate { id } }", "EFFECTIVE_BEFORE_REVISION"),
            ("certificateCreate(input: { institution: $i, scheme: CMA, number: \"N\", validFrom: \"2024-01-01\", labs: [$foreign] }) { certificate { id } }", "LAB_OF_OTHER_INSTITUTION"),
        ]).await;
        done(&desk, "certificateSuspend(id: $c, reason: \"x\") { certificate { id } }", &ids).await;
        all_refused(w, &desk, &ids, &[("certificateSuspend(id: $c, reason: \"x\") { certificate { id } }", "ALREADY_SUSPENDED")]).await;
        done(&desk, "certificateWithdraw(id: $c, reason: \"x\") { certificate { id } }", &ids).await;
        done(&desk, "institutionRetire(id: $o, reason: \"x\") { institution { id } }", &ids).await;
        all_refused(w, &desk, &ids, &[
            ("certificateSuspend(id: $c, reason: \"x\") { certificate { id } }", "CERTIFICATE_WITHDRAWN"),
            ("certificateResume(id: $c, reason: \"x\") { certificate { id } }", "CERTIFICATE_WITHDRAWN"),
            ("certificateWithdraw(id: $c, reason: \"x\") { certificate { id } }", "CERTIFICATE_WITHDRAWN"),
            ("certificateEdit(id: $c, input: { number: \"x\" }) { certificate { id } }", "CERTIFICATE_WITHDRAWN"),
            ("certificateCover(id: $c, lab: $bare) { certificate { id } }", "CERTIFICATE_WITHDRAWN"),
            ("scopeVersionOpen(input: { certificate: $c, lab: $l, reason: EXTENSION, lines: [] }) { scopeVersion { id } }", "CERTIFICATE_WITHDRAWN"),
            ("certificateCreate(input: { institution: $o, scheme: CMA, number: \"N\", validFrom: \"2024-01-01\" }) { certificate { id } }", "INSTITUTION_RETIRED"),
            ("labCreate(input: { institution: $o, code: \"L9\", nameZh: \"x\", region: \"440100\" }) { lab { id } }", "RETIRED"),
        ]).await;
    }

    async fn of_annexes_and_lines(w: World) {
        let desk = Desk::new(w).await;
        let bare = lab(&desk.gd, &desk.institution, json!({ "code": "L2" })).await;
        let ids = json!({ "c": desk.certificate, "l": desk.lab, "bare": bare, "s": desk.line, "v": desk.edition });
        let one = "{ field: \"f\", object: \"o\", parameter: \"p\", method: \"m\" }";
        let add = |lab: &str, more: &str| format!("scopeAdd(input: {{ scopeVersion: $v, lab: {lab}, line: {one}{more} }}) {{ scope {{ id }} }}");
        let open = |lab: &str, dated: &str| {
            format!("scopeVersionOpen(input: {{ certificate: $c, lab: {lab}, reason: EXTENSION, dated: \"{dated}\", lines: [{one}] }}) {{ scopeVersion {{ id }} }}")
        };
        all_refused(w, &desk, &ids, &[
            (&add("$bare", ""), "LAB_NOT_COVERED"),
            (&add("$l", ", effectiveFrom: \"2019-12-31\""), "LAB_NOT_COVERED"),
            (&open("$bare", "2026-01-01"), "LAB_NOT_COVERED"),
            (&open("$l", "2019-12-31"), "LAB_NOT_COVERED"),
            ("scopeEdit(id: $s, input: { limits: \"x\", effectiveFrom: \"2020-12-31\" }) { scope { id } }", "EFFECTIVE_BEFORE_REVISION"),
            ("scopeWithdraw(id: $s, reason: \"x\", on: \"2020-12-31\") { id }", "EFFECTIVE_BEFORE_REVISION"),
        ]).await;
        done(&desk, "scopeWithdraw(id: $s, reason: \"x\") { id }", &ids).await;
        all_refused(w, &desk, &ids, &[
            ("scopeWithdraw(id: $s, reason: \"x\") { id }", "ALREADY_CLOSED"),
            ("scopeEdit(id: $s, input: { limits: \"x\" }) { scope { id } }", "ALREADY_CLOSED"),
            ("scopeShow(id: $s, visibility: OWN) { scope { id } }", "ALREADY_CLOSED"),
        ]).await;
    }

    async fn of_equipment_and_calibrations(w: World) {
        let desk = Desk::new(w).await;
        let site = lab(&desk.gd, &desk.institution, json!({ "code": "L2" })).await;
        let held = certificate(&desk.gd, &desk.institution, &[&site], json!({ "number": "2" })).await;
        let (_, elsewhere) = annex(&desk.gd, &held, &site, vec![line("1", json!({}))]).await;
        let (_, ended) = annex(&desk.gd, &desk.certificate, &desk.lab, vec![line("9", json!({}))]).await;
        let (item, old) = (desk.item("E1").await, desk.item("E2").await);
        let entry = super::calibration(&desk.gd, &item, "2026-01-05", "2027-01-04").await;
        let ids = json!({ "e": item, "old": old, "s": desk.line, "other": elsewhere[0], "ended": ended[0], "k": entry, "l": site });
        done(&desk, "scopeWithdraw(id: $ended, reason: \"x\") { id }", &ids).await;
        all_refused(w, &desk, &ids, &[
            ("equipmentUnlink(id: $e, scope: $s) { equipment { id } }", "NOT_LINKED"),
            ("equipmentLink(id: $e, scope: $other) { equipment { id } }", "LINE_OF_OTHER_LAB"),
            ("equipmentLink(id: $e, scope: $ended) { equipment { id } }", "LINE_ENDED"),
            ("equipmentChangeStatus(id: $e, status: IN_SERVICE, reason: \"x\") { equipment { id } }", "STATUS_UNCHANGED"),
            ("equipmentChangeStatus(id: $e, status: RETIRED, reason: \"x\", on: \"2020-12-31\") { equipment { id } }", "EFFECTIVE_BEFORE_REVISION"),
        ]).await;
        done(&desk, "equipmentLink(id: $e, scope: $s, on: \"2026-01-01\") { equipment { id } }", &ids).await;
        done(&desk, "calibrationVoid(id: $k, reason: \"x\") { calibration { id } }", &ids).await;
        done(&desk, "equipmentChangeStatus(id: $old, status: RETIRED, reason: \"x\") { equipment { id } }", &ids).await;
        done(&desk, "labRetire(id: $l, reason: \"x\") { lab { id } }", &ids).await;
        all_refused(w, &desk, &ids, &[
            ("equipmentLink(id: $e, scope: $s) { equipment { id } }", "ALREADY_LINKED"),
            ("equipmentUnlink(id: $e, scope: $s, on: \"2025-12-31\") { equipment { id } }", "EFFECTIVE_BEFORE_LINK"),
            ("calibrationVoid(id: $k, reason: \"x\") { calibration { id } }", "ALREADY_VOIDED"),
            ("equipmentEdit(id: $old, input: { nameZh: \"x\" }) { equipment { id } }", "EQUIPMENT_RETIRED"),
            ("equipmentLink(id: $old, scope: $s) { equipment { id } }", "EQUIPMENT_RETIRED"),
            ("equipmentCreate(input: { lab: $l, assetCode: \"E9\", nameZh: \"x\" }) { equipment { id } }", "LAB_RETIRED"),
            ("signatoryCreate(input: { lab: $l, name: \"x\", validFrom: \"2024-01-01\" }) { signatory { id } }", "RETIRED"),
        ]).await;
    }

    async fn of_signatories(w: World) {
        let desk = Desk::new(w).await;
        let site = lab(&desk.gd, &desk.institution, json!({ "code": "L2" })).await;
        let held = certificate(&desk.gd, &desk.institution, &[&site], json!({ "number": "2" })).await;
        let (_, elsewhere) = annex(&desk.gd, &held, &site, vec![line("1", json!({}))]).await;
        let person = signatory(&desk.gd, &desk.lab, json!({})).await;
        let ids = json!({ "p": person, "s": desk.line, "other": elsewhere[0] });
        all_refused(w, &desk, &ids, &[
            ("signatoryLink(id: $p, scope: $other) { signatory { id } }", "LINE_OF_OTHER_LAB"),
            ("signatoryUnlink(id: $p, scope: $s) { signatory { id } }", "NOT_LINKED"),
        ]).await;
        done(&desk, "signatoryLink(id: $p, scope: $s, on: \"2026-01-01\") { signatory { id } }", &ids).await;
        all_refused(w, &desk, &ids, &[
            ("signatoryLink(id: $p, scope: $s) { signatory { id } }", "ALREADY_LINKED"),
        ]).await;
        done(&desk, "signatoryUnlink(id: $p, scope: $s) { signatory { id } }", &ids).await;
        done(&desk, "signatoryLink(id: $p, scope: $s) { signatory { id } }", &ids).await;
    }

    async fn of_standards(w: World) {
        let office = w.client("FJ", "coordinator");
        let id = standard(&office, "GB 1-2020", json!({ "status": "CURRENT" })).await;
        let end = "mutation($id: ID!) { standardWithdraw(id: $id) { standard { status withdrawnOn } } }";
        let ended = office.data(end, json!({ "id": id })).await;
        let expected = json!({ "status": "WITHDRAWN", "withdrawnOn": "2026-11-23" });
        assert_eq!(ended["standardWithdraw"]["standard"], expected);
        assert_eq!(office.refused(end, json!({ "id": id })).await, "ALREADY_WITHDRAWN");
        let itself = "mutation($id: ID!) { standardEdit(id: $id, input: { replacedBy: \"gb1—2020\" }) { standard { id } } }";
        assert_eq!(super::problems(&office.send(itself, json!({ "id": id })).await), ["input.replacedBy REPLACED_BY_ITSELF"]);
    }
}
