//! Marking messages, and choosing how to be written to.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject};

use super::{
    MessageDelivery, MessageKind, MessageLanguage,
    preference::{self, MessagePreferences},
};
use crate::{
    graphql::{
        access::access,
        context::{command, messages},
        scalars::{parse_id, patch},
    },
    message::{policy, service},
    platform::fault::Fault,
};

/// What was marked.
#[derive(SimpleObject)]
pub struct MessagesMarkPayload {
    /// How many messages are marked otherwise than before.
    pub marked: i32,
}

/// How one is to be told of a kind of message.
#[derive(Clone, Debug, InputObject)]
pub struct MessageKindPreferenceInput {
    /// The kind.
    pub kind: MessageKind,
    /// How.
    pub delivery: MessageDelivery,
}

/// How you want to be written to. What is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct MessagePreferencesInput {
    /// Where mail goes; null for nowhere. A new address gets a code, to be passed to `emailConfirm`; set the same one again
    /// for another code.
    pub email: MaybeUndefined<String>,
    /// In which language.
    pub language: Option<MessageLanguage>,
    /// How you are told of these kinds.
    #[graphql(validator(max_items = 20))]
    pub kinds: Option<Vec<MessageKindPreferenceInput>>,
    /// The hour of the day, in Asia/Shanghai, from which the mail of the day is sent, 0 to 23.
    pub digest_hour: Option<i32>,
    /// Whether the mail of the day comes on working days only.
    pub digest_workdays: Option<bool>,
}

/// What you have chosen.
pub struct MessagePreferencesPayload;

/// What you have chosen.
#[Object]
impl MessagePreferencesPayload {
    /// As it stands now.
    async fn message_preferences(&self, ctx: &Context<'_>) -> Result<MessagePreferences> {
        preference::of_caller(ctx).await
    }
}

/// What was taken away.
#[derive(SimpleObject)]
pub struct MessagePreferencesDeletePayload {
    /// How many messages to you by name were taken away.
    pub messages: i32,
}

/// Changing what was read, and how one is written to.
#[derive(Default)]
pub struct MessageMutation;

#[Object]
impl MessageMutation {
    /// Say that you have read messages: these, or all that are not newer than one. Done twice it is done once.
    #[graphql(directive = access::apply(policy::MARK))]
    async fn messages_mark_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "These; at most 200. What is not yours is passed over.")] ids: Option<Vec<ID>>,
        #[graphql(desc = "All of your messages up to this one, itself included.")] up_to: Option<ID>,
    ) -> Result<MessagesMarkPayload> {
        let what = match (ids, up_to) {
            (Some(ids), None) => service::UpTo::These(parsed(&ids)?),
            (None, Some(last)) => service::UpTo::Last(parse_id(&last, "upTo")?),
            (Some(_), Some(_)) | (None, None) => {
                return Err(Fault::invalid("ids", "ONE_OF", "Pass ids or upTo, not both.").into());
            }
        };
        Ok(marked(service::mark_read(&command(ctx, None, None)?, what).await?))
    }

    /// Say that you have not read messages after all.
    #[graphql(directive = access::apply(policy::MARK))]
    async fn messages_mark_unread(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "These; at most 200. What is not yours is passed over.")] ids: Vec<ID>,
    ) -> Result<MessagesMarkPayload> {
        Ok(marked(service::mark_unread(&command(ctx, None, None)?, parsed(&ids)?).await?))
    }

    /// Choose how you want to be written to.
    #[graphql(directive = access::apply(policy::PREFER))]
    async fn message_preferences_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What you choose.")] input: MessagePreferencesInput,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
    ) -> Result<MessagePreferencesPayload> {
        let kinds = input.kinds.unwrap_or_default().into_iter();
        let choice = service::Choice {
            email: patch(input.email, |email| email),
            language: input.language.map(Into::into),
            kinds: kinds.map(|one| (one.kind.into(), one.delivery.into())).collect(),
            digest_hour: input.digest_hour,
            digest_workdays: input.digest_workdays,
        };
        service::set(&command(ctx, version, None)?, messages(ctx)?, choice).await?;
        Ok(MessagePreferencesPayload)
    }

    /// Confirm your address by the code that was mailed to it. A code is good for 30 minutes and for 5 tries.
    #[graphql(directive = access::apply(policy::PREFER))]
    async fn email_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code, eight digits; blanks do not matter.")] code: String,
    ) -> Result<MessagePreferencesPayload> {
        service::confirm(&command(ctx, None, None)?, &code).await?;
        Ok(MessagePreferencesPayload)
    }

    /// Take away everything that is kept of you here: what you chose, the mail to you, what you have read, and the messages
    /// to you by name. For who leaves.
    #[graphql(directive = access::apply(policy::PREFER))]
    async fn message_preferences_delete(&self, ctx: &Context<'_>) -> Result<MessagePreferencesDeletePayload> {
        let gone = service::forget(&command(ctx, None, None)?).await?;
        Ok(MessagePreferencesDeletePayload { messages: i32::try_from(gone).unwrap_or(i32::MAX) })
    }
}

fn parsed(ids: &[ID]) -> Result<Vec<entity::ids::MessageId>> {
    Ok(ids.iter().map(|id| parse_id(id, "ids")).collect::<Result<_, Fault>>()?)
}

fn marked(count: u64) -> MessagesMarkPayload {
    MessagesMarkPayload { marked: i32::try_from(count).unwrap_or(i32::MAX) }
}
