//! Equipment in the schema.

mod calibration;
mod mutation;

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use chrono::NaiveDate;
use entity::{
    enums,
    equipment::Model,
    ids::{EquipmentId, LabId},
};

use super::{
    loader::{CalibrationOn, EquipmentCount, EquipmentHistory, EquipmentOf, EquipmentOn},
    model::{self, EquipmentEdge, EquipmentFilter},
    policy, store,
};
use crate::{
    connection,
    directory::{
        agency::graphql::Agency,
        family::Args,
        graphql::{Visibility, agencies, any_of, words},
        lab::graphql::Lab,
        scope::{
            graphql::{LineArgs, ScopeConnection, ScopeOrder, ScopeWhere},
            model::LineEdge,
        },
    },
    graphql::{
        access::access,
        context::{apart, as_of as asked_date, reads},
        filter::TextWhere,
        scalars::{Date, Instant, parse_id, show_id},
    },
    platform::{
        fault::Outcome,
        page::{Page, Window},
    },
};

pub use calibration::{Calibration, CalibrationConnection, CalibrationStanding};
pub use mutation::EquipmentMutation;

/// Whether an instrument may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::EquipmentStatus")]
pub enum EquipmentStatus {
    /// 在用.
    InService,
    /// 停用: broken, sent away, or set aside.
    OutOfService,
    /// 报废.
    Retired,
}

/// The order of equipment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "model::EquipmentOrder")]
pub enum EquipmentOrder {
    /// By asset code.
    #[default]
    AssetCode,
    /// The newest first.
    Recent,
}

/// An item of equipment of a site, as it stood on a date.
#[derive(Clone)]
pub struct Equipment {
    row: Arc<Model>,
    on: NaiveDate,
}

/// An item of equipment of a site, as it stood on a date.
#[Object]
impl Equipment {
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

    /// 设备编号, unique within the site.
    async fn asset_code(&self) -> &str {
        &self.row.asset_code
    }

    /// Chinese name.
    async fn name_zh(&self) -> &str {
        &self.row.name_zh
    }

    /// English name.
    async fn name_en(&self) -> Option<&str> {
        self.row.name_en.as_deref()
    }

    /// Class of equipment.
    async fn class(&self) -> Option<&str> {
        self.row.class.as_deref()
    }

    /// Manufacturer.
    async fn manufacturer(&self) -> Option<&str> {
        self.row.manufacturer.as_deref()
    }

    /// 规格型号.
    async fn model(&self) -> Option<&str> {
        self.row.model.as_deref()
    }

    /// 出厂编号.
    async fn serial_number(&self) -> Option<&str> {
        self.row.serial_number.as_deref()
    }

    /// 测量范围.
    async fn measuring_range(&self) -> Option<&str> {
        self.row.measuring_range.as_deref()
    }

    /// 不确定度 / 准确度等级 / 最大允许误差, as the calibration certificate words it.
    async fn uncertainty(&self) -> Option<&str> {
        self.row.uncertainty.as_deref()
    }

    /// Whether it may be used.
    async fn status(&self) -> EquipmentStatus {
        self.row.status.into()
    }

    /// Why it is out of service or retired.
    async fn status_reason(&self) -> Option<&str> {
        self.row.status_reason.as_deref()
    }

    /// 启用日期.
    async fn commissioned_on(&self) -> Option<Date> {
        self.row.commissioned_on.map(Date)
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

    /// What its calibrations say of the date.
    async fn calibration_standing(&self, ctx: &Context<'_>) -> Result<CalibrationStanding> {
        let standing = reads(ctx)?.load(CalibrationOn { id: self.row.id, on: self.on }).await?;
        Ok(standing.unwrap_or(model::CalibrationStanding::Never).into())
    }

    /// Its calibrations, the newest first, voided ones included.
    async fn calibrations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<CalibrationConnection> {
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        apart(CalibrationConnection::of_equipment(ctx, self.row.id, window)).await
    }

    /// The agency that owns the record.
    async fn agency(&self, ctx: &Context<'_>) -> Result<Option<Agency>> {
        Agency::find(ctx, self.row.agency.clone()).await
    }

    /// The site.
    async fn lab(&self, ctx: &Context<'_>) -> Result<Option<Lab>> {
        Lab::find(ctx, self.row.lab_id).await
    }

    /// The scope lines that need it.
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
        apart(args.of_parent(ctx, LineEdge::Equipment, self.row.id.0)).await
    }

    /// Every revision, the newest first.
    async fn history(&self, ctx: &Context<'_>) -> Result<Vec<Equipment>> {
        let rows = reads(ctx)?.load(EquipmentHistory(self.row.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(|row| Self { on: row.effective_from, row }).collect())
    }
}

impl Equipment {
    /// The item as it stands today.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: EquipmentId) -> Result<Option<Self>> {
        Self::find_on(ctx, id, asked_date(ctx, None)?).await
    }

    /// The item of a row that was in force on a date.
    pub fn of(row: Model, on: NaiveDate) -> Self {
        Self { row: Arc::new(row), on }
    }

    /// The item as it stood on a date.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find_on(ctx: &Context<'_>, id: EquipmentId, on: NaiveDate) -> Result<Option<Self>> {
        let row = reads(ctx)?.load(EquipmentOn { id, on }).await?;
        Ok(row.map(|row| Self { row, on }))
    }
}

/// Counts a list of equipment.
pub enum EquipmentTotal {
    /// Of the whole register.
    All(EquipmentFilter),
    /// Of one parent.
    Children(EquipmentCount),
}

impl EquipmentTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        let reads = reads(ctx)?;
        match self {
            Self::All(filter) => store::count(&reads.db, &reads.visible, filter).await,
            Self::Children(key) => Ok(reads.load(key.clone()).await?.unwrap_or_default()),
        }
    }
}

connection!(EquipmentConnection, EquipmentNodeEdge, Equipment, "items of equipment", EquipmentTotal);

/// Conditions on equipment.
#[derive(Clone, Debug, Default, InputObject)]
pub struct EquipmentWhere {
    /// Codes of owning agencies, any of which will do.
    pub agency: Option<Vec<String>>,
    /// Ids of sites, any of which will do.
    pub lab: Option<Vec<ID>>,
    /// 设备编号.
    pub asset_code: Option<TextWhere>,
    /// Chinese name.
    pub name_zh: Option<TextWhere>,
    /// English name.
    pub name_en: Option<TextWhere>,
    /// Class of equipment.
    pub class: Option<TextWhere>,
    /// Manufacturer.
    pub manufacturer: Option<TextWhere>,
    /// 规格型号.
    pub model: Option<TextWhere>,
    /// Whether it may be used, any of which will do.
    pub status: Option<Vec<EquipmentStatus>>,
    /// Its calibration ends before this date, or it has none that counts.
    pub calibration_due_before: Option<Date>,
    /// Who may see it, any of which will do.
    pub visibility: Option<Vec<Visibility>>,
}

impl EquipmentWhere {
    fn filter(self, on: NaiveDate) -> Outcome<EquipmentFilter> {
        let sites = |ids: Vec<ID>| ids.iter().map(|id| parse_id::<LabId>(id, "where.lab")).collect();
        Ok(EquipmentFilter {
            on,
            agency: agencies(self.agency),
            lab: self.lab.map(sites).transpose()?.map(any_of),
            asset_code: self.asset_code.map(Into::into),
            name_zh: self.name_zh.map(Into::into),
            name_en: self.name_en.map(Into::into),
            class: self.class.map(Into::into),
            manufacturer: self.manufacturer.map(Into::into),
            model: self.model.map(Into::into),
            status: words(self.status),
            calibration_due_before: self.calibration_due_before.map(|date| date.0),
            visibility: words(self.visibility),
        })
    }
}

/// What a list of equipment was asked for with.
pub struct EquipmentArgs {
    /// Conditions.
    pub filter: Option<Box<EquipmentWhere>>,
    /// Order.
    pub order_by: Option<EquipmentOrder>,
    /// Part.
    pub window: Window,
    /// Date.
    pub on: NaiveDate,
}

impl EquipmentArgs {
    /// The equipment of one parent.
    ///
    /// # Errors
    /// `INVALID`, `UNAVAILABLE`.
    pub async fn of_parent(
        self,
        ctx: &Context<'_>,
        edge: EquipmentEdge,
        parent: uuid::Uuid,
    ) -> Result<EquipmentConnection> {
        let on = self.on;
        let filter = self.filter.unwrap_or_default().filter(on)?;
        let total = EquipmentTotal::Children(EquipmentCount { edge, parent, filter: Arc::new(filter.clone()) });
        let args = Arc::new(Args { filter, order: self.order_by.unwrap_or_default().into(), window: self.window });
        let page =
            reads(ctx)?.load(EquipmentOf { edge, parent, args }).await?.unwrap_or_else(|| Arc::new(Page::empty()));
        Ok(EquipmentConnection::new(page, |row| Equipment { row, on }, total))
    }
}

/// Asking for equipment.
#[derive(Default)]
pub struct EquipmentQuery;

#[Object]
impl EquipmentQuery {
    /// Equipment that you may see, of the whole register.
    #[graphql(directive = access::apply(policy::READ))]
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
        let (reads, on) = (reads(ctx)?, asked_date(ctx, as_of)?);
        let filter = filter.unwrap_or_default().filter(on)?;
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        let page =
            store::page(&reads.db, &reads.visible, &filter, order_by.unwrap_or_default().into(), &window).await?;
        Ok(EquipmentConnection::new(page, |row| Equipment { row, on }, EquipmentTotal::All(filter)))
    }
}
