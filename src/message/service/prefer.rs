//! How one wants to be written to.

use chrono::{DateTime, Utc};
use entity::{
    enums::{MailPurpose, MailStatus, MessageDelivery, MessageKind, MessageLanguage},
    ids::{MailId, MessagePreferenceId},
    mail,
    message_preference::Model,
};
use serde_json::json;

use crate::{
    message::{
        Messages,
        model::{Reader, address, code, preference::chosen},
        policy, store,
    },
    platform::{
        clock::{shanghai_date, shanghai_minute},
        command::Command,
        db::{Books, Tx},
        fault::{Fault, Outcome, Problems},
        patch::Patch,
        secret,
    },
};

/// What is chosen; what is not given stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Where mail goes.
    pub email: Patch<String>,
    /// In which language.
    pub language: Option<MessageLanguage>,
    /// How one is told of these kinds.
    pub kinds: Vec<(MessageKind, MessageDelivery)>,
    /// The hour of the mail of the day.
    pub digest_hour: Option<i32>,
    /// Whether it comes on working days only.
    pub digest_workdays: Option<bool>,
}

/// Writes down what the caller chooses. A new address gets a code by mail, and nothing else before that has come back.
///
/// # Errors
/// `INVALID`; `MAIL_OFF`; `LIMITED` where a code was mailed a moment ago, or too many in a day; `STALE_VERSION`.
pub async fn set(cmd: &Command<'_>, messages: &Messages, choice: Choice) -> Outcome<()> {
    let reader = policy::person(&cmd.caller.actor)?;
    let choice = checked(choice)?;
    if matches!(choice.email, Patch::Set(_)) {
        messages.mail()?;
    }
    cmd.run(policy::PREFER, async |tx: &mut Tx| {
        let books = tx.books();
        let mut row = match store::preferences::lock(&books, &reader).await? {
            Some(row) => row,
            None => begun(&books, &reader).await?,
        };
        cmd.expect_version(row.version)?;
        let now = tx.now();
        row.language = choice.language.unwrap_or(row.language);
        row.kinds = chosen(&row.kinds, &choice.kinds);
        row.digest_workdays = choice.digest_workdays.unwrap_or(row.digest_workdays);
        if let Some(hour) = choice.digest_hour.filter(|hour| *hour != row.digest_hour) {
            row.digest_hour = hour;
            row.digest_day = row.digest_day.max(passed(hour, now));
        }
        row.scopes = json!(reader.scopes);
        (row.seen_at, row.updated_at, row.version) = (now, now, row.version + 1);
        match choice.email {
            Patch::Keep => {}
            Patch::Clear => unaddressed(&books, &mut row).await?,
            Patch::Set(email) => addressed(&books, &mut row, email).await?,
        }
        store::preferences::save(&books, &row).await
    })
    .await?;
    messages.post();
    Ok(())
}

/// Takes away everything that is kept of the caller: what they chose, the mail to them, what they have read, and the messages
/// that are for them alone.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn forget(cmd: &Command<'_>) -> Outcome<u64> {
    let reader = policy::person(&cmd.caller.actor)?;
    cmd.run(policy::PREFER, async |tx: &mut Tx| {
        let books = tx.books();
        store::marks::forget(&books, &reader).await?;
        store::preferences::forget(&books, &reader).await?;
        store::notes::forget(&books, &reader).await
    })
    .await
}

fn checked(mut choice: Choice) -> Outcome<Choice> {
    let mut problems = Problems::default();
    if let Patch::Set(text) = &choice.email {
        match address::read(text) {
            Some(email) => choice.email = Patch::Set(email),
            None => problems.add("input.email", "EMAIL", "Write one address, such as name@example.gov.cn."),
        }
    }
    if choice.digest_hour.is_some_and(|hour| !(0..24).contains(&hour)) {
        problems.add("input.digestHour", "HOUR", "Write an hour of the day, 0 to 23.");
    }
    problems.finish().map(|()| choice)
}

/// Today, where the hour has passed: the first mail of the day comes tomorrow.
fn passed(hour: i32, now: DateTime<Utc>) -> Option<chrono::NaiveDate> {
    (i64::from(shanghai_minute(now)) >= i64::from(hour) * 60).then(|| shanghai_date(now))
}

/// The usual choice, under a lock. Of two who begin at once, one waits for the other.
async fn begun(books: &Books<'_>, reader: &Reader) -> Outcome<Model> {
    const HOUR: i32 = 8;
    let now = books.clock().now();
    let row = Model {
        id: MessagePreferenceId(books.clock().id()),
        agency: reader.agency.clone(),
        person: reader.person.clone(),
        subject: reader.subject.clone(),
        language: MessageLanguage::Zh,
        email: None,
        confirmed_at: None,
        failure: None,
        failed_at: None,
        code_hash: None,
        code_until: None,
        code_tries: 0,
        code_at: None,
        codes: 0,
        kinds: json!({}),
        digest_hour: HOUR,
        digest_workdays: true,
        digest_day: passed(HOUR, now),
        scopes: json!(reader.scopes),
        seen_at: now,
        unsubscribe: secret::draw()?,
        version: 0,
        created_at: now,
        updated_at: now,
    };
    store::preferences::enter(books, row).await?;
    let found = store::preferences::lock(books, reader).await?;
    found.ok_or_else(|| Fault::internal("a preference that was just written is not there"))
}

async fn unaddressed(books: &Books<'_>, row: &mut Model) -> Outcome<()> {
    (row.email, row.confirmed_at, row.failure, row.failed_at) = (None, None, None, None);
    (row.code_hash, row.code_until) = (None, None);
    store::mails::drop_waiting(books, row.id, None).await
}

/// A new address, or one that was not confirmed or was refused, gets a code.
async fn addressed(books: &Books<'_>, row: &mut Model, email: String) -> Outcome<()> {
    let is_same = row.email.as_deref() == Some(email.as_str());
    if is_same && row.confirmed_at.is_some() && row.failed_at.is_none() {
        return Ok(());
    }
    let now = books.clock().now();
    bounded(row, now)?;
    store::mails::drop_waiting(books, row.id, None).await?;
    let drawn = drawn()?;
    (row.confirmed_at, row.failure, row.failed_at) = (None, None, None);
    (row.code_hash, row.code_until, row.code_tries) =
        (Some(secret::hashed(&format!("{}/{drawn}", row.id.0))), Some(now + code::LIFE), 0);
    row.email = Some(email.clone());
    let mail = mail::Model {
        id: MailId(books.clock().id()),
        preference_id: row.id,
        purpose: MailPurpose::Code,
        message_id: None,
        once: format!("code/{}/{}", row.id.0, books.clock().id()),
        address: email,
        content: json!({ "code": drawn }),
        status: MailStatus::Waiting,
        attempts: 0,
        due_at: Some(now),
        lease_by: None,
        answer: None,
        at: now,
        sent_at: None,
    };
    store::mails::enter(books, vec![mail]).await.map(drop)
}

/// Nobody is flooded with codes by somebody else.
fn bounded(row: &mut Model, now: DateTime<Utc>) -> Outcome<()> {
    let last = row.code_at;
    if let Some(wait) = last.map(|last| last + code::PAUSE - now).filter(|wait| *wait > chrono::TimeDelta::zero()) {
        let message = "A code was mailed a moment ago; look for it, or ask for another in a minute.".to_owned();
        return Err(Fault::Limited { retry_after: wait.to_std().unwrap_or_default(), message });
    }
    let is_today = last.is_some_and(|last| shanghai_date(last) == shanghai_date(now));
    if is_today && row.codes >= code::A_DAY {
        let message = format!("{} codes were mailed today; ask for another tomorrow.", code::A_DAY);
        return Err(Fault::Limited { retry_after: std::time::Duration::from_secs(3_600), message });
    }
    row.codes = if is_today { row.codes + 1 } else { 1 };
    row.code_at = Some(now);
    Ok(())
}

fn drawn() -> Outcome<String> {
    let mut bits = [0; 8];
    aws_lc_rs::rand::fill(&mut bits).map_err(|_| Fault::internal("the machine gives no random bits"))?;
    Ok(code::digits(bits))
}
