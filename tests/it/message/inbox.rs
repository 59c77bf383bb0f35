//! Who is told what, in which order, and what they have read.

use entity::message_cursor;
use labpact::{
    message::follower,
    platform::db::{Books, Db},
};
use sea_orm::{ColumnTrait, Condition, sea_query::Expr};
use serde_json::{Value, json};

use super::{followed, happens, messages, names};
use crate::{both, request::Sides};

async fn counts(of: &crate::support::world::Client) -> Value {
    let data = of.data("{ messageCounts { kind unread } }", json!({})).await;
    let rows = data["messageCounts"].as_array().expect("a list");
    let some = rows.iter().filter(|row| row["unread"] != 0);
    Value::Object(some.map(|row| (row["kind"].as_str().expect("text").to_owned(), row["unread"].clone())).collect())
}

const READ: &str = "mutation($ids: [ID!], $upTo: ID) { messagesMarkRead(ids: $ids, upTo: $upTo) { marked } }";
const UNREAD: &str = "mutation($ids: [ID!]!) { messagesMarkUnread(ids: $ids) { marked } }";

both! {
    async fn a_request_is_told_to_whoever_acts_on_it(w: World) {
        let sides = Sides::new(w).await;
        let request = sides.draft(&[&sides.offering], json!({})).await;
        sides.officer.done("requestSubmit", json!({ "id": request })).await;
        followed(w).await;
        let told = messages(&sides.approver, json!({})).await;
        assert_eq!(told.len(), 1);
        assert_eq!((&told[0]["name"], &told[0]["kind"]), (&json!("request.submitted"), &json!("APPROVAL")));
        assert_eq!((&told[0]["subject"], &told[0]["scope"]), (&json!(request), &json!("request:approve")));
        assert_eq!((&told[0]["toYouAlone"], &told[0]["readAt"]), (&json!(false), &Value::Null));
        assert!(told[0]["dueAt"].is_string() && told[0]["eventId"].is_string());
        let title = told[0]["title"].as_str().expect("text");
        assert!(title.starts_with("申请 R2026") && title.ends_with("待审批"), "{title}");
        let english = sides.approver.data("{ messages { nodes { title(language: EN) text(language: EN) } totalCount } }", json!({})).await;
        assert!(english["messages"]["nodes"][0]["title"].as_str().expect("text").ends_with("waits for approval"));
        assert_eq!(english["messages"]["totalCount"], 1);
        assert!(names(&sides.officer).await.is_empty());
        assert!(names(&sides.signer).await.is_empty());

        sides.approver.done("requestApprove", json!({ "id": request })).await;
        let referral = sides.referral(&request, 0).await;
        sides.manager.done("referralOffer", json!({ "id": referral, "input": crate::request::terms(json!({})) })).await;
        sides.approver.done("referralAccept", json!({ "id": referral })).await;
        followed(w).await;
        assert_eq!(names(&sides.manager).await, ["referral.sent"]);
        assert_eq!(names(&sides.signer).await, ["referral.accepted"]);
        assert_eq!(names(&sides.approver).await, ["referral.offered", "request.submitted"]);
        assert!(names(&w.client("FJ", "approver")).await.is_empty());
        let filtered = messages(&sides.approver, json!({ "subject": referral, "kinds": ["APPROVAL"], "unread": true })).await;
        assert_eq!(filtered.len(), 1);
    }

    async fn messages_come_in_pages_the_newest_first(w: World) {
        let gd = w.client("GD", "administrator");
        for at in 0..5 {
            happens(w, "account.registered.v1", "GD", json!({ "name": format!("系统{at}") })).await;
        }
        let query = "query($after: String) { messages(first: 2, after: $after) {
            nodes { title } pageInfo { hasNextPage endCursor } } }";
        let (mut after, mut seen) = (Value::Null, Vec::new());
        loop {
            let page = gd.data(query, json!({ "after": after })).await["messages"].clone();
            let texts = page["nodes"].as_array().expect("a list").len();
            seen.push(texts);
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(seen, [2, 2, 1]);
        let texts = messages(&gd, json!({})).await;
        let texts: Vec<&str> = texts.iter().map(|row| row["text"].as_str().expect("text")).collect();
        assert_eq!((texts[0], texts[4]), ("已登记机器账户 系统4。", "已登记机器账户 系统0。"));
        assert_eq!(gd.refused("{ messages(after: \"x\") { nodes { id } } }", json!({})).await, "INVALID");
    }

    async fn each_has_read_what_they_have_read(w: World) {
        let (one, other) = (w.client("GD", "administrator"), w.client_with("GD", "administrator", |grant| grant.subject = "乙".to_owned()));
        for at in 0..4 {
            happens(w, "account.registered.v1", "GD", json!({ "name": format!("{at}") })).await;
        }
        assert_eq!(counts(&one).await, json!({ "SYSTEM": 4 }));
        let rows = messages(&one, json!({})).await;
        let id = |at: usize| rows[at]["id"].clone();
        let marked = one.data(READ, json!({ "ids": [id(0), id(1)] })).await;
        assert_eq!(marked["messagesMarkRead"]["marked"], 2);
        assert_eq!(one.data(READ, json!({ "ids": [id(0)] })).await["messagesMarkRead"]["marked"], 0);
        assert_eq!((counts(&one).await, counts(&other).await), (json!({ "SYSTEM": 2 }), json!({ "SYSTEM": 4 })));
        assert_eq!(messages(&one, json!({ "unread": true })).await.len(), 2);
        assert!(messages(&one, json!({ "unread": false })).await[0]["readAt"].is_string());
        assert_eq!(one.data(UNREAD, json!({ "ids": [id(0), id(3)] })).await["messagesMarkUnread"]["marked"], 1);
        // All up to the last but one.
        assert_eq!(one.data(READ, json!({ "upTo": id(1) })).await["messagesMarkRead"]["marked"], 2);
        assert_eq!(counts(&one).await, json!({ "SYSTEM": 1 }));
        assert_eq!(one.refused(READ, json!({})).await, "INVALID");
        // What is not theirs is passed over, or not there.
        let stranger = w.client("SD", "administrator");
        assert_eq!(stranger.data(READ, json!({ "ids": [id(0)] })).await["messagesMarkRead"]["marked"], 0);
        assert_eq!(stranger.refused(READ, json!({ "upTo": id(0) })).await, "NOT_FOUND");
        let many = vec![id(0); 201];
        assert_eq!(one.refused(READ, json!({ "ids": many })).await, "INVALID");
    }

    async fn a_person_who_is_named_is_told_and_nobody_else(w: World) {
        let issuer = w.app.config.identity.embedded.as_ref().expect("an issuer").url.clone();
        let named = json!({ "persons": ["approver@gd", format!("{issuer}#officer@gd")] });
        happens(w, "decision.signed.v1", "GD", named).await;
        for (agency, role, expected) in [("GD", "approver", 1), ("GD", "officer", 1), ("GD", "administrator", 0), ("SD", "approver", 0)] {
            let told = messages(&w.client(agency, role), json!({})).await;
            assert_eq!(told.len(), expected, "{agency} {role}");
            assert!(told.iter().all(|row| row["toYouAlone"] == true));
        }
        happens(w, "decision.escalated.v1", "GD", json!({ "persons": [] })).await;
        assert_eq!(names(&w.client("GD", "approver")).await[0], "decision.escalated");
        assert_eq!(names(&w.client("GD", "officer")).await, ["decision.signed"]);
    }

    async fn an_event_is_told_once_however_often_and_by_whomever_it_is_followed(w: World) {
        let other = Db::connect(&w.app.config.database, w.clock.clone()).await.expect("connected");
        for at in 0..3 {
            happens(w, "account.registered.v1", "GD", json!({ "name": format!("{at}") })).await;
        }
        for _ in 0..2 {
            // As after a mark that was lost.
            let back = w.db.keep_books(async |books: &Books<'_>| {
                let moves = vec![(message_cursor::Column::Seq, Expr::val(0_i64))];
                books.amend::<message_cursor::Entity>(moves, Condition::all().add(message_cursor::Column::Name.eq("feed"))).await
            });
            assert_eq!(back.await.expect("moved back"), 1);
            let settings = w.app.messages.settings();
            let (one, two) = tokio::join!(follower::follow(&w.db, settings), follower::follow(&other, settings));
            assert_eq!(one.expect("followed") + two.expect("followed"), 0);
        }
        other.close().await;
        assert_eq!(names(&w.client("GD", "administrator")).await.len(), 3);
    }

    async fn messages_need_a_token_of_an_agency_and_leave_no_trace_in_the_log(w: World) {
        assert_eq!(w.anonymous().refused("{ messages { nodes { id } } }", json!({})).await, "UNAUTHENTICATED");
        happens(w, "account.registered.v1", "GD", json!({ "name": "x" })).await;
        let gd = w.client("GD", "administrator");
        let rows = messages(&gd, json!({})).await;
        gd.data(READ, json!({ "upTo": rows[0]["id"] })).await;
        let logged = w.db.all(<entity::change::Entity as sea_orm::EntityTrait>::find()).await.expect("read");
        assert!(logged.iter().all(|row| !row.entity.starts_with("message")));
    }
}
