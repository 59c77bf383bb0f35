//! What a resolver finds in its context.

use std::pin::Pin;

use async_graphql::{Context, Value};
use chrono::NaiveDate;

use super::{root::Services, scalars::Date};
use crate::{
    attachment::Attachments,
    identity::revocation::RevocationList,
    message::Messages,
    notify::catalogue::Catalogue,
    platform::{
        access_log::Accesses,
        command::Command,
        db::Key,
        fault::{Fault, Outcome},
        personal::Guarded,
        reads::Reads,
    },
    search::service::Finder,
    webhook::Settings as WebhookSettings,
};

/// The reading side of this request.
///
/// # Errors
/// `INTERNAL` outside a request that the executor prepared.
pub fn reads<'a>(ctx: &Context<'a>) -> Outcome<&'a Reads> {
    ctx.data::<Reads>().map_err(|error| Fault::internal(error.message))
}

/// The work of a field that asks for much, in a future of its own on the heap. Every field of a type is resolved in a
/// future as large as that of its largest field, so without this each plain field of a lab would take the kilobytes that
/// a list of its lines takes (see `docs/decisions/0008-small-futures.md`).
pub fn apart<'f, T>(work: impl Future<Output = T> + Send + 'f) -> Pin<Box<dyn Future<Output = T> + Send + 'f>> {
    Box::pin(work)
}

/// Who is revoked, as this node knows it.
///
/// # Errors
/// `INTERNAL` outside the schema.
pub fn revocations<'a>(ctx: &Context<'a>) -> Outcome<&'a RevocationList> {
    ctx.data::<Services>().map(|services| &*services.revocations).map_err(|error| Fault::internal(error.message))
}

/// Where questions are asked.
///
/// # Errors
/// `INTERNAL` outside the schema.
pub fn finder<'a>(ctx: &Context<'a>) -> Outcome<&'a Finder> {
    ctx.data::<Services>().map(|services| &services.finder).map_err(|error| Fault::internal(error.message))
}

/// The kinds of events that there are.
///
/// # Errors
/// `INTERNAL` outside the schema.
pub fn catalogue<'a>(ctx: &Context<'a>) -> Outcome<&'a Catalogue> {
    ctx.data::<Catalogue>().map_err(|error| Fault::internal(error.message))
}

/// Where files are kept.
///
/// # Errors
/// `INTERNAL` outside the schema.
pub fn attachments<'a>(ctx: &Context<'a>) -> Outcome<&'a Attachments> {
    ctx.data::<Services>().map(|services| &services.attachments).map_err(|error| Fault::internal(error.message))
}

/// Where readings of what is protected are noted.
///
/// # Errors
/// `INTERNAL` outside the schema.
pub fn accesses<'a>(ctx: &Context<'a>) -> Outcome<&'a Accesses> {
    ctx.data::<Services>().map(|services| &services.accesses).map_err(|error| Fault::internal(error.message))
}

/// Which columns tell of persons, and which are secret.
///
/// # Errors
/// `INTERNAL` outside the schema.
pub fn guarded<'a>(ctx: &Context<'a>) -> Outcome<&'a [Guarded]> {
    ctx.data::<Services>().map(|services| &*services.guarded).map_err(|error| Fault::internal(error.message))
}

/// How webhooks are sent.
///
/// # Errors
/// `INTERNAL` outside the schema.
pub fn webhooks<'a>(ctx: &Context<'a>) -> Outcome<&'a WebhookSettings> {
    ctx.data::<Services>().map(|services| &*services.webhooks).map_err(|error| Fault::internal(error.message))
}

/// How messages to people are made, and whether they are mailed.
///
/// # Errors
/// `INTERNAL` outside the schema.
pub fn messages<'a>(ctx: &Context<'a>) -> Outcome<&'a Messages> {
    ctx.data::<Services>().map(|services| &services.messages).map_err(|error| Fault::internal(error.message))
}

/// The date that a question is about: the argument `asOf`, or today.
///
/// # Errors
/// As [`reads`].
pub fn as_of(ctx: &Context<'_>, date: Option<Date>) -> Outcome<NaiveDate> {
    let today = || reads(ctx).map(|reads| reads.db.clock().today());
    date.map_or_else(today, |date| Ok(date.0))
}

/// The mutation that this field is, under its optional version and idempotency key. The key stands for all the
/// arguments of the field, so that the same key with another input is noticed.
///
/// # Errors
/// `INVALID` for a key that is none.
pub fn command<'a>(ctx: &Context<'a>, version: Option<i32>, key: Option<String>) -> Outcome<Command<'a>> {
    let reads = reads(ctx)?;
    let key = match key {
        None => None,
        Some(key) => {
            let mut arguments = ctx.field().arguments().map_err(|error| Fault::internal(error.message))?;
            arguments.retain(|(name, _)| name != "idempotencyKey");
            arguments.sort_by(|a, b| a.0.cmp(&b.0));
            let spelled: Vec<String> =
                arguments.iter().map(|(name, value)| format!("{name}={}", canonical(value))).collect();
            Some(Key::new(key, spelled.join("&").as_bytes())?)
        }
    };
    Ok(Command { version, key, ..Command::new(&reads.db, &reads.caller) })
}

/// As [`command`], which only says what would happen where `dry_run` is set.
///
/// # Errors
/// As [`command`].
pub fn rehearsed<'a>(
    ctx: &Context<'a>,
    version: Option<i32>,
    key: Option<String>,
    dry_run: bool,
) -> Outcome<Command<'a>> {
    Ok(Command { dry_run, ..command(ctx, version, key)? })
}

/// A value with the members of objects in the order of their names: an input object means the same in any order.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|a, b| a.0.cmp(b.0));
            let spelled: Vec<String> =
                sorted.into_iter().map(|(name, value)| format!("{name}:{}", canonical(value))).collect();
            format!("{{{}}}", spelled.join(","))
        }
        Value::List(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        scalar => scalar.to_string(),
    }
}
