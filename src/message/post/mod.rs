//! Mail goes out: what is due is taken by one node, put together, handed to the mail server, and its answer is kept.

mod letter;
mod transport;

use chrono::TimeDelta;
use entity::{enums::MailStatus, mail, message_preference};
use tokio::sync::watch;

use super::{
    model::retry::{self, Sent},
    settings::MailSettings,
    store::{self, mails::Ending},
};
use crate::platform::{
    db::{Books, Db},
    fault::Outcome,
};

pub use letter::{Letter, compose};
pub use transport::Transport;

/// Sends everything that is due, one after the other, as far as the hour allows and until the node stops; how many mails the
/// server has taken over.
///
/// # Errors
/// `UNAVAILABLE`; what was sent stays so.
pub async fn send_due(db: &Db, transport: &Transport, stopped: &watch::Receiver<bool>) -> Outcome<u64> {
    let settings = transport.settings();
    let mut taken = 0;
    while !*stopped.borrow() {
        let most = u64::from(settings.per_hour);
        let hour_ago = db.clock().now() - TimeDelta::hours(1);
        if store::mails::sent_since(db, hour_ago, most).await? >= most {
            break;
        }
        let turn = db.clock().id();
        let claimed = store::mails::claim(db, turn, lease(settings), 1).await?;
        let Some(row) = claimed.first() else { break };
        let (person, sent) = one(db, transport, row).await?;
        taken += u64::from(sent == Sent::Taken);
        let row = &mail::Model { attempts: row.attempts + 1, ..row.clone() };
        db.keep_books(async |books: &Books<'_>| end(books, (row, turn), person.as_ref(), sent).await).await?;
    }
    Ok(taken)
}

/// Longer than a mail can take: connecting, greeting, and handing over are waited for one by one.
fn lease(settings: &MailSettings) -> TimeDelta {
    TimeDelta::from_std(settings.timeout).unwrap_or(TimeDelta::seconds(60)) * 10 + TimeDelta::seconds(60)
}

async fn one(db: &Db, transport: &Transport, row: &mail::Model) -> Outcome<(Option<message_preference::Model>, Sent)> {
    let Some(person) = store::preferences::by_id(db, row.preference_id).await? else {
        return Ok((None, Sent::Unwanted));
    };
    let sent = match compose(db, transport.settings(), row, &person).await? {
        None => Sent::Unwanted,
        Some(letter) => transport.send(&letter).await,
    };
    Ok((Some(person), sent))
}

/// Writes down what became of a mail.
async fn end(
    books: &Books<'_>,
    (row, turn): (&mail::Model, uuid::Uuid),
    person: Option<&message_preference::Model>,
    sent: Sent,
) -> Outcome<()> {
    let over = |status, answer| Ending { status, due_at: None, answer };
    let mut fault = None;
    let ending = match sent {
        Sent::Taken => over(MailStatus::Sent, None),
        Sent::Unwanted => over(MailStatus::Dropped, None),
        Sent::Refused { answer, address } => {
            fault = address.then(|| answer.clone());
            over(MailStatus::Refused, Some(answer))
        }
        Sent::Later(answer) if row.attempts >= retry::TRIES => over(MailStatus::GivenUp, Some(answer)),
        Sent::Later(answer) => {
            tracing::warn!(mail = %row.id.0, attempts = row.attempts, %answer, "a mail could not be sent; it will be tried again");
            let due_at = Some(books.clock().now() + retry::pause(row.attempts));
            Ending { status: MailStatus::Waiting, due_at, answer: Some(answer) }
        }
    };
    if matches!(ending.status, MailStatus::Refused | MailStatus::GivenUp) {
        tracing::warn!(mail = %row.id.0, status = ending.status.word(), answer = ?ending.answer, "a mail will not be sent");
    }
    let is_ours = store::mails::end(books, row, turn, ending).await?;
    if let (true, Some(person), Some(why)) = (is_ours, person, fault) {
        store::preferences::refused(books, person.id, (&row.address, &why)).await?;
        store::mails::drop_waiting(books, person.id, None).await?;
    }
    Ok(())
}
