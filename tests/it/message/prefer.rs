//! How somebody is written to: choosing, confirming, and leaving.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{choose, confirmed, happens, mailed, messages};
use crate::both;

const SET: &str = "mutation($i: MessagePreferencesInput!, $v: Int) {
    messagePreferencesSet(input: $i, version: $v) { messagePreferences { version email } } }";
const CONFIRM: &str = "mutation($c: String!) { emailConfirm(code: $c) { messagePreferences { emailConfirmedAt } } }";

both! {
    async fn what_is_chosen_stays_until_it_is_chosen_anew(w: World) {
        let of = w.client("GD", "officer");
        let usual = of.data("{ messagePreferences { version email language digestHour digestWorkdays kinds { kind delivery } } }", json!({})).await;
        let usual = &usual["messagePreferences"];
        assert_eq!((&usual["version"], &usual["language"], &usual["digestHour"]), (&json!(0), &json!("ZH"), &json!(8)));
        assert_eq!(usual["kinds"][0], json!({ "kind": "APPROVAL", "delivery": "AT_ONCE" }));
        let chosen = choose(&of, json!({ "language": "EN", "digestHour": 17, "kinds": [{ "kind": "APPROVAL", "delivery": "OFF" }] })).await;
        assert_eq!((&chosen["version"], &chosen["language"], &chosen["digestHour"]), (&json!(1), &json!("EN"), &json!(17)));
        let chosen = choose(&of, json!({ "digestWorkdays": false })).await;
        assert_eq!((&chosen["version"], &chosen["language"], &chosen["digestWorkdays"]), (&json!(2), &json!("EN"), &json!(false)));
        assert_eq!(chosen["kinds"][0], json!({ "kind": "APPROVAL", "delivery": "OFF" }));
        assert_eq!(of.refused(SET, json!({ "i": {}, "v": 1 })).await, "STALE_VERSION");
        assert_eq!(of.refused(SET, json!({ "i": { "digestHour": 24 } })).await, "INVALID");
        // Somebody else, and the same subject in another agency, have chosen nothing.
        let other = w.client("SD", "officer").data("{ messagePreferences { version } }", json!({})).await;
        assert_eq!(other["messagePreferences"]["version"], 0);
    }

    async fn an_instance_without_mail_says_so_and_machines_are_not_mailed(w: World) {
        let of = w.client("GD", "officer");
        assert_eq!(of.refused(SET, json!({ "i": { "email": "a@example.gov.cn" } })).await, "MAIL_OFF");
        let machine = w.client_with("GD", "client", |grant| {
            grant.subject = "system-1".to_owned();
            grant.client = "system-1".to_owned();
        });
        assert_eq!(machine.refused("{ messagePreferences { version } }", json!({})).await, "PERSONS_ONLY");
        machine.data("{ messageCounts { unread } }", json!({})).await;
        assert_eq!(of.refused(CONFIRM, json!({ "c": "12345678" })).await, "EMAIL_CODE_NONE");
    }
}

mailed! {
    async fn a_code_is_good_for_some_tries_and_some_time(w: World, post: Post) {
        let of = w.client("GD", "officer");
        assert_eq!(of.refused(SET, json!({ "i": { "email": "a@b.cn\r\nBcc: c@d.cn" } })).await, "INVALID");
        choose(&of, json!({ "email": "one@example.gov.cn", "language": "EN" })).await;
        let mail = post.wait(1).await.remove(0);
        assert_eq!(mail.header("Subject").as_deref(), Some("Labpact: confirm your address"));
        assert!(mail.header("List-Unsubscribe").is_none() && mail.part("text/html").contains(&mail.code()));
        // Nobody is flooded.
        assert_eq!(of.refused(SET, json!({ "i": { "email": "two@example.gov.cn" } })).await, "LIMITED");
        let wrong = if mail.code() == "00000000" { "00000001" } else { "00000000" };
        for left in (0..5).rev() {
            let answer = of.send(CONFIRM, json!({ "c": wrong })).await;
            let extensions = &answer.body["errors"][0]["extensions"];
            assert_eq!(extensions["code"], "EMAIL_CODE_WRONG");
            assert_eq!(extensions["facts"]["triesLeft"], left, "{extensions}");
        }
        assert_eq!(of.refused(CONFIRM, json!({ "c": mail.code() })).await, "EMAIL_CODE_SPENT");
        w.clock.advance(TimeDelta::minutes(1));
        choose(&of, json!({ "email": "one@example.gov.cn" })).await;
        let mail = post.wait(2).await.remove(1);
        w.clock.advance(TimeDelta::minutes(30));
        assert_eq!(of.refused(CONFIRM, json!({ "c": mail.code() })).await, "EMAIL_CODE_LATE");
        choose(&of, json!({ "email": "one@example.gov.cn" })).await;
        let mail = post.wait(3).await.remove(2);
        let typed = format!(" {} {} ", &mail.code()[..4], &mail.code()[4..]);
        let done = of.data(CONFIRM, json!({ "c": typed })).await;
        assert!(done["emailConfirm"]["messagePreferences"]["emailConfirmedAt"].is_string());
        assert_eq!(of.refused(CONFIRM, json!({ "c": mail.code() })).await, "EMAIL_CODE_NONE");
        for count in 4..6 {
            w.clock.advance(TimeDelta::minutes(1));
            choose(&of, json!({ "email": format!("a{count}@example.gov.cn") })).await;
        }
        w.clock.advance(TimeDelta::minutes(1));
        assert_eq!(of.refused(SET, json!({ "i": { "email": "last@example.gov.cn" } })).await, "LIMITED");
    }

    async fn who_leaves_takes_everything_along(w: World, post: Post) {
        let of = w.client("GD", "administrator");
        confirmed(post, &of, "one@example.gov.cn", json!({ "kinds": [{ "kind": "SYSTEM", "delivery": "AT_ONCE" }] })).await;
        happens(w, "deputy.appointed.v1", "GD", json!({ "persons": ["administrator@gd"] })).await;
        happens(w, "account.registered.v1", "GD", json!({ "name": "x" })).await;
        post.wait(3).await;
        let all = messages(&of, json!({})).await;
        let read = "mutation($u: ID) { messagesMarkRead(upTo: $u) { marked } }";
        assert_eq!(of.data(read, json!({ "u": all[0]["id"] })).await["messagesMarkRead"]["marked"], 2);
        let gone = of.data("mutation { messagePreferencesDelete { messages } }", json!({})).await;
        assert_eq!(gone["messagePreferencesDelete"]["messages"], 1);
        let left = of.data("{ messagePreferences { version email mails { address } } }", json!({})).await;
        assert_eq!(left["messagePreferences"], json!({ "version": 0, "email": null, "mails": [] }));
        let left = messages(&of, json!({})).await;
        assert_eq!((left.len(), &left[0]["readAt"]), (1, &Value::Null));
        happens(w, "account.registered.v1", "GD", json!({ "name": "y" })).await;
        assert_eq!(post.mails().len(), 3);
        // Nothing of it stays in the log, which keeps everything for ever.
        let logged = w.db.all(<entity::change::Entity as sea_orm::EntityTrait>::find()).await.expect("read");
        let text = serde_json::to_string(&logged.iter().map(|row| (&row.before, &row.after)).collect::<Vec<_>>()).expect("JSON");
        assert!(!text.contains("one@example.gov.cn"));
    }
}
