//! Positions that cannot be gone on from.

use labpact::platform::access::{Actor, Visible};
use serde_json::json;

use super::{Kept, ask};
use crate::{
    api::{Desk, codes, problems},
    both,
};
use labpact::copy::model::{Place, Viewer, Within};

both! {
    async fn what_is_foreign_is_told_as_such(w: World) {
        Desk::new(w).await;
        w.advance_feed().await;
        let sd = w.client("SD", "officer");
        let mut kept = Kept::default();
        kept.keep_up(&sd, 200).await;
        let ours = kept.position.clone().expect("a position");
        for text in ["nonsense", "", "e30"] {
            assert_eq!(problems(&ask(&sd, Some(text), 20, None).await), ["since POSITION"], "{text}");
        }
        for (first, kinds, problem) in [(0, None, "first PAGE_SIZE"), (201, None, "first PAGE_SIZE"), (20, Some(&[][..]), "kinds REQUIRED")] {
            assert_eq!(problems(&ask(&sd, None, first, kinds).await), [problem]);
        }
        let elsewhere = w.client("FJ", "officer");
        assert_eq!(codes(&ask(&elsewhere, Some(&ours), 20, None).await), ["POSITION_UNKNOWN"], "another agency's");
        assert_eq!(codes(&ask(&sd, Some(&ours), 20, Some(&["LAB"])).await), ["POSITION_UNKNOWN"], "of other kinds");
        let actor = Actor { agency: Some("SD".into()), ..Actor::anonymous([]) };
        let viewer = Viewer::new(&actor, &Visible::Partner("SD".into()), false, None);
        let parsed = Place::parse(&ours, &viewer, "since").expect("the viewer of the test is the caller");
        let begun = [Within::Walk(0, None), Within::Walk(900, None), Within::Turn(parsed.day, 0, None), Within::Keys(1), Within::Below(0, None)];
        for within in [None].into_iter().chain(begun.into_iter().map(Some)) {
            for (seq, mark) in [(1_000_000, "0011223344556677"), (1, "0011223344556677"), (0, "0011223344556677")] {
                let place = Place { seq, mark: mark.to_owned(), within: within.clone(), ..parsed.clone() };
                assert_eq!(codes(&ask(&sd, Some(&place.to_string()), 20, None).await), ["POSITION_UNKNOWN"], "{place:?}");
            }
        }
        let day = chrono::NaiveDate::MIN;
        let forged = [
            Place { seq: -1, ..parsed.clone() },
            Place { seq: i64::MAX, ..parsed.clone() },
            Place { day, ..parsed.clone() },
            parsed.within(Within::Turn(day, 0, None)),
            parsed.within(Within::Keys(u64::MAX)),
        ];
        for place in forged {
            assert_eq!(problems(&ask(&sd, Some(&place.to_string()), 20, None).await), ["since POSITION"], "{place:?}");
        }
        // The end of the feed has no entry of which this could be a part.
        let beyond = parsed.within(Within::Keys(1)).to_string();
        assert_eq!(codes(&ask(&sd, Some(&beyond), 20, None).await), ["POSITION_UNKNOWN"]);
    }

    async fn an_empty_instance_has_a_beginning(w: World) {
        let sd = w.client("SD", "officer");
        let answer = ask(&sd, None, 200, Some(&["LAB"])).await;
        assert_eq!(answer.body["data"]["changes"]["changes"], json!([]));
        assert_eq!(answer.body["data"]["changes"]["hasMore"], false);
    }

    async fn each_object_has_a_position_of_its_own(w: World) {
        let desk = Desk::new(w).await;
        w.advance_feed().await;
        let sd = w.client("SD", "officer");
        let mut kept = Kept::default();
        kept.keep_up(&sd, 200).await;
        let withdraw = "mutation($id: ID!) { institutionEdit(id: $id, input: { visibility: OWN }) { institution { id } } }";
        desk.gd.data(withdraw, json!({ "id": desk.institution })).await;
        desk.item("E1").await;
        w.advance_feed().await;
        // From the beginning and behind the whole walk: go on behind each object in turn, and end with the same copy.
        for start in [None, kept.position.clone()] {
            let page = ask(&sd, start.as_deref(), 200, None).await.body["data"]["changes"].clone();
            for change in page["changes"].as_array().expect("a list").iter().rev().take(12) {
                let mut copy = if start.is_none() { Kept::default() } else { kept.clone() };
                for told in page["changes"].as_array().expect("a list") {
                    let id = crate::api::text(&told["id"]);
                    if told["op"] == "UPSERT" { copy.objects.insert(id, told["node"].clone()) } else { copy.objects.remove(&id) };
                    if told == change { break; }
                }
                copy.position = Some(crate::api::text(&change["position"]));
                copy.keep_up(&sd, 7).await;
                copy.is_true(&sd).await;
            }
        }
    }
}
