//! What the secretariat does.

use async_graphql::{Context, ID, Object, Result};

use super::payload::DeskPayload;
use crate::{
    graphql::{
        access::access,
        context::{apart, rehearsed},
        scalars::parse_id,
    },
    request::{policy, service},
};

/// What the secretariat does.
#[derive(Default)]
pub struct CoordinationMutation;

#[Object]
impl CoordinationMutation {
    /// End what was agreed and what the provider has let lapse: a signature, the work or the report that is overdue. What was set
    /// aside is free again, and the next provider is asked.
    #[graphql(directive = access::apply(policy::CALL_OFF))]
    async fn referral_call_off(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the referral.")] id: ID,
        #[graphql(desc = "Why, in words.")] reason: String,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let id = parse_id(&id, "id")?;
        let command = rehearsed(ctx, version, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::call_off(&command, id, &reason)).await, dry_run)
    }
}
