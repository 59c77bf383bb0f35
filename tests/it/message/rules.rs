//! The table of who is told what, and the words.

use chrono::{DateTime, Utc};
use entity::{
    enums::{MessageKind, MessageLanguage},
    ids::MessageId,
    message_note,
};
use labpact::{
    message::{
        model::{
            address, code,
            preference::Timetable,
            retry::{Sent, judge, pause},
            rule::{RULES, told},
            stage::{Notice, Stage},
        },
        words,
    },
    platform::workday::Calendar,
};
use serde_json::{Value, json};

fn note(name: &str, params: Value) -> message_note::Model {
    message_note::Model {
        id: MessageId(uuid::Uuid::nil()),
        agency: Some("GD".into()),
        person: None,
        scope: Some("request:approve".to_owned()),
        kind: MessageKind::Approval,
        name: name.to_owned(),
        subject: "request:1".to_owned(),
        event_id: None,
        once: String::new(),
        params,
        at: at("2026-11-23T02:00:00Z"),
        due_at: Some(at("2026-11-26T16:00:00Z")),
    }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

#[test]
fn every_rule_has_words_in_both_languages_and_no_words_are_idle() {
    let mut wanted: Vec<&str> = RULES.iter().map(|rule| rule.event.strip_suffix(".v1").expect("a version")).collect();
    wanted.extend([Stage::Days.name(), Stage::Over.name()]);
    wanted.sort_unstable();
    wanted.dedup();
    for language in [MessageLanguage::Zh, MessageLanguage::En] {
        let mut known: Vec<&str> = words::names(language).collect();
        known.sort_unstable();
        assert_eq!(known, wanted, "{language:?}");
        for name in &wanted {
            let (title, text) = words::told(&note(name, json!({ "requestCode": "R1", "number": "N1" })), language);
            assert!(!title.is_empty() && !text.is_empty() && !title.contains(['{', '}']), "{name}: {title} {text}");
        }
    }
}

#[test]
fn what_is_filled_in_is_one_line_and_is_not_filled_in_again() {
    let row =
        note("request.returned", json!({ "requestCode": "R1\r\nBcc: x {subject}", "reasonCode": "x".repeat(999) }));
    let (title, text) = words::told(&row, MessageLanguage::En);
    assert_eq!(title, "Request R1  Bcc: x {subject} was returned");
    assert!(text.len() < 300 && !text.contains('\n'));
    let (title, text) = words::told(&note("request.submitted", json!({})), MessageLanguage::Zh);
    assert_eq!((title.as_str(), text.as_str()), ("申请 — 待审批", "申请 — 已提交，请在 2026年11月26日 前审批或退回。"));
}

#[test]
fn sheets_escape_in_html_and_in_html_alone() {
    let data = json!({ "title": "<b>", "text": "a & <script>", "link": "https://x/?a=1&b=\"", "unsubscribe": null });
    let (text, html) = words::sheet("message", MessageLanguage::Zh, &data).expect("filled");
    assert!(text.starts_with("a & <script>"));
    assert!(
        html.contains("a &amp; &lt;script&gt;") && !html.contains("<script>") && !html.contains("b=\"\""),
        "{html}"
    );
    for (name, language) in
        [("code", MessageLanguage::En), ("digest", MessageLanguage::En), ("digest", MessageLanguage::Zh)]
    {
        let items = json!([{ "title": "T<", "text": "x", "at": "now", "link": null }]);
        let data = json!({ "title": "t", "code": "12345678", "items": items, "total": 3, "more": 2, "unsubscribe": "https://u" });
        let (text, html) = words::sheet(name, language, &data).expect("filled");
        assert!(text.contains("12345678") != (name == "digest") && !html.contains("T<<"), "{text}");
    }
}

#[test]
fn each_side_is_told_of_its_own() {
    let agency = "GD".into();
    let scopes = |name: &str, data: Value| -> Vec<String> {
        told(name, &agency, &data)
            .into_iter()
            .map(|(kind, audience)| format!("{} {}", kind.word(), audience.word()))
            .collect()
    };
    assert_eq!(scopes("request.submitted.v1", json!({ "toldAs": "REQUESTER" })), ["APPROVAL GD/scope/request:approve"]);
    assert_eq!(scopes("referral.cancelled.v1", json!({ "toldAs": "PROVIDER" })), ["SUPPLY GD/scope/supply:respond"]);
    assert_eq!(
        scopes("referral.cancelled.v1", json!({})),
        ["REQUEST GD/scope/request:create", "SUPPLY GD/scope/supply:respond"]
    );
    assert_eq!(
        scopes("request.disputed.v1", json!({ "toldAs": "REQUESTER" })),
        ["REQUEST GD/scope/request:approve", "APPROVAL */scope/coordinator"]
    );
    // Where the clock ran out and nothing moved, the administrator and the secretariat hear of it.
    let lapsed = json!({ "toldAs": "PROVIDER", "from": "SCHEDULED", "to": "SCHEDULED" });
    assert_eq!(
        scopes("referral.lapsed.v1", lapsed),
        ["DEADLINE GD/scope/supply:approve", "DEADLINE GD/scope/account:manage", "DEADLINE */scope/coordinator"]
    );
    assert_eq!(
        scopes("referral.lapsed.v1", json!({ "toldAs": "PROVIDER", "from": "SENT", "to": "TIMED_OUT" })),
        ["DEADLINE GD/scope/supply:approve"]
    );
    assert_eq!(
        scopes("decision.signed.v1", json!({ "persons": ["i#a", "b"] })),
        ["APPROVAL GD/person/i#a", "APPROVAL GD/person/b"]
    );
    assert_eq!(scopes("decision.escalated.v1", json!({ "persons": [] })), ["APPROVAL GD/scope/request:approve"]);
    assert!(scopes("lab.changed.v1", json!({})).is_empty());
}

#[test]
fn addresses_are_addresses() {
    for good in ["a@b.cn", " first.last+tag@sub.example.gov.cn ", "x_y-z@localhost"] {
        assert_eq!(address::read(good).as_deref(), Some(good.trim()));
    }
    for bad in [
        "",
        "a",
        "@b.cn",
        "a@",
        "a b@c.cn",
        "a@b..cn",
        "a@-b.cn",
        "a@b.cn\r\nBcc: x@y.cn",
        "a@b.cn,c@d.cn",
        "<a@b.cn>",
        ".a@b.cn",
        "\"a\"@b.cn",
    ] {
        assert_eq!(address::read(bad), None, "{bad:?}");
    }
    assert_eq!(address::read(&format!("{}@b.cn", "a".repeat(65))), None);
}

#[test]
fn codes_are_read_as_they_are_typed() {
    assert_eq!(code::typed(" 1234-5678 "), "12345678");
    assert_eq!(code::typed("１２３４５６７８"), "12345678");
    assert_eq!(code::digits([0; 8]), "00000000");
}

#[test]
fn answers_of_mail_servers_are_judged() {
    let refused = |code, text: &str| matches!(judge(Some(code), text.to_owned()), Sent::Refused { .. });
    assert!(refused(550, "5.1.1 no such user") && refused(554, "spam"));
    // What the operator will mend waits: the login, the sender, a limit.
    assert!(!refused(535, "5.7.8 login") && !refused(451, "later") && !refused(530, "STARTTLS first"));
    assert_eq!(
        judge(Some(550), "5.1.1 no".to_owned()),
        Sent::Refused { answer: "550 5.1.1 no".to_owned(), address: true }
    );
    assert_eq!(
        judge(Some(550), "5.7.1 policy".to_owned()),
        Sent::Refused { answer: "550 5.7.1 policy".to_owned(), address: false }
    );
    let minutes: Vec<i64> = (1..=10).map(|attempts| pause(attempts).num_minutes()).collect();
    assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 240, 240]);
}

#[test]
fn deadlines_are_spoken_of_before_and_after() {
    let notice = Notice { workdays: 1, hour: 9, hours: 8, over_minutes: 60 };
    let calendar = Calendar::shipped();
    // The end of Monday 30 November; the working day before is Friday.
    let (since, due) = (at("2026-11-23T02:00:00Z"), at("2026-11-30T16:00:00Z"));
    let stages = |now: &str| notice.stages(calendar, (since, due), at(now));
    assert!(stages("2026-11-27T00:59:00Z").is_empty());
    assert_eq!(stages("2026-11-27T01:00:00Z"), [Stage::Days]);
    assert_eq!(stages("2026-11-30T07:59:00Z"), [Stage::Days]);
    assert_eq!(stages("2026-11-30T08:00:00Z"), [Stage::Hours]);
    assert!(stages("2026-11-30T16:00:00Z").is_empty());
    assert_eq!(stages("2026-11-30T17:00:00Z"), [Stage::Over]);
    assert!(stages("2026-12-20T17:00:00Z").is_empty());
    // What was set when the day before had begun is not announced by that.
    let late = notice.stages(calendar, (at("2026-11-27T02:00:00Z"), due), at("2026-11-28T02:00:00Z"));
    assert!(late.is_empty());
    let (from, to) = notice.span(calendar, at("2026-11-27T02:00:00Z"));
    assert!(from < due && due <= to);
}

#[test]
fn the_mail_of_the_day_has_its_hour() {
    let calendar = Calendar::shipped();
    let hours =
        |last: Option<&str>| Timetable { hour: 8, workdays: true, last: last.map(|day| day.parse().expect("a date")) };
    let monday = Some("2026-11-23".parse().expect("a date"));
    assert_eq!(hours(None).due(calendar, at("2026-11-22T23:59:00Z")), None);
    assert_eq!(hours(None).due(calendar, at("2026-11-23T00:00:00Z")), monday);
    assert_eq!(hours(Some("2026-11-22")).due(calendar, at("2026-11-23T15:00:00Z")), monday);
    assert_eq!(hours(Some("2026-11-23")).due(calendar, at("2026-11-23T15:00:00Z")), None);
    // A Saturday, and a holiday in the week.
    assert_eq!(hours(None).due(calendar, at("2026-11-28T02:00:00Z")), None);
    assert_eq!(hours(None).due(calendar, at("2026-10-01T02:00:00Z")), None);
    let every = Timetable { workdays: false, ..hours(None) };
    assert!(every.due(calendar, at("2026-11-28T02:00:00Z")).is_some());
}
