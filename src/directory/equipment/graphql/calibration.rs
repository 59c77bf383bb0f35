//! Calibrations in the schema.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use entity::{
    calibration::Model,
    enums,
    ids::{CalibrationId, EquipmentId},
};

use super::Equipment;
use crate::{
    connection,
    directory::{
        equipment::{
            loader::{CalibrationCount, CalibrationEdge, CalibrationsOf},
            model::{self, CalibrationOrder},
        },
        family::Args,
    },
    graphql::{
        context::reads,
        scalars::{Date, Instant, show_id},
    },
    platform::{
        fault::Outcome,
        page::{Page, Window},
    },
};

/// What a calibration found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::CalibrationResult")]
pub enum CalibrationResult {
    /// 合格.
    Passed,
    /// 准用 / 限用: fit for part of the range.
    Limited,
    /// 不合格.
    Failed,
}

/// Whether an item counts as calibrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CalibrationState {
    /// Up to the date given.
    InCalibration,
    /// Since the date given.
    Overdue,
    /// Since the date given.
    Failed,
    /// It was never calibrated.
    Never,
}

/// What the calibrations of an item say of a date.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct CalibrationStanding {
    /// Whether it counts as calibrated.
    pub state: CalibrationState,
    /// Last date on which it counts as calibrated.
    pub until: Option<Date>,
    /// First date on which it no longer did.
    pub since: Option<Date>,
}

impl From<model::CalibrationStanding> for CalibrationStanding {
    fn from(standing: model::CalibrationStanding) -> Self {
        use model::CalibrationStanding as Found;
        let (state, until, since) = match standing {
            Found::InCalibration { until } => (CalibrationState::InCalibration, Some(until), None),
            Found::Overdue { since } => (CalibrationState::Overdue, None, Some(since)),
            Found::Failed { since } => (CalibrationState::Failed, None, Some(since)),
            Found::Never => (CalibrationState::Never, None, None),
        };
        Self { state, until: until.map(Date), since: since.map(Date) }
    }
}

/// One calibration (检定 / 校准) of an item. Never edited: an error is voided and entered again.
#[derive(Clone)]
pub struct Calibration {
    row: Arc<Model>,
}

/// One calibration (检定 / 校准) of an item. Never edited: an error is voided and entered again.
#[Object]
impl Calibration {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// 检定 / 校准日期.
    async fn performed_on(&self) -> Date {
        Date(self.row.performed_on)
    }

    /// 有效期至: last date on which the item counts as calibrated.
    async fn due_on(&self) -> Date {
        Date(self.row.due_on)
    }

    /// Number of the calibration certificate.
    async fn certificate_number(&self) -> Option<&str> {
        self.row.certificate_number.as_deref()
    }

    /// Who calibrated.
    async fn provider(&self) -> Option<&str> {
        self.row.provider.as_deref()
    }

    /// What was found.
    async fn result(&self) -> CalibrationResult {
        self.row.result.into()
    }

    /// Free text.
    async fn remarks(&self) -> Option<&str> {
        self.row.remarks.as_deref()
    }

    /// When the entry was declared wrong; null where it counts.
    async fn voided_on(&self) -> Option<Date> {
        self.row.voided_on.map(Date)
    }

    /// Why it was declared wrong.
    async fn void_reason(&self) -> Option<&str> {
        self.row.void_reason.as_deref()
    }

    /// When it entered the register.
    async fn recorded_at(&self) -> Instant {
        Instant(self.row.recorded_at)
    }

    /// The item.
    async fn equipment(&self, ctx: &Context<'_>) -> Result<Option<Equipment>> {
        Equipment::find(ctx, self.row.equipment_id).await
    }
}

impl Calibration {
    /// The calibration of that id.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: CalibrationId) -> Result<Option<Self>> {
        Ok(reads(ctx)?.load(id).await?.map(|row| Self { row }))
    }
}

/// Counts the calibrations of one item.
pub struct CalibrationTotal(CalibrationCount);

impl CalibrationTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        Ok(reads(ctx)?.load(self.0.clone()).await?.unwrap_or_default())
    }
}

connection!(CalibrationConnection, CalibrationNodeEdge, Calibration, "calibrations", CalibrationTotal);

impl CalibrationConnection {
    /// The calibrations of one item, the newest first.
    ///
    /// # Errors
    /// `INVALID`, `UNAVAILABLE`.
    pub async fn of_equipment(ctx: &Context<'_>, item: EquipmentId, window: Window) -> Result<Self> {
        let parent = item.0;
        let args = Arc::new(Args { filter: (), order: CalibrationOrder::default(), window });
        let page = reads(ctx)?.load(CalibrationsOf { edge: CalibrationEdge, parent, args }).await?;
        let page = page.unwrap_or_else(|| Arc::new(Page::empty()));
        let total = CalibrationTotal(CalibrationCount { edge: CalibrationEdge, parent, filter: Arc::new(()) });
        Ok(Self::new(page, |row| Calibration { row }, total))
    }
}
