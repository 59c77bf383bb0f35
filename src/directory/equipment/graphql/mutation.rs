//! Mutations of equipment and its calibrations.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use entity::ids::{CalibrationId, EquipmentId, ScopeId};

use super::{Calibration, Equipment, EquipmentStatus, calibration::CalibrationResult};
use crate::{
    directory::{
        equipment::{
            model::{EquipmentEdit, NewCalibration, NewEquipment, StatusChange},
            policy, service,
        },
        graphql::Visibility,
    },
    graphql::{
        access::access,
        context::command,
        scalars::{Date, parse_id, patch},
    },
    payload,
    platform::fault::Outcome,
};

payload!(EquipmentPayload, equipment: Equipment, EquipmentId, "The item");
payload!(CalibrationPayload, calibration: Calibration, CalibrationId, "The calibration");

/// An item of equipment to be entered.
#[derive(Clone, Debug, InputObject)]
pub struct EquipmentCreateInput {
    /// Id of the site.
    pub lab: ID,
    /// 设备编号, unique within the site.
    pub asset_code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: Option<String>,
    /// Class of equipment.
    pub class: Option<String>,
    /// Manufacturer.
    pub manufacturer: Option<String>,
    /// 规格型号.
    pub model: Option<String>,
    /// 出厂编号.
    pub serial_number: Option<String>,
    /// 测量范围.
    pub measuring_range: Option<String>,
    /// 不确定度 / 准确度等级 / 最大允许误差.
    pub uncertainty: Option<String>,
    /// 启用日期.
    pub commissioned_on: Option<Date>,
    /// Who may see it; PARTNER where not given.
    pub visibility: Option<Visibility>,
    /// Date from which the register knows it.
    pub effective_from: Option<Date>,
}

impl EquipmentCreateInput {
    fn read(self) -> Outcome<NewEquipment> {
        Ok(NewEquipment {
            lab: parse_id(&self.lab, "input.lab")?,
            asset_code: self.asset_code,
            name_zh: self.name_zh,
            name_en: self.name_en,
            class: self.class,
            manufacturer: self.manufacturer,
            model: self.model,
            serial_number: self.serial_number,
            measuring_range: self.measuring_range,
            uncertainty: self.uncertainty,
            commissioned_on: self.commissioned_on.map(|date| date.0),
            visibility: self.visibility.map_or(entity::enums::Visibility::Partner, Into::into),
            effective_from: self.effective_from.map(|date| date.0),
        })
    }
}

/// Edits of an item. What is not given is left as it is; null empties a field.
#[derive(Clone, Debug, InputObject)]
pub struct EquipmentEditInput {
    /// 设备编号.
    pub asset_code: Option<String>,
    /// Chinese name.
    pub name_zh: Option<String>,
    /// English name.
    pub name_en: MaybeUndefined<String>,
    /// Class of equipment.
    pub class: MaybeUndefined<String>,
    /// Manufacturer.
    pub manufacturer: MaybeUndefined<String>,
    /// 规格型号.
    pub model: MaybeUndefined<String>,
    /// 出厂编号.
    pub serial_number: MaybeUndefined<String>,
    /// 测量范围.
    pub measuring_range: MaybeUndefined<String>,
    /// 不确定度 / 准确度等级 / 最大允许误差.
    pub uncertainty: MaybeUndefined<String>,
    /// 启用日期.
    pub commissioned_on: MaybeUndefined<Date>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// Date from which the edit holds; today where not given.
    pub effective_from: Option<Date>,
}

impl From<EquipmentEditInput> for EquipmentEdit {
    fn from(given: EquipmentEditInput) -> Self {
        let text = |field| patch(field, |text: String| text);
        Self {
            asset_code: given.asset_code,
            name_zh: given.name_zh,
            name_en: text(given.name_en),
            class: text(given.class),
            manufacturer: text(given.manufacturer),
            model: text(given.model),
            serial_number: text(given.serial_number),
            measuring_range: text(given.measuring_range),
            uncertainty: text(given.uncertainty),
            commissioned_on: patch(given.commissioned_on, |date| date.0),
            visibility: given.visibility.map(Into::into),
            effective_from: given.effective_from.map(|date| date.0),
        }
    }
}

/// A calibration to be recorded.
#[derive(Clone, Debug, InputObject)]
pub struct CalibrationRecordInput {
    /// 检定 / 校准日期.
    pub performed_on: Date,
    /// 有效期至: last date on which the item counts as calibrated.
    pub due_on: Date,
    /// Number of the calibration certificate.
    pub certificate_number: Option<String>,
    /// Who calibrated.
    pub provider: Option<String>,
    /// What was found; PASSED where not given.
    pub result: Option<CalibrationResult>,
    /// Free text.
    pub remarks: Option<String>,
}

impl From<CalibrationRecordInput> for NewCalibration {
    fn from(given: CalibrationRecordInput) -> Self {
        Self {
            performed_on: given.performed_on.0,
            due_on: given.due_on.0,
            certificate_number: given.certificate_number,
            provider: given.provider,
            result: given.result.map_or(entity::enums::CalibrationResult::Passed, Into::into),
            remarks: given.remarks,
        }
    }
}

/// Changing equipment.
#[derive(Default)]
pub struct EquipmentMutation;

#[Object]
impl EquipmentMutation {
    /// Enter an item of equipment of one of your sites.
    #[graphql(directive = access::apply(policy::CREATE))]
    async fn equipment_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The item.")] input: EquipmentCreateInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<EquipmentPayload> {
        Ok(EquipmentPayload(service::create(&command(ctx, None, idempotency_key)?, input.read()?).await?))
    }

    /// Edit an item: its last revision ends and the next begins.
    #[graphql(directive = access::apply(policy::EDIT))]
    async fn equipment_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The item.")] id: ID,
        #[graphql(desc = "What changes.")] input: EquipmentEditInput,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<EquipmentPayload> {
        let id = parse_id(&id, "id")?;
        Ok(EquipmentPayload(service::edit(&command(ctx, version, idempotency_key)?, id, input.into()).await?))
    }

    /// Put an item in service, out of service, or retire it for good.
    #[graphql(directive = access::apply(policy::CHANGE_STATUS))]
    async fn equipment_change_status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The item.")] id: ID,
        #[graphql(desc = "What it becomes.")] status: EquipmentStatus,
        #[graphql(desc = "Why; 1 to 500 characters.")] reason: String,
        #[graphql(desc = "First date on which it holds; today where not given.")] on: Option<Date>,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<EquipmentPayload> {
        let change = StatusChange { status: status.into(), reason, on: on.map(|date| date.0) };
        let command = command(ctx, version, idempotency_key)?;
        Ok(EquipmentPayload(service::change_status(&command, parse_id(&id, "id")?, change).await?))
    }

    /// Enter that a scope line needs an item from a date on.
    #[graphql(directive = access::apply(policy::LINK))]
    async fn equipment_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The item.")] id: ID,
        #[graphql(desc = "The scope line, of the same site.")] scope: ID,
        #[graphql(desc = "First date of the need; today where not given.")] on: Option<Date>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<EquipmentPayload> {
        let (id, scope): (EquipmentId, ScopeId) = (parse_id(&id, "id")?, parse_id(&scope, "scope")?);
        let command = command(ctx, None, idempotency_key)?;
        Ok(EquipmentPayload(service::link(&command, id, scope, on.map(|date| date.0)).await?))
    }

    /// Enter that a scope line needs an item no longer from a date on.
    #[graphql(directive = access::apply(policy::UNLINK))]
    async fn equipment_unlink(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The item.")] id: ID,
        #[graphql(desc = "The scope line.")] scope: ID,
        #[graphql(desc = "First date without the need; today where not given.")] on: Option<Date>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<EquipmentPayload> {
        let (id, scope): (EquipmentId, ScopeId) = (parse_id(&id, "id")?, parse_id(&scope, "scope")?);
        let command = command(ctx, None, idempotency_key)?;
        Ok(EquipmentPayload(service::unlink(&command, id, scope, on.map(|date| date.0)).await?))
    }

    /// Record a calibration of an item.
    #[graphql(directive = access::apply(policy::RECORD))]
    async fn calibration_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The item.")] equipment: ID,
        #[graphql(desc = "The calibration.")] input: CalibrationRecordInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<CalibrationPayload> {
        let item = parse_id(&equipment, "equipment")?;
        Ok(CalibrationPayload(service::record(&command(ctx, None, idempotency_key)?, item, input.into()).await?))
    }

    /// Declare a recorded calibration wrong. It stays on record and counts no longer.
    #[graphql(directive = access::apply(policy::VOID))]
    async fn calibration_void(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The calibration.")] id: ID,
        #[graphql(desc = "Why; 1 to 500 characters.")] reason: String,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<CalibrationPayload> {
        let id = parse_id(&id, "id")?;
        Ok(CalibrationPayload(service::void(&command(ctx, version, idempotency_key)?, id, &reason).await?))
    }
}
