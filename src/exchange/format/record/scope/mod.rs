//! Lines of capability annexes (能力附表) in files: our own flat form, the CMA form (序号 | 类别 | 产品/项目/参数 {序号,
//! 名称} | 依据的标准(方法)… | 限制范围 | 说明) and the CNAS form (检测对象 | 项目/参数 {序号, 名称} | 领域代码 |
//! 检测标准(方法)… | 说明 | 生效日期). Their columns are one set: a file has those that it has.
//!
//! In an annex, empty cells of 序号, 类别, 检测对象 and 参数 mean "as above", for they were merged cells; see
//! [`annex`]. In our flat form every row stands by itself.

mod annex;

use chrono::NaiveDate;
use entity::enums::Visibility;

use super::{VISIBILITY, day, maybe};
use crate::exchange::format::{Cells, Kind, Record, Refusal, Row, column::columns, method};
use annex::Annex;

columns! {
    CertificateNumber "certificate_number" ["证书编号", "资质认定证书编号", "Certificate no", "certificate_no"];
    LabCode "lab_code" ["场所编号", "场所代码", "实验室编号", "实验室代码", "Lab"];
    Serial "serial" ["序号", "类别序号", "检测对象序号", "No"];
    ParameterSerial "parameter_serial" ["产品/项目/参数序号", "项目/参数序号", "检测项目/参数序号", "参数序号", "检测参数序号", "项目序号", "Item/parameter no", "序号"] read;
    Field "field" ["类别", "领域", "检测领域", "领域代码", "类别(产品/项目/参数)", "检验检测类别", "Field code", "Category"];
    Object "object" ["检测对象", "产品", "产品名称", "产品类别", "对象", "检测产品", "Product", "Test object", "Tested object"];
    Parameter "parameter" ["产品/项目/参数名称", "项目/参数名称", "检测项目/参数名称", "产品/项目/参数", "项目/参数", "检测项目/参数", "检测项目", "检测参数", "参数名称", "项目名称", "参数", "项目", "名称", "Item/parameter", "Test parameter"] needed;
    Method "method" ["依据的标准(方法)名称及编号(含年号)", "依据的标准(方法)名称及编号", "依据的标准(方法)", "检测标准(方法)及编号", "检测标准(方法)名称及编号(含年号)", "检测标准(方法)名称及编号", "检测标准(方法)", "标准(方法)名称及编号", "检测方法", "检测依据", "依据标准", "方法标准", "方法", "Standard or method", "Test method"] needed;
    Standard "standard" ["标准编号", "标准号", "Standard number", "standard_number", "standard_numbers"] read;
    Clause "clause" ["条款", "条款号", "章节"];
    Limits "limits" ["限制范围", "限制范围或说明", "Limitation", "Limit"];
    Remarks "remarks" ["说明", "备注", "Note", "Notes"];
    ValidFrom "valid_from" ["生效日期", "有效期起", "Effective date"];
    VisibleTo "visibility" ["可见范围", "公开范围"];
}

/// One line of an annex as a file has it, with one standard.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScopeRow {
    /// Number of the certificate; none: the one that the import is for.
    pub certificate_number: Option<String>,
    /// Code of the lab; none: the one that the import is for.
    pub lab_code: Option<String>,
    /// 序号, such as `1.2.1`.
    pub serial: String,
    /// 类别 / 领域; the object where the file names no field.
    pub field: String,
    /// 产品 / 检测对象; the field where the file names no object.
    pub object: String,
    /// 项目 / 参数.
    pub parameter: String,
    /// 依据的标准（方法）: the text of one citation.
    pub method: String,
    /// Clause, where it has a column of its own.
    pub clause: Option<String>,
    /// 限制范围.
    pub limits: Option<String>,
    /// 说明.
    pub remarks: Option<String>,
    /// First day in force, where the file says so.
    pub valid_from: Option<NaiveDate>,
    /// Who may see it; none: as before.
    pub visibility: Option<Visibility>,
}

impl Record for ScopeRow {
    type State = Annex;
    const KIND: Kind = Kind::Scopes;

    fn read(annex: &mut Annex, cells: &mut Cells<'_>, out: &mut Vec<Row<Self>>) {
        let alone = cells.has(C::CertificateNumber) || cells.has(C::LabCode);
        let subject = if cells.carry().unwrap_or(!alone) {
            let Some(subject) = annex.subject(cells) else { return };
            subject
        } else {
            annex::alone(cells)
        };
        let row = Self {
            certificate_number: cells.code(C::CertificateNumber).and_then(|_| cells.text(C::CertificateNumber)),
            lab_code: cells.code(C::LabCode).and_then(|_| cells.text(C::LabCode)),
            serial: subject.serial,
            field: subject.field,
            object: subject.object,
            parameter: subject.parameter,
            method: String::new(),
            clause: cells.text(C::Clause),
            limits: cells.text(C::Limits),
            remarks: cells.text(C::Remarks),
            valid_from: cells.date(C::ValidFrom),
            visibility: cells.word(C::VisibleTo, VISIBILITY),
        };
        let methods = if cells.own_form() { vec![subject.method] } else { method::split(&subject.method) };
        for method in methods {
            out.push(Row { origin: cells.origin(), value: Self { method, ..row.clone() } });
        }
    }

    fn late(annex: &mut Annex, ended: bool) -> Option<Refusal> {
        annex.late(ended)
    }

    fn write(&self, cells: &mut Vec<String>) {
        cells.extend([
            maybe(self.certificate_number.as_ref()),
            maybe(self.lab_code.as_ref()),
            self.serial.clone(),
            self.field.clone(),
            self.object.clone(),
            self.parameter.clone(),
            self.method.clone(),
            maybe(self.clause.as_ref()),
            maybe(self.limits.as_ref()),
            maybe(self.remarks.as_ref()),
            day(self.valid_from),
            self.visibility.map(Visibility::word).unwrap_or_default().to_owned(),
        ]);
    }
}
