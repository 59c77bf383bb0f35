//! Addresses under which calendars are followed.

use chrono::TimeDelta;
use labpact::{
    capacity::{
        feed::model::{Entry, When, calendar},
        hold::{Block, Units, Wanted, confirm, place},
    },
    platform::db::Tx,
};
use serde_json::{Value, json};

use super::{
    calendar::{done, stated, ten},
    hold::{at, bare, day, hours},
    opened, testing,
};
use crate::{
    api::{Desk, text},
    both,
    platform::act,
    support::world::{Client, World},
};

#[test]
fn lines_are_folded_and_texts_escaped() {
    let entry = Entry {
        uid: "closure-1@labpact".to_owned(),
        stamp: at("2026-11-23T02:00:00Z"),
        when: When::Days(day("2026-12-31"), day("2027-01-01")),
        summary: "停止受理，设备；检修, a;b\\c".to_owned(),
        description: Some(format!("第一行\r\n{}\u{7}", "字".repeat(60))),
        again: None,
    };
    let weekly = Entry {
        when: When::Times(at("2026-12-03T02:00:00Z"), at("2026-12-03T03:00:00Z")),
        uid: "o".to_owned(),
        description: None,
        summary: "x".to_owned(),
        again: Some((2, Some(at("2027-01-01T15:59:59Z")))),
        ..entry.clone()
    };
    let found = calendar("能力", &[entry, weekly]);
    assert!(
        found.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && found.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n")
    );
    assert!(found.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
    let unfolded = found.replace("\r\n ", "");
    for line in [
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270102",
        "DTSTAMP:20261123T020000Z",
        "SUMMARY:停止受理，设备；检修\\, a\\;b\\\\c",
        &format!("DESCRIPTION:第一行\\n{}", "字".repeat(60)),
        "DTSTART:20261203T020000Z",
        "RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20270101T155959Z",
    ] {
        assert!(unfolded.split("\r\n").any(|given| given == line), "{line}\n{unfolded}");
    }
}

async fn made(client: &Client, input: &str) -> (String, String) {
    let made =
        done(client, "calendarFeedCreate", &format!("input: {{ {input} }}"), "path calendarFeed { id version label }")
            .await;
    (text(&made["calendarFeed"]["id"]), text(&made["path"]))
}

async fn read(w: &World, path: &str, tag: Option<&str>) -> (u16, Option<String>, String) {
    let mut request = w.http().get(w.url(path));
    if let Some(tag) = tag {
        request = request.header("if-none-match", tag);
    }
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    if status == 200 {
        assert_eq!(response.headers()["content-type"], "text/calendar; charset=utf-8");
    }
    let tag = response.headers().get("etag").map(|tag| tag.to_str().expect("text").to_owned());
    (status, tag, response.text().await.expect("a body"))
}

both! {
    async fn a_calendar_is_followed_until_its_address_is_revoked(w: World) {
        let desk = Desk::new(w).await;
        let id = opened(&desk.gd, testing("O1", &desk.lab, json!({}))).await;
        stated(&desk.gd, &id, ten()).await;
        let item = desk.item("E1").await;
        let lent = opened(&desk.gd, hours("H1", &desk.lab, &[&item])).await;
        let wanted = |offering: &str, units: Option<Units>, blocks: Vec<Block>| Wanted {
            offering: bare(offering).into(), holder: "SD".into(), subject: "referral:1".to_owned(), units, blocks,
            expires_at: w.clock.now() + TimeDelta::hours(1),
        };
        let units = Some(Units { quantity: 12, first: day("2026-12-01"), last: day("2026-12-02"), by_day: None });
        let block = Block { equipment: bare(&item).into(), from: at("2026-12-01T02:00:00Z"), to: at("2026-12-01T04:00:00Z") };
        w.db.write(&act(), async |tx: &mut Tx| {
            for wanted in [wanted(&id, units, Vec::new()), wanted(&lent, None, vec![block])] {
                let hold = place(tx, wanted).await?;
                confirm(tx, hold).await?;
            }
            place(tx, wanted(&id, Some(Units { quantity: 1, first: day("2026-12-09"), last: day("2026-12-09"), by_day: None }), Vec::new())).await
        }).await.expect("free");
        done(&desk.gd, "closurePlan", &format!("input: {{ offering: \"{id}\", from: \"2026-12-24\", to: \"2026-12-25\", reason: \"盘点\" }}"), "dryRun").await;
        done(&desk.gd, "outageReport", &format!("input: {{ equipment: \"{item}\", from: \"2026-12-07T02:00:00Z\", reason: \"检定\" }}"), "dryRun").await;
        let (feed, path) = made(&desk.gd, &format!("offering: \"{id}\", label: \"LIMS\"")).await;
        let (_, whole) = made(&desk.gd, &format!("lab: \"{}\"", desk.lab)).await;
        let (status, tag, body) = read(w, &path, None).await;
        assert_eq!((status, body.matches("BEGIN:VEVENT").count()), (200, 3), "two days and a closure; what is only held is not there\n{body}");
        let unfolded = body.replace("\r\n ", "");
        assert!(unfolded.contains("SUMMARY:已预约：委托检验 10 样品（SD）\r\n") && unfolded.contains("DTSTART;VALUE=DATE:20261202"));
        assert!(!body.contains("referral"), "not what it is for");
        assert_eq!(read(w, &path, tag.as_deref()).await, (304, tag.clone(), String::new()));
        assert_eq!(read(w, &whole, None).await.2.matches("BEGIN:VEVENT").count(), 5, "the block and the outage too");
        w.clock.advance(TimeDelta::minutes(5));
        assert_eq!(read(w, &path, None).await.1, tag, "the same for the same");
        let rows = w.db.all(<entity::calendar_feed::Entity as sea_orm::EntityTrait>::find()).await.expect("read");
        assert!(rows.iter().all(|row| row.token_hash.len() == 64 && !path.contains(&row.token_hash)));
        let log = w.db.all(<entity::change::Entity as sea_orm::EntityTrait>::find()).await.expect("read");
        let token = path.trim_start_matches("/calendar/").trim_end_matches(".ics");
        assert_eq!(token.len(), 43);
        assert!(log.iter().all(|row| !format!("{row:?}").contains(token)), "the token is kept nowhere");
        let list = desk.gd.data("{ calendarFeeds { id label offering { code } lab { code } } }", json!({})).await;
        assert_eq!(list["calendarFeeds"][1], json!({ "id": feed, "label": "LIMS", "offering": { "code": "O1" }, "lab": null }));
        let sd = w.client("SD", "editor");
        assert_eq!(sd.data("{ calendarFeeds { id } }", json!({})).await["calendarFeeds"], json!([]));
        let revoke = |more: &str| format!("mutation {{ calendarFeedRevoke(id: \"{feed}\" {more}) {{ calendarFeed {{ revokedAt }} }} }}");
        assert_eq!(sd.refused(&revoke(""), json!({})).await, "NOT_FOUND");
        assert_eq!(sd.refused(&format!("mutation {{ calendarFeedCreate(input: {{ offering: \"{id}\" }}) {{ path }} }}"), json!({})).await, "FORBIDDEN");
        assert_eq!(desk.gd.refused(&revoke(", version: 9"), json!({})).await, "STALE_VERSION");
        let gone: Value = desk.gd.data(&revoke(""), json!({})).await;
        assert!(gone["calendarFeedRevoke"]["calendarFeed"]["revokedAt"].is_string());
        desk.gd.data(&revoke(""), json!({})).await;
        assert_eq!(read(w, &path, tag.as_deref()).await.0, 404, "at once");
        assert_eq!(read(w, &whole, None).await.0, 200);
        for wrong in ["/calendar/x.ics", "/calendar/.ics", &path.replace(".ics", ""), &format!("/calendar/{}.ics", "a".repeat(43))] {
            assert_eq!(read(w, wrong, None).await.0, 404, "{wrong}");
        }
    }
}
