//! Competence scopes in the schema.

mod edition;
mod mutation;

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use chrono::NaiveDate;
use entity::{
    competence_scope::Model,
    ids::{CertificateId, LabId, ScopeId},
};

use super::{
    loader::{LineCount, LineHistory, LineOn, LinesOf},
    model::{self, LineEdge, LineFilter, StandardRef},
    policy, store,
};
use crate::{
    connection,
    directory::{
        agency::graphql::Agency,
        certificate::graphql::Certificate,
        equipment::{
            graphql::{EquipmentArgs, EquipmentConnection, EquipmentOrder, EquipmentWhere},
            model::EquipmentEdge,
        },
        family::Args,
        graphql::{Visibility, agencies, any_of, words},
        lab::graphql::Lab,
        standard::{graphql::Standard, loader::Cited},
    },
    graphql::{
        access::access,
        context::{apart, as_of as asked_date, reads},
        filter::TextWhere,
        scalars::{Date, Instant, TypedId, parse_id, show_id},
    },
    platform::{
        fault::Outcome,
        page::{Page, Window},
    },
};

pub use edition::{EditionConnection, ScopeVersion, ScopeVersionReason};
pub use mutation::ScopeMutation;

/// The order of scope lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "model::LineOrder")]
pub enum ScopeOrder {
    /// By 序号 in natural order.
    #[default]
    Serial,
    /// The newest line first.
    Recent,
}

/// One line of a capability annex (能力附表): a parameter, in an object, by a method, at a site, as it stood on a date.
#[derive(Clone)]
pub struct CompetenceScope {
    row: Arc<Model>,
    on: NaiveDate,
}

/// One line of a capability annex (能力附表): a parameter, in an object, by a method, at a site, as it stood on a date.
#[Object]
impl CompetenceScope {
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

    /// 序号 as written, such as `1.2.1`.
    async fn serial(&self) -> &str {
        &self.row.serial
    }

    /// 类别 / 领域.
    async fn field(&self) -> &str {
        &self.row.field
    }

    /// 产品 / 检测对象.
    async fn object(&self) -> &str {
        &self.row.object
    }

    /// 项目 / 参数.
    async fn parameter(&self) -> &str {
        &self.row.parameter
    }

    /// 依据的标准（方法） as written.
    async fn method(&self) -> &str {
        &self.row.method
    }

    /// Family and number of the cited standard without `/T` and year, such as `GB 5009.12`; null where the method names
    /// none.
    async fn standard_key(&self) -> Option<&str> {
        self.row.standard_key.as_deref()
    }

    /// Year of the cited edition; null where undated.
    async fn standard_year(&self) -> Option<i32> {
        self.row.standard_year
    }

    /// Clause or 第一法 within the standard.
    async fn clause(&self) -> Option<&str> {
        self.row.clause.as_deref()
    }

    /// 限制范围: what the line does not cover.
    async fn limits(&self) -> Option<&str> {
        self.row.limits.as_deref()
    }

    /// 说明.
    async fn remarks(&self) -> Option<&str> {
        self.row.remarks.as_deref()
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

    /// The site.
    async fn lab(&self, ctx: &Context<'_>) -> Result<Option<Lab>> {
        Lab::find(ctx, self.row.lab_id).await
    }

    /// The certificate, as it stood on the date.
    async fn certificate(&self, ctx: &Context<'_>) -> Result<Option<Certificate>> {
        Certificate::find_on(ctx, self.row.certificate_id, self.on).await
    }

    /// The edition of the annex that brought this revision.
    async fn scope_version(&self, ctx: &Context<'_>) -> Result<Option<ScopeVersion>> {
        ScopeVersion::find(ctx, self.row.scope_version_id).await
    }

    /// The cited standard, where the register knows it: the edition of the cited year; for an undated citation the one
    /// in force.
    async fn standard(&self, ctx: &Context<'_>) -> Result<Option<Standard>> {
        let Some(key) = self.row.standard_key.clone() else { return Ok(None) };
        let row = reads(ctx)?.load(Cited { key, year: self.row.standard_year }).await?;
        Ok(row.map(Standard::from))
    }

    /// The equipment that it needs.
    async fn equipment(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<
            Box<EquipmentWhere>,
        >,
        #[graphql(desc = "The order of the rows.")] order_by: Option<EquipmentOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "The date that the question is about; today where not given.")] as_of: Option<Date>,
    ) -> Result<EquipmentConnection> {
        let on = as_of.map_or(self.on, |date| date.0);
        let args = EquipmentArgs {
            filter,
            order_by,
            window: Window::from_args(first, after.as_deref(), last, before.as_deref())?,
            on,
        };
        apart(args.of_parent(ctx, EquipmentEdge::Line, self.row.id.0)).await
    }

    /// Every revision, the newest first.
    async fn history(&self, ctx: &Context<'_>) -> Result<Vec<CompetenceScope>> {
        let rows = reads(ctx)?.load(LineHistory(self.row.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(|row| Self { on: row.effective_from, row }).collect())
    }
}

impl CompetenceScope {
    /// The line as it stands today.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: ScopeId) -> Result<Option<Self>> {
        Self::find_on(ctx, id, asked_date(ctx, None)?).await
    }

    /// The line of a row that was in force on a date.
    pub fn of(row: Model, on: NaiveDate) -> Self {
        Self { row: Arc::new(row), on }
    }

    /// The line as it stood on a date.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find_on(ctx: &Context<'_>, id: ScopeId, on: NaiveDate) -> Result<Option<Self>> {
        let row = reads(ctx)?.load(LineOn { id, on }).await?;
        Ok(row.map(|row| Self { row, on }))
    }
}

/// Counts a list of lines.
pub enum ScopeTotal {
    /// Of the whole register.
    All(LineFilter),
    /// Of one parent.
    Children(LineCount),
}

impl ScopeTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        let reads = reads(ctx)?;
        match self {
            Self::All(filter) => store::count(&reads.db, &reads.visible, filter).await,
            Self::Children(key) => Ok(reads.load(key.clone()).await?.unwrap_or_default()),
        }
    }
}

connection!(ScopeConnection, ScopeEdge, CompetenceScope, "scope lines", ScopeTotal);

/// Conditions on scope lines.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ScopeWhere {
    /// Codes of owning agencies, any of which will do.
    pub agency: Option<Vec<String>>,
    /// Ids of institutions, any of which will do.
    pub institution: Option<Vec<ID>>,
    /// Ids of sites, any of which will do.
    pub lab: Option<Vec<ID>>,
    /// Ids of certificates, any of which will do.
    pub certificate: Option<Vec<ID>>,
    /// 类别 / 领域.
    pub field: Option<TextWhere>,
    /// 产品 / 检测对象.
    pub object: Option<TextWhere>,
    /// 项目 / 参数.
    pub parameter: Option<TextWhere>,
    /// The text of the method.
    pub method: Option<TextWhere>,
    /// Number of the cited standard in any spelling; without a year every edition and undated citations.
    pub standard: Option<String>,
    /// Who may see it, any of which will do.
    pub visibility: Option<Vec<Visibility>>,
}

impl ScopeWhere {
    fn filter(self, on: NaiveDate) -> Outcome<LineFilter> {
        Ok(LineFilter {
            on,
            agency: agencies(self.agency),
            institution: ids(self.institution, "where.institution")?.map(any_of),
            lab: ids::<LabId>(self.lab, "where.lab")?.map(any_of),
            certificate: ids::<CertificateId>(self.certificate, "where.certificate")?.map(any_of),
            field: self.field.map(Into::into),
            object: self.object.map(Into::into),
            parameter: self.parameter.map(Into::into),
            method: self.method.map(Into::into),
            standard: self.standard.map(|text| StandardRef::parse(&text, "where.standard")).transpose()?,
            visibility: words(self.visibility),
        })
    }
}

fn ids<T: TypedId>(ids: Option<Vec<ID>>, path: &str) -> Outcome<Option<Vec<T>>> {
    ids.map(|ids| ids.iter().map(|id| parse_id(id, path)).collect()).transpose()
}

/// What a list of lines was asked for with.
pub struct LineArgs {
    /// Conditions.
    pub filter: Option<Box<ScopeWhere>>,
    /// Order.
    pub order_by: Option<ScopeOrder>,
    /// Part.
    pub window: Window,
    /// Date.
    pub on: NaiveDate,
}

impl LineArgs {
    /// The lines of one parent.
    ///
    /// # Errors
    /// `INVALID`, `UNAVAILABLE`.
    pub async fn of_parent(self, ctx: &Context<'_>, edge: LineEdge, parent: uuid::Uuid) -> Result<ScopeConnection> {
        let on = self.on;
        let filter = self.filter.unwrap_or_default().filter(on)?;
        let total = ScopeTotal::Children(LineCount { edge, parent, filter: Arc::new(filter.clone()) });
        let args = Arc::new(Args { filter, order: self.order_by.unwrap_or_default().into(), window: self.window });
        let page = reads(ctx)?.load(LinesOf { edge, parent, args }).await?.unwrap_or_else(|| Arc::new(Page::empty()));
        Ok(ScopeConnection::new(page, |row| CompetenceScope { row, on }, total))
    }
}

/// Asking for scope lines.
#[derive(Default)]
pub struct ScopeQuery;

#[Object]
impl ScopeQuery {
    /// Scope lines that you may see, of the whole register.
    #[graphql(directive = access::apply(policy::READ))]
    async fn scopes(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<Box<ScopeWhere>>,
        #[graphql(desc = "The order of the rows: where not given, SERIAL within a lab or a certificate, else RECENT.")]
        order_by: Option<ScopeOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "The date that the question is about; today where not given.")] as_of: Option<Date>,
    ) -> Result<ScopeConnection> {
        let (reads, on) = (reads(ctx)?, asked_date(ctx, as_of)?);
        let filter = filter.unwrap_or_default().filter(on)?;
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        // Serial numbers mean something within an annex only; over the whole register nobody reads by them.
        let is_annex = filter.lab.is_some() || filter.certificate.is_some();
        let usual = if is_annex { ScopeOrder::Serial } else { ScopeOrder::Recent };
        let order = order_by.unwrap_or(usual).into();
        let page = store::page(&reads.db, &reads.visible, &filter, order, &window).await?;
        Ok(ScopeConnection::new(page, |row| CompetenceScope { row, on }, ScopeTotal::All(filter)))
    }
}
