//! Changing what was agreed.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use entity::enums::Side;

use super::{
    input::{BlockInput, DayUnitsInput, blocks},
    payload::DeskPayload,
};
use crate::{
    graphql::{
        access::access,
        context::{apart, rehearsed},
        scalars::{Date, Instant, parse_id, patch},
    },
    platform::fault::Outcome,
    request::{model::amendment::Amendment, policy, service},
};

/// A change of what was agreed. What is not given stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct AmendmentInput {
    /// Price of all of it in yuan (CNY) with at most two digits behind the point; null where nothing is charged any more.
    pub price: MaybeUndefined<String>,
    /// First day of the work; not while it is under way.
    pub starts_on: Option<Date>,
    /// Last day for the report.
    pub report_by: Option<Date>,
    /// Until when it may be signed; three working days, where it is urgent one, if not given.
    pub valid_until: Option<Instant>,
    /// Why.
    pub remarks: String,
    /// Units of capacity by day, in place of all that were; not while work is under way.
    pub units: Option<Vec<DayUnitsInput>>,
    /// Machine time, in place of all that was, at most 50 blocks; not while work is under way.
    pub blocks: Option<Vec<BlockInput>>,
}

impl AmendmentInput {
    fn read(self) -> Outcome<Amendment> {
        Ok(Amendment {
            price: patch(self.price, |text| text),
            starts_on: self.starts_on.map(|date| date.0),
            report_by: self.report_by.map(|date| date.0),
            valid_until: self.valid_until.map(|until| until.0),
            remarks: self.remarks,
            units: self.units.map(|units| units.into_iter().map(|one| (one.day.0, one.units)).collect()),
            blocks: self.blocks.map(blocks).transpose()?,
        })
    }
}

/// Changing what was agreed.
#[derive(Default)]
pub struct AmendmentMutation;

#[Object]
impl AmendmentMutation {
    /// Put a change of what was agreed to the provider: price, dates, units or machine time. Another of your side signs it
    /// first, then the other side; until then everything stays as it was.
    #[graphql(directive = access::apply(policy::AMEND))]
    async fn referral_amend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the referral.")] id: ID,
        #[graphql(desc = "The change.")] input: Box<AmendmentInput>,
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
        let change = input.read()?;
        let command = rehearsed(ctx, version, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::amend(&command, (policy::AMEND, Side::Requester), id, change)).await, dry_run)
    }

    /// Sign a change of what was agreed for the requester. Whoever wrote it cannot; with the second side's signature it
    /// takes effect.
    #[graphql(directive = access::apply(policy::SIGN_AMENDMENT))]
    async fn amendment_sign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the change, an offer of the kind AMENDMENT.")] id: ID,
        #[graphql(default, desc = "Codes of blockers in spite of which to go on, as far as they may be overridden.")]
        despite: Vec<String>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let id = parse_id(&id, "id")?;
        let command = rehearsed(ctx, None, idempotency_key, dry_run)?;
        let side = (policy::SIGN_AMENDMENT, Side::Requester);
        DeskPayload::of(apart(service::sign_amendment(&command, side, id, &despite)).await, dry_run)
    }

    /// Refuse a change of what was agreed, or take an own one back, for the requester.
    #[graphql(directive = access::apply(policy::REFUSE_AMENDMENT))]
    async fn amendment_refuse(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the change, an offer of the kind AMENDMENT.")] id: ID,
        #[graphql(desc = "Why, in words.")] reason: String,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let id = parse_id(&id, "id")?;
        let command = rehearsed(ctx, None, idempotency_key, dry_run)?;
        let side = (policy::REFUSE_AMENDMENT, Side::Requester);
        DeskPayload::of(apart(service::refuse_amendment(&command, side, id, &reason)).await, dry_run)
    }

    /// Put a change of what was agreed to the requester: price, dates, units or machine time. Another of your side signs it
    /// first, then the other side; until then everything stays as it was.
    #[graphql(directive = access::apply(policy::SUPPLY_AMEND))]
    async fn supply_amend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the referral.")] id: ID,
        #[graphql(desc = "The change.")] input: Box<AmendmentInput>,
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
        let change = input.read()?;
        let command = rehearsed(ctx, version, idempotency_key, dry_run)?;
        DeskPayload::of(
            apart(service::amend(&command, (policy::SUPPLY_AMEND, Side::Provider), id, change)).await,
            dry_run,
        )
    }

    /// Sign a change of what was agreed for the provider. Whoever wrote it cannot; with the second side's signature it
    /// takes effect.
    #[graphql(directive = access::apply(policy::SUPPLY_SIGN_AMENDMENT))]
    async fn supply_amendment_sign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the change, an offer of the kind AMENDMENT.")] id: ID,
        #[graphql(default, desc = "Codes of blockers in spite of which to go on, as far as they may be overridden.")]
        despite: Vec<String>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let id = parse_id(&id, "id")?;
        let command = rehearsed(ctx, None, idempotency_key, dry_run)?;
        let side = (policy::SUPPLY_SIGN_AMENDMENT, Side::Provider);
        DeskPayload::of(apart(service::sign_amendment(&command, side, id, &despite)).await, dry_run)
    }

    /// Refuse a change of what was agreed, or take an own one back, for the provider.
    #[graphql(directive = access::apply(policy::SUPPLY_REFUSE_AMENDMENT))]
    async fn supply_amendment_refuse(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the change, an offer of the kind AMENDMENT.")] id: ID,
        #[graphql(desc = "Why, in words.")] reason: String,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let id = parse_id(&id, "id")?;
        let command = rehearsed(ctx, None, idempotency_key, dry_run)?;
        let side = (policy::SUPPLY_REFUSE_AMENDMENT, Side::Provider);
        DeskPayload::of(apart(service::refuse_amendment(&command, side, id, &reason)).await, dry_run)
    }
}
