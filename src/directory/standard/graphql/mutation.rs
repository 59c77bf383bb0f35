//! Mutations of standards.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use entity::ids::StandardId;

use super::{Standard, StandardStatus};
use crate::{
    directory::standard::{
        model::{NewStandard, StandardEdit},
        policy, service,
    },
    graphql::{
        access::access,
        context::command,
        scalars::{Date, parse_id, patch},
    },
    payload,
};

payload!(StandardPayload, standard: Standard, StandardId, "The edition");

/// An edition of a standard to be entered.
#[derive(Clone, Debug, InputObject)]
pub struct StandardCreateInput {
    /// The number in any spelling; kept in canonical print.
    pub number: String,
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: Option<String>,
    /// Where it is in its life; CURRENT where not given.
    pub status: Option<StandardStatus>,
    /// Number of the edition that replaced it, in any spelling.
    pub replaced_by: Option<String>,
    /// 发布日期.
    pub published_on: Option<Date>,
    /// 实施日期.
    pub effective_on: Option<Date>,
    /// 废止日期.
    pub withdrawn_on: Option<Date>,
}

impl From<StandardCreateInput> for NewStandard {
    fn from(given: StandardCreateInput) -> Self {
        Self {
            number: given.number,
            title_zh: given.title_zh,
            title_en: given.title_en,
            status: given.status.map_or(entity::enums::StandardStatus::Current, Into::into),
            replaced_by: given.replaced_by,
            published_on: given.published_on.map(|date| date.0),
            effective_on: given.effective_on.map(|date| date.0),
            withdrawn_on: given.withdrawn_on.map(|date| date.0),
        }
    }
}

/// Edits of an edition. What is not given is left as it is.
#[derive(Clone, Debug, InputObject)]
pub struct StandardEditInput {
    /// The number in any spelling.
    pub number: Option<String>,
    /// Chinese title.
    pub title_zh: Option<String>,
    /// English title; null empties it.
    pub title_en: MaybeUndefined<String>,
    /// Where it is in its life.
    pub status: Option<StandardStatus>,
    /// Number of the edition that replaced it; null empties it.
    pub replaced_by: MaybeUndefined<String>,
    /// 发布日期; null empties it.
    pub published_on: MaybeUndefined<Date>,
    /// 实施日期; null empties it.
    pub effective_on: MaybeUndefined<Date>,
    /// 废止日期; null empties it.
    pub withdrawn_on: MaybeUndefined<Date>,
}

impl From<StandardEditInput> for StandardEdit {
    fn from(given: StandardEditInput) -> Self {
        Self {
            number: given.number,
            title_zh: given.title_zh,
            title_en: patch(given.title_en, |text| text),
            status: given.status.map(Into::into),
            replaced_by: patch(given.replaced_by, |text| text),
            published_on: patch(given.published_on, |date| date.0),
            effective_on: patch(given.effective_on, |date| date.0),
            withdrawn_on: patch(given.withdrawn_on, |date| date.0),
        }
    }
}

/// Changing the catalogue of standards, which belongs to the pact as a whole.
#[derive(Default)]
pub struct StandardMutation;

#[Object]
impl StandardMutation {
    /// Enter an edition of a standard.
    #[graphql(directive = access::apply(policy::CREATE))]
    async fn standard_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The edition.")] input: StandardCreateInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<StandardPayload> {
        Ok(StandardPayload(service::create(&command(ctx, None, idempotency_key)?, input.into()).await?))
    }

    /// Edit an edition of a standard.
    #[graphql(directive = access::apply(policy::EDIT))]
    async fn standard_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The edition.")] id: ID,
        #[graphql(desc = "What changes.")] input: StandardEditInput,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<StandardPayload> {
        let id = parse_id(&id, "id")?;
        Ok(StandardPayload(service::edit(&command(ctx, version, idempotency_key)?, id, input.into()).await?))
    }

    /// Note that an edition has ended: superseded where another replaced it, withdrawn where none did.
    #[graphql(directive = access::apply(policy::WITHDRAW))]
    async fn standard_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The edition.")] id: ID,
        #[graphql(desc = "废止日期; today where not given.")] on: Option<Date>,
        #[graphql(desc = "Number of the edition that replaced it, in any spelling.")] replaced_by: Option<String>,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<StandardPayload> {
        let command = command(ctx, version, idempotency_key)?;
        let id = service::withdraw(&command, parse_id(&id, "id")?, on.map(|date| date.0), replaced_by).await?;
        Ok(StandardPayload(id))
    }
}
