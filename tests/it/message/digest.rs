//! The mail of the day.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{confirmed, happens, mailed, messages};
use crate::{request::lasting, support::world::World};

/// Resolves once nothing is to be looked at any more.
async fn looked(w: &World) {
    let around = labpact::message::deadline::Surroundings {
        deadlines: labpact::request::deadline::all(),
        calendar: |db| Box::pin(labpact::directory::calendar::store::calendar(db)),
    };
    labpact::message::digest::make(&w.db, w.app.messages.settings(), &around).await.expect("made");
}

mailed! {
    async fn all_that_is_unread_comes_once_a_day_on_working_days(w: World, post: Post) {
        let of = lasting(w, "GD", "administrator");
        confirmed(post, &of, "one@example.gov.cn", json!({})).await;
        for at in 0..3 {
            happens(w, "account.registered.v1", "GD", json!({ "name": format!("<S{at}>") })).await;
        }
        // Monday, ten o'clock: the hour has passed for today.
        looked(w).await;
        let rows = messages(&of, json!({})).await;
        of.data("mutation($i: [ID!]) { messagesMarkRead(ids: $i) { marked } }", json!({ "i": [rows[1]["id"]] })).await;
        w.clock.advance(TimeDelta::hours(21));
        looked(w).await;
        assert_eq!(post.mails().len(), 1);
        let other = w.another_node().await;
        w.clock.advance(TimeDelta::hours(1));
        looked(w).await;
        let mail = post.wait(2).await.remove(1);
        assert_eq!(mail.header("Subject").as_deref(), Some("Labpact：2 条未读消息"));
        let (text, html) = (mail.part("text/plain"), mail.part("text/html"));
        assert!(text.contains("<S0>") && text.contains("<S2>") && !text.contains("<S1>"), "{text}");
        assert!(html.contains("&lt;S2&gt;") && !html.contains("<S2>"), "{html}");
        assert!(text.contains("https://desk.example.gov.cn/open?id=machine-account%3A1"));
        // Not again today, by whichever node.
        w.clock.advance(TimeDelta::hours(2));
        looked(w).await;
        other.stop().await;
        assert_eq!(post.mails().len(), 2);
        // Wednesday to Friday, and on no Saturday.
        for expected in [3, 4, 5, 5, 5] {
            w.clock.advance(TimeDelta::days(1));
            looked(w).await;
            assert_eq!(post.wait(expected).await.len(), expected);
        }
        // Who has read everything gets nothing.
        of.data("mutation($u: ID) { messagesMarkRead(upTo: $u) { marked } }", json!({ "u": rows[0]["id"] })).await;
        w.clock.advance(TimeDelta::days(1));
        looked(w).await;
        assert_eq!(post.mails().len(), 5);
    }

    async fn who_wants_nothing_once_a_day_gets_nothing_once_a_day(w: World, post: Post) {
        let of = lasting(w, "GD", "administrator");
        let kinds = ["APPROVAL", "REQUEST", "SUPPLY", "SAMPLE", "DEADLINE", "REGISTER", "SEARCH", "SYSTEM"];
        let off: Vec<Value> = kinds.iter().map(|kind| json!({ "kind": kind, "delivery": "OFF" })).collect();
        confirmed(post, &of, "one@example.gov.cn", json!({ "kinds": off, "digestWorkdays": false })).await;
        happens(w, "account.registered.v1", "GD", json!({ "name": "x" })).await;
        w.clock.advance(TimeDelta::days(1));
        looked(w).await;
        assert_eq!(post.mails().len(), 1);
        assert_eq!(messages(&of, json!({})).await.len(), 1);
    }
}
