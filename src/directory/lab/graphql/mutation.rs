//! Mutations of labs.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use entity::ids::LabId;

use super::Lab;
use crate::{
    directory::{
        graphql::{ContactInput, Visibility},
        lab::{
            model::{LabEdit, NewLab},
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

payload!(LabPayload, lab: Lab, LabId, "The record");

/// A lab to be entered.
#[derive(Clone, Debug, InputObject)]
pub struct LabCreateInput {
    /// Id of the legal entity that runs it.
    pub institution: ID,
    /// Natural key within the agency.
    pub code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: Option<String>,
    /// Code of the division (GB/T 2260) of the site; a former code is read as its successor.
    pub region: String,
    /// Street address.
    pub address: Option<String>,
    /// Degrees east, WGS 84.
    pub longitude: Option<f64>,
    /// Degrees north, WGS 84.
    pub latitude: Option<f64>,
    /// How it is reached.
    pub contact: Option<ContactInput>,
    /// Who may see it; PUBLIC where not given.
    pub visibility: Option<Visibility>,
}

impl LabCreateInput {
    fn read(self) -> Outcome<NewLab> {
        Ok(NewLab {
            institution: parse_id(&self.institution, "input.institution")?,
            code: self.code,
            name_zh: self.name_zh,
            name_en: self.name_en,
            region: self.region,
            address: self.address,
            longitude: self.longitude,
            latitude: self.latitude,
            contact: self.contact.unwrap_or_default().into(),
            visibility: self.visibility.map_or(entity::enums::Visibility::Public, Into::into),
        })
    }
}

/// Edits of a lab. What is not given is left as it is; null empties a field.
#[derive(Clone, Debug, InputObject)]
pub struct LabEditInput {
    /// Natural key within the agency.
    pub code: Option<String>,
    /// Chinese name.
    pub name_zh: Option<String>,
    /// English name.
    pub name_en: MaybeUndefined<String>,
    /// Code of the division of the site.
    pub region: Option<String>,
    /// Street address.
    pub address: MaybeUndefined<String>,
    /// Degrees east, WGS 84.
    pub longitude: MaybeUndefined<f64>,
    /// Degrees north, WGS 84.
    pub latitude: MaybeUndefined<f64>,
    /// How it is reached.
    pub contact: Option<ContactInput>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
}

impl From<LabEditInput> for LabEdit {
    fn from(given: LabEditInput) -> Self {
        Self {
            code: given.code,
            name_zh: given.name_zh,
            name_en: patch(given.name_en, |text| text),
            region: given.region,
            address: patch(given.address, |text| text),
            longitude: patch(given.longitude, |degrees| degrees),
            latitude: patch(given.latitude, |degrees| degrees),
            contact: given.contact.unwrap_or_default().into(),
            visibility: given.visibility.map(Into::into),
        }
    }
}

/// Changing labs.
#[derive(Default)]
pub struct LabMutation;

#[Object]
impl LabMutation {
    /// Enter a lab of your agency.
    #[graphql(directive = access::apply(policy::CREATE))]
    async fn lab_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The record.")] input: LabCreateInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<LabPayload> {
        Ok(LabPayload(service::create(&command(ctx, None, idempotency_key)?, input.read()?).await?))
    }

    /// Edit a lab.
    #[graphql(directive = access::apply(policy::EDIT))]
    async fn lab_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "What changes.")] input: LabEditInput,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<LabPayload> {
        let id = parse_id(&id, "id")?;
        Ok(LabPayload(service::edit(&command(ctx, version, idempotency_key)?, id, input.into()).await?))
    }

    /// Set a lab aside for a reason.
    #[graphql(directive = access::apply(policy::SUSPEND))]
    async fn lab_suspend(
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
    ) -> Result<LabPayload> {
        let id = parse_id(&id, "id")?;
        Ok(LabPayload(service::suspend(&command(ctx, version, idempotency_key)?, id, &reason).await?))
    }

    /// Take a lab back.
    #[graphql(directive = access::apply(policy::RESUME))]
    async fn lab_resume(
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
    ) -> Result<LabPayload> {
        let id = parse_id(&id, "id")?;
        Ok(LabPayload(service::resume(&command(ctx, version, idempotency_key)?, id, &reason).await?))
    }

    /// End a lab for good; it stays on record.
    #[graphql(directive = access::apply(policy::RETIRE))]
    async fn lab_retire(
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
    ) -> Result<LabPayload> {
        let id = parse_id(&id, "id")?;
        Ok(LabPayload(service::retire(&command(ctx, version, idempotency_key)?, id, &reason).await?))
    }
}
