//! Equipment in files, with the last calibration of each instrument where the file has it.

use chrono::NaiveDate;
use entity::enums::{CalibrationResult, EquipmentStatus, Visibility};

use super::{
    VISIBILITY,
    calibration::{PerformedCalibration, RESULT},
    day, maybe,
};
use crate::exchange::format::{Cells, Kind, Record, Row, column::columns};

columns! {
    Agency "agency" ["所属监管机构", "监管机构"];
    LabCode "lab_code" ["场所编号", "场所代码", "实验室编号", "实验室代码", "Lab"] needed;
    AssetCode "asset_code" ["设备编号", "资产编号", "仪器编号", "管理编号", "Equipment code", "Asset no"] needed;
    NameZh "name_zh" ["设备名称", "仪器名称", "仪器设备名称", "名称", "Name", "Equipment name"] needed;
    NameEn "name_en" ["英文名称", "English name"];
    Class "class" ["类别", "设备类别", "分类", "Category", "Type"];
    Manufacturer "manufacturer" ["制造商", "生产厂家", "制造厂", "生产厂商", "厂家", "Maker"];
    Model "model" ["型号", "规格型号", "型号规格", "型号/规格", "Model/type"];
    SerialNumber "serial_number" ["出厂编号", "序列号", "Serial", "Serial no", "S/N"];
    Range "measuring_range" ["测量范围", "量程", "Range"];
    Uncertainty "uncertainty" ["不确定度", "扩展不确定度", "最大允许误差", "准确度等级", "不确定度/准确度等级", "扩展不确定度/最大允差/准确度等级", "Accuracy"];
    Status "status" ["状态", "使用状态", "设备状态"];
    StatusReason "status_reason" ["状态原因", "停用原因"];
    CommissionedOn "commissioned_on" ["启用日期", "投入使用日期", "In service since"];
    VisibleTo "visibility" ["可见范围", "公开范围"];
    PerformedOn "performed_on" ["检定日期", "校准日期", "检定/校准日期", "溯源日期", "Calibrated on", "Calibration date"] read;
    DueOn "due_on" ["有效期至", "有效日期", "下次校准日期", "下次检定日期", "到期日期", "Due date", "Next calibration"] read;
    Number "certificate_number" ["校准证书编号", "检定证书编号", "证书编号", "Certificate no"] read;
    Provider "provider" ["检定/校准机构", "校准机构", "检定机构", "溯源机构", "Calibrated by"] read;
    Result "result" ["检定/校准结果", "确认结果", "校准结果", "检定结果", "结果"] read;
}

const STATUS: &[(&str, EquipmentStatus)] = &[
    ("在用", EquipmentStatus::InService),
    ("正常", EquipmentStatus::InService),
    ("合格", EquipmentStatus::InService),
    ("active", EquipmentStatus::InService),
    ("停用", EquipmentStatus::OutOfService),
    ("维修", EquipmentStatus::OutOfService),
    ("封存", EquipmentStatus::OutOfService),
    ("inactive", EquipmentStatus::OutOfService),
    ("报废", EquipmentStatus::Retired),
];

/// An instrument as a file has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EquipmentRow {
    /// The owning agency; none: the importer's.
    pub agency: Option<String>,
    /// Code of the lab.
    pub lab_code: String,
    /// The lab's own code.
    pub asset_code: String,
    /// Chinese name, or the only one.
    pub name_zh: String,
    /// English name.
    pub name_en: Option<String>,
    /// Class, such as 气相色谱仪.
    pub class: Option<String>,
    /// Maker.
    pub manufacturer: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// The maker's number.
    pub serial_number: Option<String>,
    /// Measuring range as written.
    pub measuring_range: Option<String>,
    /// Uncertainty or accuracy class as written.
    pub uncertainty: Option<String>,
    /// Whether it may be used; none: as before, and in service for a new one.
    pub status: Option<EquipmentStatus>,
    /// Why.
    pub status_reason: Option<String>,
    /// Since when it is used.
    pub commissioned_on: Option<NaiveDate>,
    /// Who may see it; none: as before.
    pub visibility: Option<Visibility>,
    /// The last calibration, where the file has it. Never written with the instrument: calibrations have their own kind.
    pub calibration: Option<PerformedCalibration>,
}

impl Record for EquipmentRow {
    type State = ();
    const KIND: Kind = Kind::Equipment;

    fn read((): &mut (), cells: &mut Cells<'_>, out: &mut Vec<Row<Self>>) {
        let row = Self {
            agency: cells.code(C::Agency),
            lab_code: cells.required_code(C::LabCode),
            asset_code: cells.required_code(C::AssetCode),
            name_zh: cells.required(C::NameZh),
            name_en: cells.text(C::NameEn),
            class: cells.text(C::Class),
            manufacturer: cells.text(C::Manufacturer),
            model: cells.text(C::Model),
            serial_number: cells.text(C::SerialNumber),
            measuring_range: cells.text(C::Range),
            uncertainty: cells.text(C::Uncertainty),
            status: cells.word(C::Status, STATUS),
            status_reason: cells.text(C::StatusReason),
            commissioned_on: cells.date(C::CommissionedOn),
            visibility: cells.word(C::VisibleTo, VISIBILITY),
            calibration: calibration(cells),
        };
        out.push(Row { origin: cells.origin(), value: row });
    }

    fn write(&self, cells: &mut Vec<String>) {
        cells.extend([
            maybe(self.agency.as_ref()),
            self.lab_code.clone(),
            self.asset_code.clone(),
            self.name_zh.clone(),
            maybe(self.name_en.as_ref()),
            maybe(self.class.as_ref()),
            maybe(self.manufacturer.as_ref()),
            maybe(self.model.as_ref()),
            maybe(self.serial_number.as_ref()),
            maybe(self.measuring_range.as_ref()),
            maybe(self.uncertainty.as_ref()),
            self.status.map(EquipmentStatus::word).unwrap_or_default().to_owned(),
            maybe(self.status_reason.as_ref()),
            day(self.commissioned_on),
            self.visibility.map(Visibility::word).unwrap_or_default().to_owned(),
        ]);
    }
}

/// The calibration of the row, where either of its dates is there. A list without a column for results is one of
/// instruments that passed; in a list that has the column an empty cell is refused.
fn calibration(cells: &mut Cells<'_>) -> Option<PerformedCalibration> {
    if cells.raw(C::PerformedOn).is_empty() && cells.raw(C::DueOn).is_empty() {
        return None;
    }
    let performed_on = cells.required_date(C::PerformedOn);
    let due_on = cells.required_date(C::DueOn);
    if due_on < performed_on && cells.is_sound() {
        cells.refuse(C::DueOn, "DATES_REVERSED", "The due date lies before the calibration.");
    }
    let result = cells.word(C::Result, RESULT);
    if cells.has(C::Result) && cells.raw(C::Result).is_empty() {
        cells.missing(C::Result);
    }
    Some(PerformedCalibration {
        performed_on,
        due_on,
        certificate_number: cells.text(C::Number),
        provider: cells.text(C::Provider),
        result: result.unwrap_or(CalibrationResult::Passed),
        remarks: None,
    })
}
