//! Mutations of signatories.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use entity::ids::{ScopeId, SignatoryId};

use super::Signatory;
use crate::{
    directory::{
        graphql::Visibility,
        person::{
            model::{NewSignatory, SignatoryEdit},
            policy, service,
        },
    },
    graphql::{
        access::access,
        context::command,
        scalars::{Date, parse_id, patch},
    },
    payload,
    platform::fault::Outcome,
};

payload!(SignatoryPayload, signatory: Signatory, SignatoryId, "The record");

/// A signatory to be entered.
#[derive(Clone, Debug, InputObject)]
pub struct SignatoryCreateInput {
    /// Id of the site.
    pub lab: ID,
    /// Natural key within the site: the number of the authorisation; the name where not given.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Position.
    pub title: Option<String>,
    /// Fields (类别) that the person may sign; every field where empty.
    pub fields: Option<Vec<String>>,
    /// First date of the authorisation.
    pub valid_from: Date,
    /// Last date; none where unlimited.
    pub valid_to: Option<Date>,
    /// Who may see it; PARTNER where not given.
    pub visibility: Option<Visibility>,
}

impl SignatoryCreateInput {
    fn read(self) -> Outcome<NewSignatory> {
        Ok(NewSignatory {
            lab: parse_id(&self.lab, "input.lab")?,
            code: self.code,
            name: self.name,
            title: self.title,
            fields: self.fields.unwrap_or_default(),
            valid_from: self.valid_from.0,
            valid_to: self.valid_to.map(|date| date.0),
            visibility: self.visibility.map_or(entity::enums::Visibility::Partner, Into::into),
        })
    }
}

/// Edits of a signatory. What is not given is left as it is; null empties a field.
#[derive(Clone, Debug, InputObject)]
pub struct SignatoryEditInput {
    /// Natural key within the site.
    pub code: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Position.
    pub title: MaybeUndefined<String>,
    /// Fields (类别) that the person may sign; every field where empty.
    pub fields: Option<Vec<String>>,
    /// First date of the authorisation.
    pub valid_from: Option<Date>,
    /// Last date; null makes it unlimited.
    pub valid_to: MaybeUndefined<Date>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
}

impl From<SignatoryEditInput> for SignatoryEdit {
    fn from(given: SignatoryEditInput) -> Self {
        Self {
            code: given.code,
            name: given.name,
            title: patch(given.title, |text| text),
            fields: given.fields,
            valid_from: given.valid_from.map(|date| date.0),
            valid_to: patch(given.valid_to, |date| date.0),
            visibility: given.visibility.map(Into::into),
        }
    }
}

/// Changing signatories.
#[derive(Default)]
pub struct SignatoryMutation;

#[Object]
impl SignatoryMutation {
    /// Enter a signatory of your agency.
    #[graphql(directive = access::apply(policy::CREATE))]
    async fn signatory_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The record.")] input: SignatoryCreateInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<SignatoryPayload> {
        Ok(SignatoryPayload(service::create(&command(ctx, None, idempotency_key)?, input.read()?).await?))
    }

    /// Edit a signatory.
    #[graphql(directive = access::apply(policy::EDIT))]
    async fn signatory_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "What changes.")] input: SignatoryEditInput,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<SignatoryPayload> {
        let id = parse_id(&id, "id")?;
        Ok(SignatoryPayload(service::edit(&command(ctx, version, idempotency_key)?, id, input.into()).await?))
    }

    /// Set a signatory aside for a reason.
    #[graphql(directive = access::apply(policy::SUSPEND))]
    async fn signatory_suspend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Why; 1 to 500 characters.")] reason: String,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<SignatoryPayload> {
        let id = parse_id(&id, "id")?;
        Ok(SignatoryPayload(service::suspend(&command(ctx, version, idempotency_key)?, id, &reason).await?))
    }

    /// Take a signatory back.
    #[graphql(directive = access::apply(policy::RESUME))]
    async fn signatory_resume(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Why; 1 to 500 characters.")] reason: String,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<SignatoryPayload> {
        let id = parse_id(&id, "id")?;
        Ok(SignatoryPayload(service::resume(&command(ctx, version, idempotency_key)?, id, &reason).await?))
    }

    /// End a signatory for good; it stays on record.
    #[graphql(directive = access::apply(policy::RETIRE))]
    async fn signatory_retire(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Why; 1 to 500 characters.")] reason: String,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<SignatoryPayload> {
        let id = parse_id(&id, "id")?;
        Ok(SignatoryPayload(service::retire(&command(ctx, version, idempotency_key)?, id, &reason).await?))
    }

    /// Enter that a signatory may sign a scope line from a date on.
    #[graphql(directive = access::apply(policy::LINK))]
    async fn signatory_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The signatory.")] id: ID,
        #[graphql(desc = "The scope line, of the same site.")] scope: ID,
        #[graphql(desc = "First date; today where not given.")] on: Option<Date>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<SignatoryPayload> {
        let (id, scope): (SignatoryId, ScopeId) = (parse_id(&id, "id")?, parse_id(&scope, "scope")?);
        let command = command(ctx, None, idempotency_key)?;
        Ok(SignatoryPayload(service::link(&command, id, scope, on.map(|date| date.0)).await?))
    }

    /// Enter that a signatory may sign a scope line no longer from a date on.
    #[graphql(directive = access::apply(policy::UNLINK))]
    async fn signatory_unlink(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The signatory.")] id: ID,
        #[graphql(desc = "The scope line, of the same site.")] scope: ID,
        #[graphql(desc = "First date without it; today where not given.")] on: Option<Date>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<SignatoryPayload> {
        let (id, scope): (SignatoryId, ScopeId) = (parse_id(&id, "id")?, parse_id(&scope, "scope")?);
        let command = command(ctx, None, idempotency_key)?;
        Ok(SignatoryPayload(service::unlink(&command, id, scope, on.map(|date| date.0)).await?))
    }
}
