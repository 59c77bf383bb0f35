//! Mail as it arrives: its form, that it comes once, that it comes again, and that it stops.

use chrono::TimeDelta;
use labpact::message::{settings::MailTls, store};
use serde_json::json;

use super::{choose, confirmed, followed, happens, last_mail, mailed, mails, names, smtp::Post};
use crate::{
    request::{Sides, lasting},
    support::world::{Client, World},
};

/// An administrator of GD who is mailed at once of how the system works.
async fn administrator(w: &World, post: &Post, subject: &str) -> Client {
    let of = w.client_with("GD", "administrator", |grant| {
        grant.subject = subject.to_owned();
        grant.life = TimeDelta::days(30);
    });
    let at_once = json!({ "kinds": [{ "kind": "SYSTEM", "delivery": "AT_ONCE" }] });
    confirmed(post, &of, &format!("{subject}@example.gov.cn"), at_once).await;
    of
}

async fn registered(w: &World, name: &str) {
    happens(w, "account.registered.v1", "GD", json!({ "name": name })).await;
}

mailed! {
    async fn a_submitted_request_arrives_in_the_language_that_was_chosen(w: World, post: Post) {
        let sides = Sides::new(w).await;
        confirmed(post, &sides.approver, "approver@example.gov.cn", json!({})).await;
        let english = w.client_with("SD", "approver", |grant| grant.subject = "second".to_owned());
        confirmed(post, &english, "second@example.gov.cn", json!({ "language": "EN" })).await;
        let request = sides.draft(&[&sides.offering], json!({})).await;
        sides.officer.done("requestSubmit", json!({ "id": request })).await;
        followed(w).await;
        let mails = post.wait(4).await;
        let to = |address: &str| mails[2..].iter().find(|mail| mail.to == [address]).expect("a mail").clone();
        let (zh, en) = (to("approver@example.gov.cn"), to("second@example.gov.cn"));
        let header = |name: &str| zh.header(name).unwrap_or_else(|| panic!("no {name} in {}", zh.data));
        assert_eq!(zh.from, "labpact@example.gov.cn");
        assert_eq!((header("From"), header("To")), ("Labpact <labpact@example.gov.cn>".to_owned(), "approver@example.gov.cn".to_owned()));
        assert!(header("Subject").starts_with("申请 R2026") && header("Subject").ends_with("待审批"));
        assert_eq!(header("Auto-Submitted"), "auto-generated");
        assert_eq!(header("Date"), "Mon, 23 Nov 2026 02:00:00 +0000");
        assert!(header("Message-ID").starts_with('<') && header("Message-ID").ends_with("@example.gov.cn>"));
        assert!(header("List-Unsubscribe").starts_with("<https://labpact.example.gov.cn/messages/unsubscribe/"));
        assert_eq!(header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        assert!(header("Content-Type").starts_with("multipart/alternative"));
        let link = format!("https://desk.example.gov.cn/open?id={}", request.replace(':', "%3A"));
        for part in [zh.part("text/plain"), zh.part("text/html")] {
            assert!(part.contains("2026年11月26日") && part.contains("请在") , "{part}");
        }
        assert!(zh.part("text/plain").contains(&link), "{}", zh.part("text/plain"));
        assert!(en.header("Subject").expect("a subject").ends_with("waits for approval"));
        assert!(en.part("text/plain").contains("Approve or return it by 2026-11-26."));
        assert!(en.part("text/html").contains("<html lang=\"en\">"));
        let sent = last_mail(&sides.approver, "SENT").await;
        assert_eq!((&sent["purpose"], &sent["attempts"]), (&json!("MESSAGE"), &json!(1)));
    }

    async fn what_is_mailed_is_escaped_and_opens_no_header(w: World, post: Post) {
        administrator(w, post, "one").await;
        happens(w, "certificate.suspended.v1", "GD", json!({ "number": "x" })).await;
        registered(w, "<script>alert(1)</script>\r\nBcc: victim@example.org\r\n\r\n.\r\nx").await;
        let mail = post.wait(2).await.pop().expect("a mail");
        assert_eq!((mail.to.clone(), mail.header("Bcc")), (vec!["one@example.gov.cn".to_owned()], None));
        assert!(mail.part("text/plain").contains("<script>alert(1)</script>  Bcc: victim@example.org"));
        let html = mail.part("text/html");
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script>"), "{html}");
        // The title of that one has its data in it.
        let of = w.client("GD", "editor");
        confirmed(post, &of, "editor@example.gov.cn", json!({ "kinds": [{ "kind": "REGISTER", "delivery": "AT_ONCE" }] })).await;
        happens(w, "certificate.suspended.v1", "GD", json!({ "number": "N\r\nBcc: victim@example.org\r\n" })).await;
        let mail = post.wait(4).await.pop().expect("a mail");
        assert_eq!(mail.header("Bcc"), None);
        assert_eq!(mail.header("Subject").as_deref(), Some("证书 N  Bcc: victim@example.org   已暂停"));
    }

    async fn only_confirmed_addresses_and_only_those_who_hold_the_scope_are_mailed(w: World, post: Post) {
        let of = administrator(w, post, "one").await;
        let unconfirmed = w.client_with("GD", "administrator", |grant| grant.subject = "two".to_owned());
        choose(&unconfirmed, json!({ "email": "two@example.gov.cn", "kinds": [{ "kind": "SYSTEM", "delivery": "AT_ONCE" }] })).await;
        post.wait(2).await;
        let officer = w.client("GD", "officer");
        confirmed(post, &officer, "officer@example.gov.cn", json!({ "kinds": [{ "kind": "SYSTEM", "delivery": "AT_ONCE" }] })).await;
        registered(w, "x").await;
        let mails = post.wait(4).await;
        assert_eq!(mails[3].to, ["one@example.gov.cn"]);
        // Whose tokens were ended is not written to any more until they come back.
        happens(w, "token.revoked.v1", "GD", json!({ "kind": "subject", "value": "one", "reason": "left" })).await;
        registered(w, "y").await;
        w.clock.advance(TimeDelta::seconds(5));
        of.data("{ messageCounts { unread } }", json!({})).await;
        registered(w, "z").await;
        let mails = post.wait(5).await;
        assert!(mails[4].part("text/plain").contains("机器账户 z"), "{}", mails[4].part("text/plain"));
        // Who was not seen for a month is not believed to hold what they held.
        w.clock.advance(TimeDelta::days(31));
        registered(w, "old").await;
        become_waiting(w, 0).await;
        assert_eq!(post.mails().len(), 5);
    }

    async fn a_refusal_for_now_is_tried_again_with_the_same_name(w: World, post: Post) {
        let of = administrator(w, post, "one").await;
        post.answer_next("DATA", "451 4.3.0 try later");
        registered(w, "x").await;
        let first = post.wait(2).await.pop().expect("a try");
        answered(&of).await;
        let waiting = mails(&of).await.remove(0);
        assert_eq!((&waiting["status"], &waiting["answer"]), (&json!("WAITING"), &json!("451 4.3.0 try later")));
        assert!(waiting["nextAt"].is_string());
        // Not before the minute is over.
        assert_eq!(post.mails().len(), 2);
        w.clock.advance(TimeDelta::minutes(1));
        let second = post.wait(3).await.pop().expect("a try");
        assert_eq!(first.header("Message-ID"), second.header("Message-ID"));
        assert_eq!(first.header("Date"), second.header("Date"));
        let sent = last_mail(&of, "SENT").await;
        assert_eq!((&sent["attempts"], &sent["nextAt"]), (&json!(2), &json!(null)));
    }

    async fn a_refusal_for_good_stops_and_is_shown(w: World, post: Post) {
        let of = administrator(w, post, "one").await;
        post.answer_next("RCPT", "550 5.1.1 no such user");
        registered(w, "x").await;
        let refused = last_mail(&of, "REFUSED").await;
        assert_eq!((&refused["answer"], &refused["nextAt"]), (&json!("550 5.1.1 no such user"), &json!(null)));
        let shown = of.data("{ messagePreferences { email emailFailure } }", json!({})).await;
        assert_eq!(shown["messagePreferences"], json!({ "email": "one@example.gov.cn", "emailFailure": "550 5.1.1 no such user" }));
        registered(w, "y").await;
        become_waiting(w, 0).await;
        assert_eq!(post.mails().len(), 1);
        // Set and confirmed again, it is good again.
        w.clock.advance(TimeDelta::minutes(2));
        confirmed(post, &of, "one@example.gov.cn", json!({})).await;
        registered(w, "z").await;
        assert!(post.wait(3).await[2].part("text/plain").contains("机器账户 z"));
    }

    async fn a_mail_that_is_refused_says_nothing_of_the_address(w: World, post: Post) {
        let of = administrator(w, post, "one").await;
        post.answer_next("DATA", "554 5.6.0 not like this");
        registered(w, "x").await;
        last_mail(&of, "REFUSED").await;
        registered(w, "y").await;
        assert!(post.wait(3).await[2].part("text/plain").contains("机器账户 y"));
    }

    async fn without_the_tls_that_is_asked_for_nothing_is_said(w: World, post: Post, |config: &mut labpact::config::Config| config.mail.tls = MailTls::Starttls) {
        let of = w.client("GD", "administrator");
        choose(&of, json!({ "email": "one@example.gov.cn" })).await;
        post.greeted(1).await;
        answered(&of).await;
        let waiting = mails(&of).await.remove(0);
        assert_eq!(waiting["status"], "WAITING");
        assert!(waiting["answer"].as_str().expect("an answer").contains("STARTTLS"), "{waiting}");
        assert!(post.mails().is_empty());
    }

    async fn two_nodes_send_each_mail_once(w: World, post: Post) {
        administrator(w, post, "one").await;
        let other = w.another_node().await;
        for at in 0..6 {
            registered(w, &format!("S{at}")).await;
        }
        let mails = post.wait(7).await;
        let mut names: Vec<_> = mails.iter().map(|mail| mail.header("Message-ID")).collect();
        other.stop().await;
        names.sort_unstable();
        names.dedup();
        become_waiting(w, 0).await;
        assert_eq!((names.len(), post.mails().len()), (7, 7));
    }

    async fn an_hour_has_its_measure(w: World, post: Post, |config: &mut labpact::config::Config| config.mail.per_hour = 3) {
        administrator(w, post, "one").await;
        for at in 0..4 {
            registered(w, &format!("S{at}")).await;
        }
        post.wait(3).await;
        // One was the code.
        become_waiting(w, 2).await;
        w.clock.advance(TimeDelta::minutes(61));
        post.wait(5).await;
    }

    async fn one_click_ends_it_and_a_look_does_not(w: World, post: Post) {
        let of = administrator(w, post, "one").await;
        registered(w, "x").await;
        let mail = post.wait(2).await.pop().expect("a mail");
        let header = mail.header("List-Unsubscribe").expect("an address");
        let path = header.trim_matches(['<', '>']).trim_start_matches("https://labpact.example.gov.cn");
        let looked = w.http().get(w.url(path)).send().await.expect("an answer");
        assert_eq!(looked.status(), 200);
        assert!(looked.text().await.expect("text").contains("<form method=\"post\">"));
        registered(w, "y").await;
        post.wait(3).await;
        let ended = w.http().post(w.url(path)).body("List-Unsubscribe=One-Click").send().await.expect("an answer");
        assert_eq!(ended.status(), 200);
        registered(w, "z").await;
        become_waiting(w, 0).await;
        assert_eq!(post.mails().len(), 3);
        assert_eq!(names(&of).await.len(), 3);
        let unknown = w.http().post(w.url("/messages/unsubscribe/x")).send().await.expect("an answer");
        assert_eq!(unknown.status(), 404);
    }

    async fn a_lease_that_ran_out_is_taken_over(w: World, post: Post, |config: &mut labpact::config::Config| config.message.poll_milliseconds = 600_000) {
        // This node's own sender is told of the code alone.
        let of = lasting(w, "GD", "administrator");
        confirmed(post, &of, "one@example.gov.cn", json!({ "kinds": [{ "kind": "SYSTEM", "delivery": "AT_ONCE" }] })).await;
        last_mail(&of, "SENT").await;
        registered(w, "x").await;
        let turn = w.clock.id();
        let claimed = store::mails::claim(&w.db, turn, TimeDelta::minutes(5), 10).await.expect("claimed");
        if claimed.is_empty() {
            // The feed's own sender was faster; then there is nothing to take over.
            post.wait(2).await;
            return;
        }
        let again = store::mails::claim(&w.db, w.clock.id(), TimeDelta::minutes(5), 10).await.expect("claimed");
        assert!(again.is_empty(), "a mail in hand was taken");
        w.clock.advance(TimeDelta::minutes(5));
        let again = store::mails::claim(&w.db, w.clock.id(), TimeDelta::minutes(5), 10).await.expect("claimed");
        assert_eq!((again.len(), again[0].attempts), (1, 1));
        // Whoever had it before has nothing to say any more.
        let ending = store::mails::Ending { status: entity::enums::MailStatus::Sent, due_at: None, answer: None };
        let ended = w.db.keep_books(async |books| store::mails::end(books, &claimed[0], turn, ending).await).await;
        assert!(!ended.expect("written"));
    }
}

/// Resolves once so many mails wait.
async fn become_waiting(w: &World, count: usize) {
    let looked = async {
        while mails_waiting(w).await != count {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), looked).await.expect("so many wait");
}

/// How many mails wait.
async fn mails_waiting(w: &World) -> usize {
    use entity::mail::{Column, Entity};
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    w.db.all(Entity::find().filter(Column::Status.eq(entity::enums::MailStatus::Waiting))).await.expect("read").len()
}

/// Resolves once the last mail to somebody has an answer.
async fn answered(of: &Client) {
    let looked = async {
        while mails(of).await[0]["answer"].is_null() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), looked).await.expect("an answer");
}
