//! Spare capacity in the schema.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};
use entity::{
    ids::{AgencyCode, OfferingId, SpareOfferId},
    spare_offer,
};
use serde_json::Value;

use super::words::SpareOfferStatus;
use crate::{
    capacity::offering::graphql::Offering,
    connection,
    directory::{
        agency::graphql::Agency,
        graphql::{agencies, any_of},
        lab::graphql::Lab,
    },
    graphql::{
        access::access,
        context::{apart, command, reads},
        scalars::{Date, Instant, parse_id, show_id},
    },
    payload,
    platform::{fault::Outcome, page::Window},
    request::{
        model::spare::{self, NewSpareOffer},
        policy::{self, Party},
        service,
        store::{self, SpareFilter},
    },
};

/// Spare capacity that a provider offers without having been asked.
#[derive(Clone)]
pub struct SpareOffer {
    row: Arc<spare_offer::Model>,
}

/// Spare capacity that a provider offers to partners without having been asked. Name it in `providers` of a request: the
/// provider's offer is there as soon as the request goes out, as long as it stands and so much is left.
#[Object]
impl SpareOffer {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits; pass it as `version` when you take it back.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// The providing agency.
    async fn provider(&self, ctx: &Context<'_>) -> Result<Option<Agency>> {
        Agency::find(ctx, self.row.agency.clone()).await
    }

    /// The site.
    async fn lab(&self, ctx: &Context<'_>) -> Result<Option<Lab>> {
        match self.row.lab_id {
            Some(id) => Lab::find(ctx, id).await,
            None => Ok(None),
        }
    }

    /// What it is of.
    async fn offering(&self, ctx: &Context<'_>) -> Result<Option<Offering>> {
        Offering::find(ctx, self.row.offering_id).await
    }

    /// What it is, in a line.
    async fn title(&self) -> &str {
        &self.row.title
    }

    /// Codes of the agencies to which it is made; empty where it is made to every partner. For the provider; others see null.
    async fn to(&self, ctx: &Context<'_>) -> Result<Option<Vec<String>>> {
        let own = Party::of(&reads(ctx)?.caller.actor).is(&self.row.agency);
        let named = self.row.shown_to.as_array().into_iter().flatten().filter_map(Value::as_str);
        Ok(own.then(|| named.map(str::to_owned).collect()))
    }

    /// Units that are offered, over all who take of it.
    async fn units(&self) -> i32 {
        self.row.units
    }

    /// Price of one unit in yuan (CNY); null where nothing is charged.
    async fn unit_price(&self) -> Option<&str> {
        self.row.unit_price.as_deref()
    }

    /// First day of the work.
    async fn starts_on(&self) -> Date {
        Date(self.row.starts_on)
    }

    /// Last day for the report.
    async fn report_by(&self) -> Date {
        Date(self.row.report_by)
    }

    /// Until when it stands.
    async fn valid_until(&self) -> Instant {
        Instant(self.row.valid_until)
    }

    /// Remarks.
    async fn remarks(&self) -> Option<&str> {
        self.row.remarks.as_deref()
    }

    /// Whether it was taken back.
    async fn status(&self) -> SpareOfferStatus {
        self.row.status.into()
    }

    /// Whether it can be taken now.
    async fn open(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(spare::stands(&self.row, reads(ctx)?.db.clock().now()))
    }
}

impl SpareOffer {
    /// The one of that id, if the caller sees it.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: SpareOfferId) -> Result<Option<Self>> {
        Ok(reads(ctx)?.load(id).await?.map(|row| Self { row }))
    }
}

payload!(SpareOfferPayload, spare_offer: SpareOffer, SpareOfferId, "The spare offer");

/// Counts spare offers.
pub struct SpareTotal(SpareFilter);

impl SpareTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        let reads = reads(ctx)?;
        store::count_spare(&reads.db, &Party::of(&reads.caller.actor), &self.0).await
    }
}

connection!(SpareOfferConnection, SpareOfferEdge, SpareOffer, "spare offers", SpareTotal);

/// Spare capacity as a provider writes it.
#[derive(Clone, Debug, InputObject)]
pub struct SpareOfferInput {
    /// Id of an open offering of your agency, for testing.
    pub offering: ID,
    /// What it is, in a line.
    pub title: String,
    /// Codes of the agencies to which it is made; every partner that sees the offering where empty.
    #[graphql(default)]
    pub to: Vec<String>,
    /// Units that are offered, over all who take of it.
    pub units: i32,
    /// Price of one unit in yuan (CNY) with at most two digits behind the point; none where nothing is charged.
    pub unit_price: Option<String>,
    /// First day of the work.
    pub starts_on: Date,
    /// Last day for the report.
    pub report_by: Date,
    /// Until when it stands.
    pub valid_until: Instant,
    /// Remarks.
    pub remarks: Option<String>,
}

impl SpareOfferInput {
    fn read(self) -> Outcome<NewSpareOffer> {
        Ok(NewSpareOffer {
            offering: parse_id(&self.offering, "input.offering")?,
            title: self.title,
            shown_to: self.to.into_iter().map(|code| AgencyCode(code.trim().to_uppercase())).collect(),
            units: self.units,
            unit_price: self.unit_price,
            starts_on: self.starts_on.0,
            report_by: self.report_by.0,
            valid_until: self.valid_until.0,
            remarks: self.remarks,
        })
    }
}

/// Conditions on spare offers.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SpareOfferWhere {
    /// Codes of providing agencies, any of which will do.
    pub provider: Option<Vec<String>>,
    /// Ids of offerings, any of which will do.
    pub offering: Option<Vec<ID>>,
    /// Whether it can be taken now, or cannot.
    pub open: Option<bool>,
}

/// Asking for spare capacity.
#[derive(Default)]
pub struct SpareQuery;

#[Object]
impl SpareQuery {
    /// Spare capacity that you can see: your agency's own, and what partners offer to it. The newest comes first.
    #[graphql(directive = access::apply(policy::READ))]
    async fn spare_offers(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<SpareOfferWhere>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<SpareOfferConnection> {
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        let given = filter.unwrap_or_default();
        let ids = |ids: Vec<ID>| {
            ids.iter().map(|id| parse_id::<OfferingId>(id, "where.offering")).collect::<Outcome<Vec<_>>>()
        };
        let filter = SpareFilter {
            provider: agencies(given.provider),
            offering: given.offering.map(ids).transpose()?.map(any_of),
            open: given.open,
        };
        let reads = reads(ctx)?;
        let party = Party::of(&reads.caller.actor);
        let page = apart(store::spare_page(&reads.db, &party, &filter, &window)).await?;
        Ok(SpareOfferConnection::new(page, |row| SpareOffer { row }, SpareTotal(filter)))
    }
}

/// Offering spare capacity.
#[derive(Default)]
pub struct SpareMutation;

#[Object]
impl SpareMutation {
    /// Offer spare capacity to partners, without having been asked. Nothing is set aside by that; it is when a request that takes
    /// of it goes out.
    #[graphql(directive = access::apply(policy::SPARE))]
    async fn spare_offer_make(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is offered, to whom, and on which terms.")] input: Box<SpareOfferInput>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<SpareOfferPayload> {
        let new = input.read()?;
        let command = command(ctx, None, idempotency_key)?;
        Ok(SpareOfferPayload(apart(service::spare(&command, new)).await?))
    }

    /// Take spare capacity back. What was taken of it stays as it is.
    #[graphql(directive = access::apply(policy::SPARE_WITHDRAW))]
    async fn spare_offer_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the spare offer.")] id: ID,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<SpareOfferPayload> {
        let id = parse_id(&id, "id")?;
        let command = command(ctx, version, idempotency_key)?;
        Ok(SpareOfferPayload(apart(service::withdraw_spare(&command, id)).await?))
    }
}
