//! Certificates in the schema.

mod list;
mod mutation;

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result};
use chrono::NaiveDate;
use entity::{certificate::Model, enums, ids::CertificateId};

use super::{
    loader::{CertificateHistory, CertificateOn, CoveredLabs},
    model,
};
use crate::{
    directory::{
        agency::graphql::Agency,
        graphql::Visibility,
        institution::graphql::Institution,
        lab::graphql::Lab,
        scope::{
            graphql::{EditionConnection, LineArgs, ScopeConnection, ScopeOrder, ScopeWhere},
            model::LineEdge,
        },
    },
    graphql::{
        context::{apart, as_of as asked_date, reads},
        scalars::{Date, Instant, show_id},
    },
    platform::page::Window,
};

pub use list::{CertificateArgs, CertificateConnection, CertificateQuery, CertificateWhere};
pub use mutation::CertificateMutation;

/// The scheme under which a certificate attests competence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::CertificateScheme")]
pub enum CertificateScheme {
    /// 检验检测机构资质认定 (China inspection body and laboratory mandatory approval).
    Cma,
    /// Accreditation by the China National Accreditation Service (ISO/IEC 17025).
    Cnas,
    /// Any other attestation.
    Other,
}

/// What the issuer has said of a certificate. Whether it holds on a date is its standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::CertificateStatus")]
pub enum CertificateStatus {
    /// In force, dates permitting.
    Active,
    /// 暂停.
    Suspended,
    /// 撤销 or 注销.
    Withdrawn,
}

/// What a certificate is worth on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::CertificateStanding")]
pub enum CertificateStanding {
    /// It holds.
    Active,
    /// Its first date of validity lies ahead.
    NotYetValid,
    /// Its last date of validity has passed.
    Expired,
    /// Suspended by its issuer.
    Suspended,
    /// Withdrawn by its issuer.
    Withdrawn,
}

/// The order of certificates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "model::CertificateOrder")]
pub enum CertificateOrder {
    /// By number.
    #[default]
    Number,
    /// The newest first.
    Recent,
}

/// A certificate (资质认定) of an institution, covering sites of it, as it stood on a date.
#[derive(Clone)]
pub struct Certificate {
    row: Arc<Model>,
    on: NaiveDate,
}

/// A certificate (资质认定) of an institution, covering sites of it, as it stood on a date.
#[Object]
impl Certificate {
    /// Typed id, the same over all revisions.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the revisions; pass it as `version` when you edit.
    async fn version(&self) -> i32 {
        self.row.revision
    }

    /// The date on which this is how it stood.
    async fn as_of(&self) -> Date {
        Date(self.on)
    }

    /// The scheme.
    async fn scheme(&self) -> CertificateScheme {
        self.row.scheme.into()
    }

    /// Number as it stands on the paper.
    async fn number(&self) -> &str {
        &self.row.number
    }

    /// Who issued it.
    async fn issuer(&self) -> Option<&str> {
        self.row.issuer.as_deref()
    }

    /// First date of validity.
    async fn valid_from(&self) -> Date {
        Date(self.row.valid_from)
    }

    /// Last date of validity; null where unlimited.
    async fn valid_to(&self) -> Option<Date> {
        self.row.valid_to.map(Date)
    }

    /// What the issuer has said.
    async fn status(&self) -> CertificateStatus {
        self.row.status.into()
    }

    /// Why it is suspended or withdrawn.
    async fn status_reason(&self) -> Option<&str> {
        self.row.status_reason.as_deref()
    }

    /// What it is worth on the date.
    async fn standing(&self) -> CertificateStanding {
        model::CertificateStanding::on(&self.row, self.on).into()
    }

    /// Who may see it.
    async fn visibility(&self) -> Visibility {
        self.row.visibility.into()
    }

    /// First date on which this revision is in force.
    async fn effective_from(&self) -> Date {
        Date(self.row.effective_from)
    }

    /// First date on which this revision is no longer in force; null while it is the last.
    async fn effective_to(&self) -> Option<Date> {
        (self.row.effective_to != entity::FOREVER).then_some(Date(self.row.effective_to))
    }

    /// When this revision entered the register.
    async fn recorded_at(&self) -> Instant {
        Instant(self.row.recorded_at)
    }

    /// The agency that owns the record.
    async fn agency(&self, ctx: &Context<'_>) -> Result<Option<Agency>> {
        Agency::find(ctx, self.row.agency.clone()).await
    }

    /// The holder.
    async fn institution(&self, ctx: &Context<'_>) -> Result<Option<Institution>> {
        Institution::find(ctx, self.row.institution_id).await
    }

    /// The sites that it covers on the date.
    async fn labs(&self, ctx: &Context<'_>) -> Result<Vec<Lab>> {
        let reads = reads(ctx)?;
        let ids = reads.load(CoveredLabs { certificate: self.row.id, on: self.on }).await?.unwrap_or_default();
        let found = futures_util::future::try_join_all(ids.iter().map(|id| Lab::find(ctx, *id))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// The lines of its annex.
    async fn scopes(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<Box<ScopeWhere>>,
        #[graphql(desc = "The order of the rows.")] order_by: Option<ScopeOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "The date that the question is about; today where not given.")] as_of: Option<Date>,
    ) -> Result<ScopeConnection> {
        let on = as_of.map_or(self.on, |date| date.0);
        let args = LineArgs {
            filter,
            order_by,
            window: Window::from_args(first, after.as_deref(), last, before.as_deref())?,
            on,
        };
        apart(args.of_parent(ctx, LineEdge::Certificate, self.row.id.0)).await
    }

    /// The dated editions of its annex, the newest first.
    async fn scope_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<EditionConnection> {
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        apart(EditionConnection::of_certificate(ctx, self.row.id, window)).await
    }

    /// Every revision, the newest first.
    async fn history(&self, ctx: &Context<'_>) -> Result<Vec<Certificate>> {
        let rows = reads(ctx)?.load(CertificateHistory(self.row.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(|row| Self { on: row.effective_from, row }).collect())
    }
}

impl Certificate {
    /// The certificate as it stands today.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: CertificateId) -> Result<Option<Self>> {
        Self::find_on(ctx, id, asked_date(ctx, None)?).await
    }

    /// The certificate of a row that was in force on a date.
    pub fn of(row: Model, on: NaiveDate) -> Self {
        Self { row: Arc::new(row), on }
    }

    /// The certificate as it stood on a date.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find_on(ctx: &Context<'_>, id: CertificateId, on: NaiveDate) -> Result<Option<Self>> {
        let row = reads(ctx)?.load(CertificateOn { id, on }).await?;
        Ok(row.map(|row| Self { row, on }))
    }
}
