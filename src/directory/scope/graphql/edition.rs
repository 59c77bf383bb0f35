//! Dated editions of annexes in the schema.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result};
use entity::{
    enums,
    ids::{CertificateId, ScopeVersionId},
    scope_version::Model,
};

use super::{LineArgs, ScopeConnection, ScopeOrder, ScopeWhere};
use crate::{
    connection,
    directory::{
        certificate::graphql::Certificate,
        family::Args,
        scope::{
            loader::{EditionCount, EditionEdge, EditionsOf},
            model::{EditionOrder, LineEdge},
        },
    },
    graphql::{
        context::{apart, as_of as asked_date, reads},
        scalars::{Date, Instant, show_id},
    },
    platform::{
        fault::Outcome,
        page::{Page, Window},
    },
};

/// Why a new edition of a certificate's annex came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::ScopeVersionReason")]
pub enum ScopeVersionReason {
    /// 首次.
    Initial,
    /// 扩项.
    Extension,
    /// 复查.
    Reassessment,
    /// 标准变更.
    StandardChange,
    /// 取消.
    Reduction,
    /// A clerical error put right.
    Correction,
}

/// One dated edition of a certificate's annex.
#[derive(Clone)]
pub struct ScopeVersion {
    row: Arc<Model>,
}

/// One dated edition of a certificate's annex.
#[Object]
impl ScopeVersion {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the editions of the certificate, from 1.
    async fn edition(&self) -> i32 {
        self.row.edition
    }

    /// Why it came to be.
    async fn reason(&self) -> ScopeVersionReason {
        self.row.reason.into()
    }

    /// Its date, from which its lines are in force.
    async fn dated(&self) -> Date {
        Date(self.row.dated)
    }

    /// Free text.
    async fn remarks(&self) -> Option<&str> {
        self.row.remarks.as_deref()
    }

    /// When it entered the register.
    async fn recorded_at(&self) -> Instant {
        Instant(self.row.recorded_at)
    }

    /// The certificate.
    async fn certificate(&self, ctx: &Context<'_>) -> Result<Option<Certificate>> {
        Certificate::find(ctx, self.row.certificate_id).await
    }

    /// The lines whose revision in force on the date it brought.
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
        let args = LineArgs {
            filter,
            order_by,
            window: Window::from_args(first, after.as_deref(), last, before.as_deref())?,
            on: asked_date(ctx, as_of)?,
        };
        apart(args.of_parent(ctx, LineEdge::Edition, self.row.id.0)).await
    }
}

impl ScopeVersion {
    /// The edition of that id.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: ScopeVersionId) -> Result<Option<Self>> {
        Ok(reads(ctx)?.load(id).await?.map(|row| Self { row }))
    }
}

/// Counts the editions of one certificate.
pub struct EditionTotal(EditionCount);

impl EditionTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        Ok(reads(ctx)?.load(self.0.clone()).await?.unwrap_or_default())
    }
}

connection!(EditionConnection, EditionNodeEdge, ScopeVersion, "editions", EditionTotal);

impl EditionConnection {
    /// The editions of one certificate, the newest first.
    ///
    /// # Errors
    /// `INVALID`, `UNAVAILABLE`.
    pub async fn of_certificate(ctx: &Context<'_>, certificate: CertificateId, window: Window) -> Result<Self> {
        let parent = certificate.0;
        let args = Arc::new(Args { filter: (), order: EditionOrder::default(), window });
        let page = reads(ctx)?.load(EditionsOf { edge: EditionEdge, parent, args }).await?;
        let page = page.unwrap_or_else(|| Arc::new(Page::empty()));
        let total = EditionTotal(EditionCount { edge: EditionEdge, parent, filter: Arc::new(()) });
        Ok(Self::new(page, |row| ScopeVersion { row }, total))
    }
}
