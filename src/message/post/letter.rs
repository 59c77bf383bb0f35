//! What a mail says.

use chrono::{DateTime, Utc};
use entity::{
    enums::{MailPurpose, MessageDelivery, MessageLanguage},
    ids::MessageId,
    mail, message_note, message_preference,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    message::{
        model::preference::delivery,
        settings::MailSettings,
        store,
        words::{self, moment, sheet},
    },
    platform::{db::Db, fault::Outcome},
};

/// A mail before it is put into the form of the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Id of its row, of which its Message-ID is made.
    pub id: Uuid,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// To which address.
    pub to: String,
    /// Its subject, one line.
    pub title: String,
    /// As plain text.
    pub text: String,
    /// As HTML.
    pub html: String,
    /// The address by which such mail is ended with one click.
    pub unsubscribe: Option<String>,
    /// In which language.
    pub language: MessageLanguage,
}

/// Puts a mail together; `None` where it is no longer wanted.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn compose(
    db: &Db,
    settings: &MailSettings,
    row: &mail::Model,
    person: &message_preference::Model,
) -> Outcome<Option<Letter>> {
    if !is_wanted(row, person, db.clock().now()) {
        return Ok(None);
    }
    let language = person.language;
    let unsubscribe = (row.purpose != MailPurpose::Code && !settings.base_url.is_empty())
        .then(|| format!("{}/messages/unsubscribe/{}", settings.base_url, person.unsubscribe));
    let written = match row.purpose {
        MailPurpose::Code => Some(code(row, language)?),
        MailPurpose::Message => message(db, settings, row, (person, unsubscribe.as_deref())).await?,
        MailPurpose::Digest => digest(db, settings, row, (person, unsubscribe.as_deref())).await?,
    };
    Ok(written.map(|(title, (text, html))| Letter {
        id: row.id.0,
        at: row.at,
        to: row.address.clone(),
        title,
        text,
        html,
        unsubscribe,
        language,
    }))
}

/// A code while it is good and the address is the one; anything else while the address is confirmed.
fn is_wanted(row: &mail::Model, person: &message_preference::Model, now: DateTime<Utc>) -> bool {
    let is_current = person.email.as_deref() == Some(row.address.as_str());
    match row.purpose {
        MailPurpose::Code => is_current && person.code_until.is_some_and(|until| now < until),
        MailPurpose::Message | MailPurpose::Digest => {
            is_current && person.confirmed_at.is_some() && person.failed_at.is_none()
        }
    }
}

type Written = (String, (String, String));

fn code(row: &mail::Model, language: MessageLanguage) -> Outcome<Written> {
    let title = match language {
        MessageLanguage::Zh => "Labpact 邮箱确认码",
        MessageLanguage::En => "Labpact: confirm your address",
    };
    let code = row.content.get("code").and_then(Value::as_str).unwrap_or_default();
    Ok((title.to_owned(), sheet("code", language, &json!({ "title": title, "code": code }))?))
}

async fn message(
    db: &Db,
    settings: &MailSettings,
    row: &mail::Model,
    (person, unsubscribe): (&message_preference::Model, Option<&str>),
) -> Outcome<Option<Written>> {
    let ids = row.message_id.into_iter().collect();
    let Some(note) = store::notes::by_ids(db, ids).await?.into_iter().next() else { return Ok(None) };
    if delivery(&person.kinds, note.kind) == MessageDelivery::Off {
        return Ok(None);
    }
    let (title, text) = words::told(&note, person.language);
    let data = json!({ "title": title, "text": text, "link": link(settings, &note), "unsubscribe": unsubscribe });
    let sheets = sheet("message", person.language, &data)?;
    Ok(Some((title, sheets)))
}

async fn digest(
    db: &Db,
    settings: &MailSettings,
    row: &mail::Model,
    (person, unsubscribe): (&message_preference::Model, Option<&str>),
) -> Outcome<Option<Written>> {
    let listed = row.content.get("messages").and_then(Value::as_array).into_iter().flatten();
    let ids = listed.filter_map(Value::as_str).filter_map(|id| Uuid::try_parse(id).ok()).map(MessageId);
    let notes = store::notes::by_ids(db, ids.collect()).await?;
    if notes.is_empty() {
        return Ok(None);
    }
    let total = row.content.get("total").and_then(Value::as_u64).unwrap_or(notes.len() as u64);
    let item = |note: &message_note::Model| {
        let (title, text) = words::told(note, person.language);
        json!({ "title": title, "text": text, "at": moment(note.at, person.language), "link": link(settings, note) })
    };
    let items: Vec<Value> = notes.iter().map(item).collect();
    let title = match person.language {
        MessageLanguage::Zh => format!("Labpact：{total} 条未读消息"),
        MessageLanguage::En => format!("Labpact: {total} unread messages"),
    };
    let more = total.saturating_sub(notes.len() as u64);
    let data = json!({ "title": title, "total": total, "items": items, "more": more, "unsubscribe": unsubscribe });
    let sheets = sheet("digest", person.language, &data)?;
    Ok(Some((title, sheets)))
}

/// The page of the thing, where the operator has said where such pages are.
fn link(settings: &MailSettings, note: &message_note::Model) -> Option<String> {
    let id: String = note
        .subject
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    (!settings.link.is_empty()).then(|| settings.link.replace("{id}", &id))
}
