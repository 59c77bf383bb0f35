//! Who sees a file.

use labpact::attachment::service::{Purpose, bind, show_to};
use serde_json::json;

use super::{look, pdf, prepared, stored, told};
use crate::{
    api::column,
    attachment::bind::{id_of, within},
    both,
    support::world::{Client, World},
};

/// Whether somebody finds it: in the lists, by id, as a node, and by its bare address.
async fn sees(w: &World, agency: &str, role: &str, id: &str) -> bool {
    let client = w.client(agency, role);
    let query =
        "query($id: ID!) { attachments { totalCount nodes { id } } attachment(id: $id) { id } node(id: $id) { id } }";
    let data = client.data(query, json!({ "id": id })).await;
    let bare = format!("/attachments/{}", id.trim_start_matches("attachment:"));
    let answer = w.http().get(w.url(&bare)).bearer_auth(w.token(agency, role, |_| {})).send().await.expect("an answer");
    let status = answer.status().as_u16();
    let found = [
        data["attachments"]["totalCount"] != json!(0),
        column(&data["attachments"]["nodes"], "id").contains(&id.to_owned()),
        !data["attachment"].is_null(),
        !data["node"].is_null(),
        status == 200,
    ];
    assert!(found.iter().all(|each| *each == found[0]), "{data:#} {status}");
    if status != 200 {
        assert_eq!(told(answer).await, (404, "NOT_FOUND".to_owned()));
    }
    found[0]
}

async fn names(client: &Client, arguments: &str) -> Vec<String> {
    let found =
        client.data(&format!("{{ attachments{arguments} {{ totalCount nodes {{ fileName }} }} }}"), json!({})).await;
    let names = column(&found["attachments"]["nodes"], "fileName");
    assert_eq!(found["attachments"]["totalCount"], names.len());
    names
}

both! {
    async fn it_is_its_agencys_alone_until_it_is_shown(w: World) {
        let officer = w.client("GD", "officer");
        let id = stored(w, &officer, &pdf(50)).await;
        for role in ["officer", "approver", "coordinator", "auditor", "client"] {
            assert!(sees(w, "GD", role, &id).await, "{role}");
            assert!(!sees(w, "SD", role, &id).await, "{role}");
        }
        within(w, "GD", async |tx| {
            bind(tx, &[id_of(&id)], "request:1", Purpose::Request, &["SD".into(), "GD".into()]).await
        }).await.expect("bound");
        assert!(sees(w, "SD", "auditor", &id).await);
        assert!(!sees(w, "FJ", "officer", &id).await);
        within(w, "SD", async |tx| show_to(tx, "request:1", &["FJ".into(), "SD".into()]).await).await.expect("shown");
        assert!(sees(w, "FJ", "officer", &id).await);
        assert!(!sees(w, "HI", "coordinator", &id).await);
        let shown = look(&w.client("FJ", "officer"), &id).await;
        assert_eq!(column(&shown["shownTo"], "code"), ["FJ", "SD"]);
        assert_eq!((&shown["createdBy"], &shown["upload"]), (&json!(null), &json!(null)));
        assert_eq!(look(&officer, &id).await["createdBy"], "officer@gd");
    }

    async fn lists_are_of_what_is_seen(w: World) {
        let officer = w.client("GD", "officer");
        for name in ["b.pdf", "a.pdf", "c.pdf"] {
            prepared(&officer, &pdf(50), json!({ "fileName": name })).await;
        }
        let id = stored(w, &officer, &pdf(50)).await;
        within(w, "GD", async |tx| bind(tx, &[id_of(&id)], "request:1", Purpose::Offer, &["SD".into()]).await).await.expect("bound");
        assert_eq!(names(&officer, "").await, ["报告.pdf", "c.pdf", "a.pdf", "b.pdf"]);
        assert_eq!(names(&officer, "(where: { bound: false }, orderBy: FILE_NAME)").await, ["a.pdf", "b.pdf", "c.pdf"]);
        for found in ["subject: \"request:1\"", "bound: true", "status: [STORED]", "purpose: [OFFER, REPORT]", "fileName: { contains: \"报\" }"] {
            assert_eq!(names(&officer, &format!("(where: {{ {found} }})")).await, ["报告.pdf"], "{found}");
        }
        let other = w.client("SD", "officer");
        assert_eq!(names(&other, "").await, ["报告.pdf"]);
        assert_eq!(names(&other, "(where: { subject: \"request:2\" })").await, [] as [&str; 0]);
        assert_eq!(w.anonymous().refused("{ attachments { totalCount } }", json!({})).await, "UNAUTHENTICATED");
        let bare = format!("/attachments/{}", id.trim_start_matches("attachment:"));
        assert_eq!(told(w.http().get(w.url(&bare)).send().await.expect("an answer")).await, (401, "UNAUTHENTICATED".to_owned()));
    }
}
