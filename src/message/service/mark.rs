//! What was read.

use entity::ids::MessageId;

use crate::{
    message::{model::Reader, policy, store},
    platform::{
        command::Command,
        db::{Books, Tx},
        fault::{Fault, Outcome},
    },
};

/// Most ids of one call.
const MOST: usize = 200;
/// Messages that are marked with one statement.
const AT_ONCE: u64 = 500;
/// Statements of one call.
const ROUNDS: u32 = 40;

/// Which messages are marked: these, or all that are not newer than one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpTo {
    /// These.
    These(Vec<MessageId>),
    /// All up to this, itself included.
    Last(MessageId),
}

/// Notes that the caller has read messages; how many of them were unread. What is not theirs is passed over.
///
/// # Errors
/// `TOO_MANY`; `NOT_FOUND` where `upTo` is not theirs; `UNAVAILABLE`.
pub async fn mark_read(cmd: &Command<'_>, what: UpTo) -> Outcome<u64> {
    let reader = policy::reader(&cmd.caller.actor)?;
    cmd.run(policy::MARK, async |tx: &mut Tx| {
        let (books, now) = (tx.books(), tx.now());
        match what {
            UpTo::These(ids) => {
                let theirs = of_reader(&books, &reader, &ids).await?;
                store::marks::read(&books, &reader, theirs, now).await
            }
            UpTo::Last(last) => {
                if of_reader(&books, &reader, &[last]).await?.is_empty() {
                    return Err(Fault::not_found("message", last.0));
                }
                let mut marked = 0;
                for _ in 0..ROUNDS {
                    let rows = store::notes::unread_up_to(&books, &reader, last, AT_ONCE).await?;
                    let count = rows.len() as u64;
                    let ids = rows.into_iter().map(|row| row.id).collect();
                    marked += store::marks::read(&books, &reader, ids, now).await?;
                    if count < AT_ONCE {
                        break;
                    }
                }
                Ok(marked)
            }
        }
    })
    .await
}

/// Notes that the caller has not read messages after all; how many of them were read.
///
/// # Errors
/// `TOO_MANY`; `UNAVAILABLE`.
pub async fn mark_unread(cmd: &Command<'_>, ids: Vec<MessageId>) -> Outcome<u64> {
    let reader = policy::reader(&cmd.caller.actor)?;
    cmd.run(policy::MARK, async |tx: &mut Tx| {
        let books = tx.books();
        let theirs = of_reader(&books, &reader, &ids).await?;
        store::marks::unread(&books, &reader, theirs).await
    })
    .await
}

async fn of_reader(books: &Books<'_>, reader: &Reader, ids: &[MessageId]) -> Outcome<Vec<MessageId>> {
    if ids.len() > MOST {
        let message = format!("Mark at most {MOST} messages at once, then the rest; or all of them with upTo.");
        return Err(Fault::invalid("ids", "TOO_MANY", message));
    }
    Ok(store::notes::of_reader(books, reader, ids).await?.into_iter().map(|row| row.id).collect())
}
