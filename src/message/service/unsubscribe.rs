//! Mail is ended with one click (RFC 8058), without a token but that in the mail.

use entity::enums::{MailPurpose, MessageDelivery, MessageKind};

use crate::{
    message::{model::preference::chosen, store},
    platform::{
        db::{Books, Db},
        fault::Outcome,
        secret,
    },
};

/// Switches every kind of mail off for whoever got this token; whether there is anybody. The list of messages stays.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn unsubscribe(db: &Db, token: &str) -> Outcome<bool> {
    if token.len() != secret::LENGTH {
        return Ok(false);
    }
    db.keep_books(async |books: &Books<'_>| {
        let Some(mut row) = store::preferences::lock_by_token(books, token).await? else { return Ok(false) };
        let off: Vec<_> = MessageKind::ALL.iter().map(|kind| (*kind, MessageDelivery::Off)).collect();
        row.kinds = chosen(&row.kinds, &off);
        (row.version, row.updated_at) = (row.version + 1, books.clock().now());
        store::preferences::save(books, &row).await?;
        store::mails::drop_waiting(books, row.id, Some(MailPurpose::Code)).await?;
        Ok(true)
    })
    .await
}
