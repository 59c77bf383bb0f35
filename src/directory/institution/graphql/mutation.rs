//! Mutations of institutions.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use entity::ids::InstitutionId;

use super::Institution;
use crate::{
    directory::{
        graphql::{ContactInput, Visibility},
        institution::{
            model::{InstitutionEdit, NewInstitution},
            policy, service,
        },
    },
    graphql::{
        access::access,
        context::command,
        scalars::{parse_id, patch},
    },
    payload,
    platform::fault::Outcome,
};

payload!(InstitutionPayload, institution: Institution, InstitutionId, "The record");

/// An institution to be entered.
#[derive(Clone, Debug, InputObject)]
pub struct InstitutionCreateInput {
    /// Natural key within the agency; the credit code where not given.
    pub code: Option<String>,
    /// Unified social credit code (GB 32100).
    pub uscc: Option<String>,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: Option<String>,
    /// Code of the division (GB/T 2260) of the seat; a former code is read as its successor.
    pub region: String,
    /// Street address of the seat.
    pub address: Option<String>,
    /// How it is reached.
    pub contact: Option<ContactInput>,
    /// Who may see it; PUBLIC where not given.
    pub visibility: Option<Visibility>,
}

impl InstitutionCreateInput {
    fn read(self) -> Outcome<NewInstitution> {
        Ok(NewInstitution {
            code: self.code,
            uscc: self.uscc,
            name_zh: self.name_zh,
            name_en: self.name_en,
            region: self.region,
            address: self.address,
            contact: self.contact.unwrap_or_default().into(),
            visibility: self.visibility.map_or(entity::enums::Visibility::Public, Into::into),
        })
    }
}

/// Edits of an institution. What is not given is left as it is; null empties a field.
#[derive(Clone, Debug, InputObject)]
pub struct InstitutionEditInput {
    /// Natural key within the agency.
    pub code: Option<String>,
    /// Unified social credit code.
    pub uscc: MaybeUndefined<String>,
    /// Chinese name.
    pub name_zh: Option<String>,
    /// English name.
    pub name_en: MaybeUndefined<String>,
    /// Code of the division of the seat.
    pub region: Option<String>,
    /// Street address of the seat.
    pub address: MaybeUndefined<String>,
    /// How it is reached.
    pub contact: Option<ContactInput>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
}

impl From<InstitutionEditInput> for InstitutionEdit {
    fn from(given: InstitutionEditInput) -> Self {
        Self {
            code: given.code,
            uscc: patch(given.uscc, |text| text),
            name_zh: given.name_zh,
            name_en: patch(given.name_en, |text| text),
            region: given.region,
            address: patch(given.address, |text| text),
            contact: given.contact.unwrap_or_default().into(),
            visibility: given.visibility.map(Into::into),
        }
    }
}

/// Changing institutions.
#[derive(Default)]
pub struct InstitutionMutation;

#[Object]
impl InstitutionMutation {
    /// Enter an institution of your agency.
    #[graphql(directive = access::apply(policy::CREATE))]
    async fn institution_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The record.")] input: InstitutionCreateInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<InstitutionPayload> {
        Ok(InstitutionPayload(service::create(&command(ctx, None, idempotency_key)?, input.read()?).await?))
    }

    /// Edit an institution.
    #[graphql(directive = access::apply(policy::EDIT))]
    async fn institution_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "What changes.")] input: InstitutionEditInput,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<InstitutionPayload> {
        let id = parse_id(&id, "id")?;
        Ok(InstitutionPayload(service::edit(&command(ctx, version, idempotency_key)?, id, input.into()).await?))
    }

    /// Set an institution aside for a reason.
    #[graphql(directive = access::apply(policy::SUSPEND))]
    async fn institution_suspend(
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
    ) -> Result<InstitutionPayload> {
        let id = parse_id(&id, "id")?;
        Ok(InstitutionPayload(service::suspend(&command(ctx, version, idempotency_key)?, id, &reason).await?))
    }

    /// Take an institution back.
    #[graphql(directive = access::apply(policy::RESUME))]
    async fn institution_resume(
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
    ) -> Result<InstitutionPayload> {
        let id = parse_id(&id, "id")?;
        Ok(InstitutionPayload(service::resume(&command(ctx, version, idempotency_key)?, id, &reason).await?))
    }

    /// End an institution for good; it stays on record.
    #[graphql(directive = access::apply(policy::RETIRE))]
    async fn institution_retire(
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
    ) -> Result<InstitutionPayload> {
        let id = parse_id(&id, "id")?;
        Ok(InstitutionPayload(service::retire(&command(ctx, version, idempotency_key)?, id, &reason).await?))
    }
}
