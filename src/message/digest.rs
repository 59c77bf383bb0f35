//! The mail of the day: all that is unread, once a day for each person who wants one.

use chrono::{NaiveDate, TimeDelta};
use entity::{
    enums::{MailPurpose, MailStatus},
    ids::MailId,
    mail, message_note, message_preference,
};
use serde_json::json;

use super::{
    deadline::Surroundings,
    follower,
    model::{
        Reader,
        preference::{Timetable, has_daily, wanted},
    },
    settings::Settings,
    store,
};
use crate::platform::{
    db::{Books, Db},
    fault::Outcome,
};

/// Persons looked at together.
const PAGE: u64 = 200;
/// Most messages that one mail names.
const NAMED: u64 = 50;
/// How far back it looks.
const BACK: TimeDelta = TimeDelta::days(30);

/// Makes the mail of the day of everybody whose hour has come; how many mails that made.
///
/// # Errors
/// `UNAVAILABLE`; what was made stays so.
pub async fn make(db: &Db, settings: &Settings, around: &Surroundings) -> Outcome<u64> {
    if settings.mail.is_none() {
        return Ok(0);
    }
    let (mut calendar, mut after, mut made) = (None, None, 0);
    loop {
        let page = store::preferences::without_digest(db, db.clock().today(), after, PAGE).await?;
        for person in &page {
            let calendar = match &calendar {
                Some(calendar) => calendar,
                None => calendar.insert((around.calendar)(db).await?),
            };
            let hours =
                Timetable { hour: person.digest_hour, workdays: person.digest_workdays, last: person.digest_day };
            let due = hours.due(calendar, db.clock().now()).filter(|_| has_daily(&person.kinds));
            if let Some(day) = due {
                made += u64::from(one(db, settings, person, day).await?);
            }
        }
        match page.last() {
            Some(last) if page.len() as u64 == PAGE => after = Some(last.id),
            _ => return Ok(made),
        }
    }
}

async fn one(db: &Db, settings: &Settings, person: &message_preference::Model, day: NaiveDate) -> Outcome<bool> {
    let now = db.clock().now();
    let reader = Reader {
        agency: person.agency.clone(),
        person: person.person.clone(),
        subject: person.subject.clone(),
        scopes: follower::scopes(person, now, settings.trust_days),
    };
    let kinds = wanted(&person.kinds);
    let (unread, total) = store::notes::newest_unread(db, &reader, kinds, now - BACK, NAMED).await?;
    db.keep_books(async |books: &Books<'_>| {
        if !store::preferences::note_digest(books, person.id, day).await? || unread.is_empty() {
            return Ok(false);
        }
        let mail = mail_of(books, person, (&unread, total), day);
        Ok(store::mails::enter(books, mail.into_iter().collect()).await? == 1)
    })
    .await
}

fn mail_of(
    books: &Books<'_>,
    person: &message_preference::Model,
    (unread, total): (&[message_note::Model], usize),
    day: NaiveDate,
) -> Option<mail::Model> {
    let now = books.clock().now();
    let ids: Vec<_> = unread.iter().map(|note| note.id.0).collect();
    Some(mail::Model {
        id: MailId(books.clock().id()),
        preference_id: person.id,
        purpose: MailPurpose::Digest,
        message_id: None,
        once: format!("digest/{day}/{}", person.id.0),
        address: person.email.clone()?,
        content: json!({ "messages": ids, "total": total }),
        status: MailStatus::Waiting,
        attempts: 0,
        due_at: Some(now),
        lease_by: None,
        answer: None,
        at: now,
        sent_at: None,
    })
}
