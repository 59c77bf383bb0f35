//! From the feed to messages: each event once, on whichever node comes first, with the mail that is wanted at once, all in
//! the transaction that moves the mark of how far the feed was followed.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    enums::{MailPurpose, MailStatus, MessageDelivery},
    ids::{AgencyCode, MailId, MessageId},
    mail, message_note, message_preference, outbox,
};
use serde_json::{Value, json};

use super::{
    model::{
        preference::delivery,
        rule::{self, Audience},
    },
    settings::Settings,
    store,
};
use crate::platform::{
    db::{Books, Db},
    fault::Outcome,
};

/// Longest data of an event that a message keeps, in bytes of JSON.
const LONGEST: usize = 8_192;

/// Follows the feed to its end; how many messages that made.
///
/// # Errors
/// `UNAVAILABLE`; what was followed stays so.
pub async fn follow(db: &Db, settings: &Settings) -> Outcome<u64> {
    let mut made = 0;
    loop {
        let (more, is_full) = db.keep_books(async |books: &Books<'_>| stretch(books, settings).await).await?;
        made += more;
        if !is_full {
            return Ok(made);
        }
    }
}

async fn stretch(books: &Books<'_>, settings: &Settings) -> Outcome<(u64, bool)> {
    let from = store::feed::lock(books).await?;
    let stretch = store::feed::after(books, from).await?;
    if stretch.end == from {
        return Ok((0, false));
    }
    let mut notes = Vec::new();
    for event in &stretch.events {
        if let Some(subject) = ended_person(event) {
            store::preferences::disarm(books, &event.agency, subject).await?;
        }
        notes.extend(messages(books, event));
    }
    let made = tell(books, settings, notes).await?;
    store::feed::advance(books, from, stretch.end).await?;
    Ok((made, stretch.is_full))
}

/// Writes messages that were not written before, and the mail that is wanted of them at once; how many messages those were.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn tell(books: &Books<'_>, settings: &Settings, notes: Vec<message_note::Model>) -> Outcome<u64> {
    if notes.is_empty() {
        return Ok(0);
    }
    let mails = if settings.mail.is_some() { at_once(books, settings, &notes).await? } else { Vec::new() };
    let made = store::notes::enter(books, notes).await?;
    store::mails::enter(books, mails).await?;
    Ok(made)
}

/// The messages that an event makes.
fn messages(books: &Books<'_>, event: &outbox::Model) -> Vec<message_note::Model> {
    let moment = (event.subject.as_str(), event.at.timestamp_micros());
    let told = rule::told(&event.name, &event.agency, &event.data);
    let message = |(kind, audience): (_, Audience)| message_note::Model {
        id: MessageId(books.clock().id()),
        once: rule::once(&event.name, event.id, &audience, moment),
        agency: audience.agency,
        person: audience.person,
        scope: audience.scope,
        kind,
        name: bare(&event.name).to_owned(),
        subject: event.subject.clone(),
        event_id: Some(event.id),
        params: kept(&event.data),
        at: event.at,
        due_at: due(&event.data),
    };
    told.into_iter().map(message).collect()
}

/// The name of an event without its version.
fn bare(name: &str) -> &str {
    name.rsplit_once(".v")
        .filter(|(_, version)| version.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(name, |(name, _)| name)
}

fn kept(data: &Value) -> Value {
    if data.to_string().len() <= LONGEST { data.clone() } else { json!({}) }
}

fn due(data: &Value) -> Option<DateTime<Utc>> {
    let text = data.get("dueAt")?.as_str()?;
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc())
}

/// The person all of whose tokens an event has ended: they hold nothing until they are seen again.
fn ended_person(event: &outbox::Model) -> Option<&str> {
    let is_person =
        event.name == "token.revoked.v1" && event.data.get("kind").and_then(Value::as_str) == Some("subject");
    event.data.get("value").and_then(Value::as_str).filter(|_| is_person)
}

/// The mail of a message to whoever wants it at once; nobody is mailed the same event twice.
async fn at_once(books: &Books<'_>, settings: &Settings, notes: &[message_note::Model]) -> Outcome<Vec<mail::Model>> {
    let agencies: Option<Vec<AgencyCode>> = notes.iter().map(|note| note.agency.clone()).collect();
    let reachable = store::preferences::reachable(books, agencies).await?;
    let now = books.clock().now();
    let mut mails = Vec::new();
    for person in &reachable {
        for note in notes.iter().filter(|note| is_for(note, person, now, settings.trust_days)) {
            if delivery(&person.kinds, note.kind) == MessageDelivery::AtOnce {
                mails.extend(mail_of(books, note, person));
            }
        }
    }
    Ok(mails)
}

/// Whether a message is for a person, as far as what they held when last seen tells.
pub(super) fn is_for(
    note: &message_note::Model,
    person: &message_preference::Model,
    now: DateTime<Utc>,
    trust_days: u32,
) -> bool {
    if note.agency.as_ref().is_some_and(|agency| *agency != person.agency) {
        return false;
    }
    match (&note.person, &note.scope) {
        (Some(named), _) => *named == person.person || *named == person.subject,
        (None, None) => note.agency.is_some(),
        (None, Some(scope)) => scopes(person, now, trust_days).iter().any(|held| held == scope),
    }
}

/// What a person holds: what their last token said, while that is not too long ago.
pub(super) fn scopes(person: &message_preference::Model, now: DateTime<Utc>, trust_days: u32) -> Vec<String> {
    if now - person.seen_at > TimeDelta::days(i64::from(trust_days)) {
        return Vec::new();
    }
    let held = person.scopes.as_array().into_iter().flatten().filter_map(Value::as_str);
    held.map(str::to_owned).collect()
}

fn mail_of(books: &Books<'_>, note: &message_note::Model, person: &message_preference::Model) -> Option<mail::Model> {
    let now = books.clock().now();
    let told = note.event_id.map_or_else(|| note.once.clone(), |event| event.to_string());
    Some(mail::Model {
        id: MailId(books.clock().id()),
        preference_id: person.id,
        purpose: MailPurpose::Message,
        message_id: Some(note.id),
        once: format!("message/{told}/{}", person.id.0),
        address: person.email.clone()?,
        content: json!({}),
        status: MailStatus::Waiting,
        attempts: 0,
        due_at: Some(now),
        lease_by: None,
        answer: None,
        at: now,
        sent_at: None,
    })
}
