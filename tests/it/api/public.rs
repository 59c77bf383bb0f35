//! Reading without a token, where the configuration opens it.

use labpact::identity::config::Anonymous;
use serde_json::json;

use super::{Desk, calibration, signatory};
use crate::support::{base::Backend, world::World};

fn opened(backend: Backend, test: impl AsyncFnOnce(&World)) {
    World::run_with(backend, |config| config.identity.anonymous = Anonymous::PublicDirectory, test);
}

async fn names_and_contacts_stay_within_the_pact(w: &World) {
    let desk = Desk::new(w).await;
    signatory(&desk.gd, &desk.lab, json!({ "visibility": "PUBLIC", "title": "主任" })).await;
    let contact = json!({ "name": "办公室", "phone": "1", "email": "a@example.org" });
    for noun in ["institution", "lab"] {
        let id = if noun == "lab" { &desk.lab } else { &desk.institution };
        let kind = if noun == "lab" { "LabEditInput" } else { "InstitutionEditInput" };
        let edit =
            format!("mutation($id: ID!, $i: {kind}!) {{ {noun}Edit(id: $id, input: $i) {{ {noun} {{ id }} }} }}");
        desk.gd.data(&edit, json!({ "id": id, "i": { "contact": contact } })).await;
    }
    let query = "{ agencies { contact { name } } institutions { nodes { nameZh contact { name phone email } } }
        labs { nodes { code contact { email } signatories { nodes { title name code } } } } }";
    let told = w.anonymous().data(query, json!({})).await;
    assert!(told["agencies"].as_array().expect("agencies").iter().all(|agency| agency["contact"].is_null()));
    assert_eq!(told["institutions"]["nodes"], json!([{ "nameZh": "广东检测院", "contact": null }]));
    let person = json!({ "title": "主任", "name": null, "code": null });
    assert_eq!(told["labs"]["nodes"], json!([{ "code": "L1", "contact": null, "signatories": { "nodes": [person] } }]));
    let partner = w.client("SD", "auditor").data(query, json!({})).await;
    assert_eq!(partner["institutions"]["nodes"][0]["contact"], contact);
    let person = json!({ "title": "主任", "name": "陈晓明", "code": "S1" });
    assert_eq!(partner["labs"]["nodes"][0]["signatories"]["nodes"], json!([person]));
}

async fn partner_rows_are_nowhere(w: &World) {
    let desk = Desk::seen_by(w, "PARTNER").await;
    let item = super::equipment(&desk.gd, &desk.lab, json!({ "assetCode": "E1", "visibility": "PARTNER" })).await;
    let entry = calibration(&desk.gd, &item, "2026-01-05", "2027-01-04").await;
    let person = signatory(&desk.gd, &desk.lab, json!({ "visibility": "PARTNER" })).await;
    let lists = "{ institutions { totalCount } labs { totalCount } certificates { totalCount } scopes { totalCount }
        equipment { totalCount } past: scopes(asOf: \"2024-01-01\") { totalCount } }";
    let count = |data: serde_json::Value| -> Vec<_> {
        data.as_object().expect("lists").values().map(|list| list["totalCount"].as_i64()).collect()
    };
    assert_eq!(count(w.anonymous().data(lists, json!({})).await), [Some(0); 6]);
    assert_eq!(count(w.client("SD", "auditor").data(lists, json!({})).await), [Some(1); 6]);
    let ids = [&desk.institution, &desk.lab, &desk.certificate, &desk.edition, &desk.line, &item, &entry, &person];
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }";
    let found = w.anonymous().data(query, json!({ "ids": ids })).await;
    assert_eq!(found["nodes"], json!([null, null, null, null, null, null, null, null]));
    let keys = "{ institutionByCode(agency: \"GD\", code: \"I1\") { id } labByCode(agency: \"GD\", code: \"L1\") { id }
        certificatesByNumber(number: \"202019000001\") { id } }";
    let expected = json!({ "institutionByCode": null, "labByCode": null, "certificatesByNumber": [] });
    assert_eq!(w.anonymous().data(keys, json!({})).await, expected);
}

async fn nothing_is_written(w: &World) {
    let create = "mutation { institutionCreate(input: { code: \"X\", nameZh: \"x\", region: \"440100\" }) { institution { id } } }";
    assert_eq!(w.anonymous().refused(create, json!({})).await, "UNAUTHENTICATED");
    assert_eq!(super::changes(w).await, 5, "the members alone");
}

macro_rules! opened_on_both {
    ($($name:ident)*) => { mod sqlite { use super::*; $(#[test] fn $name() { opened(Backend::Sqlite, super::$name); })* }
        mod postgres { use super::*; $(#[test] fn $name() { opened(Backend::Postgres, super::$name); })* } };
}

opened_on_both! { names_and_contacts_stay_within_the_pact partner_rows_are_nowhere nothing_is_written }
