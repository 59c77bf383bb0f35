//! Samples and reports in the schema.

use async_graphql::{Context, ID, InputObject, Object, Result};
use entity::{consignment, custody_event, deliverable, ids::ScopeId};

use super::{
    due::Reason,
    request::subject,
    words::{ConsignmentStatus, CustodyStep, Side},
};
use crate::{
    attachment::graphql::Attachment,
    directory::scope::graphql::CompetenceScope,
    graphql::{
        context::{apart, reads},
        scalars::{Date, Instant, TypedId, parse_id, parse_optional_id, show_id},
    },
    platform::fault::Outcome,
    request::{
        loader::CustodyOf,
        policy::Party,
        service::{NewConsignment, Report},
    },
};

/// Samples that a requester sends to a provider.
#[derive(Clone)]
pub struct Consignment {
    pub(super) row: consignment::Model,
}

/// Samples that a requester sends to a provider.
#[Object]
impl Consignment {
    /// Files that belong to it, the oldest first.
    async fn attachments(&self, ctx: &Context<'_>) -> Result<Vec<Attachment>> {
        apart(Attachment::of(ctx, self.row.id)).await
    }

    /// Typed id.
    async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits; pass it as `version` when you act.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// Counts the consignments of a referral, from 1.
    async fn number(&self) -> i32 {
        self.row.number
    }

    /// Where it is.
    async fn status(&self) -> ConsignmentStatus {
        self.row.status.into()
    }

    /// Units that were sent.
    async fn sent(&self) -> i32 {
        self.row.sent
    }

    /// Units that were received and are fit.
    async fn received(&self) -> i32 {
        self.row.received
    }

    /// Who carries it.
    async fn carrier(&self) -> Option<&str> {
        self.row.carrier.as_deref()
    }

    /// Number of the waybill.
    async fn waybill(&self) -> Option<&str> {
        self.row.waybill.as_deref()
    }

    /// Remarks.
    async fn remarks(&self) -> Option<&str> {
        self.row.remarks.as_deref()
    }

    /// The chain of custody, the first link first.
    async fn custody(&self, ctx: &Context<'_>) -> Result<Vec<CustodyEvent>> {
        let rows = reads(ctx)?.load(CustodyOf(self.row.id)).await?.unwrap_or_default();
        Ok(rows.iter().map(|row| CustodyEvent { row: row.clone() }).collect())
    }

    /// When it was sent.
    async fn created_at(&self) -> Instant {
        Instant(self.row.created_at)
    }
}

/// One link of a chain of custody.
#[derive(Clone)]
pub struct CustodyEvent {
    row: custody_event::Model,
}

/// One link of a chain of custody.
#[Object]
impl CustodyEvent {
    /// When.
    async fn at(&self) -> Instant {
        Instant(self.row.at)
    }

    /// What happened.
    async fn event(&self) -> CustodyStep {
        self.row.event.into()
    }

    /// To how many units.
    async fn units(&self) -> i32 {
        self.row.units
    }

    /// For which side it was done.
    async fn side(&self) -> Side {
        self.row.side.into()
    }

    /// Subject of the person; both sides of a chain of custody see it.
    async fn actor(&self) -> &str {
        subject(&self.row.actor)
    }

    /// Why.
    async fn reason(&self) -> Option<Reason> {
        Reason::of(self.row.reason_code.as_ref(), self.row.reason_text.as_ref())
    }
}

/// A report that was delivered.
#[derive(Clone)]
pub struct Deliverable {
    pub(super) row: deliverable::Model,
}

/// A report that was delivered.
#[Object]
impl Deliverable {
    /// Typed id.
    async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Of which delivery of the referral, from 1.
    async fn revision(&self) -> i32 {
        self.row.revision
    }

    /// Number of the report.
    async fn report_number(&self) -> &str {
        &self.row.report_number
    }

    /// The date of issue on the report.
    async fn issued_on(&self) -> Date {
        Date(self.row.issued_on)
    }

    /// SHA-256 of the file, in hexadecimal digits.
    async fn sha256(&self) -> &str {
        &self.row.sha256
    }

    /// Length of the file in bytes, where it is kept here.
    async fn size(&self) -> Option<i32> {
        self.row.size.map(|size| i32::try_from(size).unwrap_or(i32::MAX))
    }

    /// The file, where it is kept here.
    async fn attachment(&self, ctx: &Context<'_>) -> Result<Option<Attachment>> {
        match self.row.attachment_id {
            Some(id) => Attachment::find(ctx, id).await,
            None => Ok(None),
        }
    }

    /// The scope lines under which it was issued, as far as you may see them.
    async fn scopes(&self, ctx: &Context<'_>) -> Result<Vec<CompetenceScope>> {
        let ids = self.row.scopes.as_array().into_iter().flatten().filter_map(|id| id.as_str());
        let ids = ids.filter_map(|id| ScopeId::from_bare(id.split_once(':').map_or(id, |(_, bare)| bare)));
        let found = ids.map(|id| CompetenceScope::find(ctx, id));
        Ok(apart(futures_util::future::try_join_all(found)).await?.into_iter().flatten().collect())
    }

    /// Whether a later delivery took its place.
    async fn superseded(&self) -> bool {
        self.row.superseded
    }

    /// Subject of who delivered it; the providing agency sees it.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let own = Party::of(&reads(ctx)?.caller.actor).is(&self.row.agency);
        Ok(own.then(|| subject(&self.row.author)))
    }

    /// When it was delivered.
    async fn created_at(&self) -> Instant {
        Instant(self.row.created_at)
    }
}

/// Samples that are sent.
#[derive(Clone, Debug, InputObject)]
pub struct ConsignmentInput {
    /// How many units.
    pub units: i32,
    /// Who carries them.
    pub carrier: Option<String>,
    /// Number of the waybill.
    pub waybill: Option<String>,
    /// Remarks, such as the temperature at which they are kept.
    pub remarks: Option<String>,
}

impl From<ConsignmentInput> for NewConsignment {
    fn from(given: ConsignmentInput) -> Self {
        Self { units: given.units, carrier: given.carrier, waybill: given.waybill, remarks: given.remarks }
    }
}

/// A report that is delivered.
#[derive(Clone, Debug, InputObject)]
pub struct ReportInput {
    /// Its number.
    pub number: String,
    /// The date of issue on it.
    pub issued_on: Date,
    /// Id of the attachment with the file; or give `sha256` where it is kept elsewhere.
    pub attachment: Option<ID>,
    /// SHA-256 of the file as 64 hexadecimal digits, where it is kept elsewhere.
    pub sha256: Option<String>,
    /// Ids of the scope lines under which it was issued; tests need at least one.
    pub scopes: Option<Vec<ID>>,
}

impl ReportInput {
    pub(super) fn read(self, at: usize) -> Outcome<Report> {
        let scopes = self.scopes.unwrap_or_default();
        Ok(Report {
            attachment: parse_optional_id(self.attachment.as_ref(), &format!("reports[{at}].attachment"))?,
            scopes: scopes.iter().map(|id| parse_id(id, &format!("reports[{at}].scopes"))).collect::<Outcome<_>>()?,
            number: self.number,
            issued_on: self.issued_on.0,
            sha256: self.sha256,
        })
    }
}
