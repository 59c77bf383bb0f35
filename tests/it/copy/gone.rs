//! What can no longer be seen is told as gone to those who saw it, and to nobody else.

use serde_json::{Value, json};

use super::{Kept, ask, sorted};
use crate::{
    api::{Desk, equipment, lab, signatory},
    both,
    capacity::{done, draft, opened, testing},
    support::world::Client,
};

async fn shown(client: &Client, noun: &str, id: &str, visibility: &str) {
    let query = format!(
        "mutation($id: ID!) {{ {noun}Edit(id: $id, input: {{ visibility: {visibility} }}) {{ {noun} {{ id }} }} }}"
    );
    client.data(&query, json!({ "id": id })).await;
}

both! {
    async fn what_is_hidden_is_gone_with_all_that_belongs_to_it(w: World) {
        let desk = Desk::seen_by(w, "PARTNER").await;
        let (item, person) = (desk.item("E1").await, signatory(&desk.gd, &desk.lab, json!({})).await);
        let hidden = equipment(&desk.gd, &desk.lab, json!({ "assetCode": "E2", "visibility": "OWN" })).await;
        let offered = opened(&desk.gd, testing("O1", &desk.lab, json!({}))).await;
        draft(&desk.gd, testing("O2", &desk.lab, json!({}))).await;
        w.advance_feed().await;
        let sd = w.client("SD", "officer");
        let mut copies = [1, 2, 200].map(|first| (first, Kept::default()));
        for (first, kept) in &mut copies {
            kept.keep_up(&sd, *first).await;
            kept.is_true(&sd).await;
        }
        let below = [&desk.lab, &desk.line, &item, &person, &offered];
        let whole = [&desk.institution, &desk.certificate, &desk.lab, &desk.line, &item, &person, &offered];
        for (noun, id, expected) in
            [("lab", &desk.lab, below.as_slice()), ("institution", &desk.institution, whole.as_slice())]
        {
            shown(&desk.gd, noun, id, "OWN").await;
            w.advance_feed().await;
            for (first, kept) in &mut copies {
                let before = kept.told.len();
                kept.keep_up(&sd, *first).await;
                kept.is_true(&sd).await;
                assert_eq!(kept.gone_since(before), sorted(expected), "pages of {first}");
            }
            shown(&desk.gd, noun, id, "PARTNER").await;
            w.advance_feed().await;
            for (first, kept) in &mut copies {
                kept.keep_up(&sd, *first).await;
                kept.is_true(&sd).await;
                assert!(expected.iter().all(|id| kept.objects.contains_key(*id)));
                assert!(!kept.told.iter().any(|(_, id)| *id == hidden));
            }
        }
    }

    async fn the_owner_keeps_what_it_hides(w: World) {
        let desk = Desk::new(w).await;
        w.advance_feed().await;
        let mut kept = Kept::default();
        kept.keep_up(&desk.gd, 200).await;
        shown(&desk.gd, "lab", &desk.lab, "OWN").await;
        w.advance_feed().await;
        let before = kept.told.len();
        kept.keep_up(&desk.gd, 200).await;
        kept.is_true(&desk.gd).await;
        assert_eq!(kept.told[before..], [("UPSERT".to_owned(), desk.lab.clone())]);
    }

    async fn a_line_that_ends_and_one_that_is_hidden_are_gone(w: World) {
        let desk = Desk::new(w).await;
        w.advance_feed().await;
        let sd = w.client("SD", "officer");
        let mut kept = Kept::default();
        kept.keep_up(&sd, 200).await;
        let show = "mutation($id: ID!) { scopeShow(id: $id, visibility: OWN) { scope { id } } }";
        desk.gd.data(show, json!({ "id": desk.line })).await;
        w.advance_feed().await;
        let before = kept.told.len();
        kept.keep_up(&sd, 200).await;
        assert_eq!(kept.gone_since(before), std::slice::from_ref(&desk.line));
        desk.gd.data(&show.replace("OWN", "PUBLIC"), json!({ "id": desk.line })).await;
        let withdraw = "mutation($id: ID!) { scopeWithdraw(id: $id, reason: \"x\") { id } }";
        desk.gd.data(withdraw, json!({ "id": desk.line })).await;
        w.advance_feed().await;
        let before = kept.told.len();
        kept.keep_up(&sd, 200).await;
        kept.is_true(&sd).await;
        assert_eq!(kept.gone_since(before), std::slice::from_ref(&desk.line));
    }

    async fn an_offering_is_gone_for_the_agency_to_which_it_is_no_longer_shown(w: World) {
        let desk = Desk::new(w).await;
        let named = opened(&desk.gd, testing("O1", &desk.lab, json!({ "visibility": "OWN", "shownTo": ["SD"] }))).await;
        w.advance_feed().await;
        let (sd, fj) = (w.client("SD", "officer"), w.client("FJ", "officer"));
        let (mut theirs, mut others) = (Kept::default(), Kept::default());
        theirs.keep_up(&sd, 200).await;
        others.keep_up(&fj, 200).await;
        assert!(theirs.objects.contains_key(&named) && !others.objects.contains_key(&named));
        done(&desk.gd, "Show", &named, "visibility: OWN, shownTo: [\"FJ\"]").await;
        w.advance_feed().await;
        theirs.keep_up(&sd, 200).await;
        others.keep_up(&fj, 200).await;
        assert_eq!((theirs.gone_since(0), others.gone_since(0)), (vec![named.clone()], Vec::new()));
        assert!(others.objects.contains_key(&named));
    }

    async fn nobody_learns_of_what_they_could_never_see(w: World) {
        let gd = w.client("GD", "editor");
        let sd = w.client("SD", "officer");
        let mut kept = Kept::default();
        kept.keep_up(&sd, 200).await;
        let before = kept.told.len();
        // Of their own visibility these could be seen; the institution was never shown.
        let desk = Desk::seen_by(w, "OWN").await;
        let open = lab(&gd, &desk.institution, json!({ "code": "L2", "visibility": "PARTNER" })).await;
        let item = equipment(&gd, &open, json!({ "assetCode": "E1", "visibility": "PARTNER" })).await;
        let offered = draft(&gd, testing("O1", &open, json!({ "visibility": "PARTNER" }))).await;
        for (noun, id) in [("lab", &open), ("equipment", &item), ("certificate", &desk.certificate)] {
            shown(&gd, noun, id, "OWN").await;
            shown(&gd, noun, id, "PARTNER").await;
        }
        let edit = "mutation($id: ID!) { scopeEdit(id: $id, input: { remarks: \"x\" }) { scope { id } } }";
        gd.data(edit, json!({ "id": desk.line })).await;
        let withdraw = "mutation($id: ID!) { scopeWithdraw(id: $id, reason: \"x\") { id } }";
        gd.data(withdraw, json!({ "id": desk.line })).await;
        done(&gd, "Show", &offered, "visibility: OWN").await;
        w.advance_feed().await;
        for first in [1, 200] {
            let mut copy = kept.clone();
            copy.keep_up(&sd, first).await;
            assert_eq!(copy.told[before..], [], "pages of {first}");
        }
    }

    async fn a_page_of_what_is_hidden_says_no_more_than_its_id(w: World) {
        let desk = Desk::seen_by(w, "PARTNER").await;
        w.advance_feed().await;
        let sd = w.client("SD", "officer");
        let mut kept = Kept::default();
        kept.keep_up(&sd, 200).await;
        shown(&desk.gd, "institution", &desk.institution, "OWN").await;
        w.advance_feed().await;
        let answer = ask(&sd, kept.position.as_deref(), 200, None).await;
        let changes = answer.body["data"]["changes"]["changes"].as_array().expect("a list").clone();
        assert_eq!(changes.len(), 4);
        assert!(changes.iter().all(|change| change["op"] == "GONE" && change["node"] == Value::Null));
    }
}
