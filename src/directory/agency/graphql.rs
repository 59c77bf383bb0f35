//! Agencies in the schema.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};
use entity::{agency::Model, ids::AgencyCode};

use super::{model::AgencyEdit, policy, service, store};
use crate::{
    directory::{
        graphql::{Contact, ContactInput},
        region::graphql::Region,
    },
    graphql::{
        access::access,
        context::{command, reads},
        scalars::{parse_id, show_id},
    },
    payload,
    platform::lenient::fold_code,
};

/// A member regulator of the pact.
#[derive(Clone)]
pub struct Agency {
    row: Arc<Model>,
}

/// A member regulator of the pact.
#[Object]
impl Agency {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(&self.row.code)
    }

    /// Counts the edits; pass it as `version` when you edit.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// Two letters, such as GD.
    async fn code(&self) -> &str {
        self.row.code.as_str()
    }

    /// Chinese name.
    async fn name_zh(&self) -> &str {
        &self.row.name_zh
    }

    /// English name.
    async fn name_en(&self) -> &str {
        &self.row.name_en
    }

    /// The division that it governs.
    async fn region(&self) -> Option<Region> {
        Region::of(&self.row.region)
    }

    /// How it is reached; null for callers who are not members of the pact.
    async fn contact(&self, ctx: &Context<'_>) -> Result<Option<Contact>> {
        let row = &self.row;
        Ok(reads(ctx)?.visible.is_partner().then(|| Contact {
            name: row.contact_name.clone(),
            phone: row.contact_phone.clone(),
            email: row.contact_email.clone(),
        }))
    }
}

impl Agency {
    /// The agency of that code.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, code: AgencyCode) -> Result<Option<Self>> {
        Ok(reads(ctx)?.load(code).await?.map(|row| Self { row }))
    }
}

impl From<Model> for Agency {
    fn from(row: Model) -> Self {
        Self { row: Arc::new(row) }
    }
}

payload!(AgencyPayload, agency: Agency, AgencyCode, "The agency");

/// Edits of an agency. What is not given is left as it is.
#[derive(Clone, Debug, InputObject)]
pub struct AgencyEditInput {
    /// Chinese name.
    pub name_zh: Option<String>,
    /// English name.
    pub name_en: Option<String>,
    /// How it is reached.
    pub contact: Option<ContactInput>,
}

/// Asking for agencies.
#[derive(Default)]
pub struct AgencyQuery;

#[Object]
impl AgencyQuery {
    /// The members of the pact, by code.
    #[graphql(directive = access::apply(policy::READ))]
    async fn agencies(&self, ctx: &Context<'_>) -> Result<Vec<Agency>> {
        let rows = store::all(&reads(ctx)?.db).await?;
        Ok(rows.into_iter().map(|row| Agency { row: Arc::new(row) }).collect())
    }

    /// The member of that code.
    #[graphql(directive = access::apply(policy::READ))]
    async fn agency_by_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Two letters, such as GD.")] code: String,
    ) -> Result<Option<Agency>> {
        Agency::find(ctx, AgencyCode(fold_code(&code))).await
    }
}

/// Changing agencies.
#[derive(Default)]
pub struct AgencyMutation;

#[Object]
impl AgencyMutation {
    /// Edit your own agency's entry.
    #[graphql(directive = access::apply(policy::EDIT))]
    async fn agency_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Your agency.")] id: ID,
        #[graphql(desc = "What changes.")] input: AgencyEditInput,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<AgencyPayload> {
        let contact = input.contact.unwrap_or_default().into();
        let edit = AgencyEdit { name_zh: input.name_zh, name_en: input.name_en, contact };
        let command = command(ctx, version, idempotency_key)?;
        Ok(AgencyPayload(service::edit(&command, parse_id(&id, "id")?, edit).await?))
    }
}
