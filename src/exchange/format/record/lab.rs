//! Labs in files.

use entity::enums::Visibility;

use super::{VISIBILITY, maybe};
use crate::exchange::format::{Cells, Kind, Record, Row, column::columns};

columns! {
    Agency "agency" ["所属监管机构", "监管机构"];
    Code "code" ["场所编号", "场所代码", "实验室编号", "实验室代码", "lab_code", "Lab code", "Site code"] needed;
    Institution "institution" ["所属机构统一社会信用代码", "统一社会信用代码", "所属机构", "机构代码", "institution_uscc", "institution_code", "uscc"] needed;
    NameZh "name_zh" ["场所名称", "实验室名称", "名称", "Name", "Lab name", "Site name"] needed;
    NameEn "name_en" ["英文名称", "场所英文名称", "实验室英文名称", "English name"];
    Region "region" ["行政区划代码", "行政区划", "区划代码", "region_code", "Division", "Division code"] needed;
    Address "address" ["地址", "场所地址", "实验室地址", "检验检测场所地址", "Street address"];
    Longitude "longitude" ["经度", "Lon", "Lng"];
    Latitude "latitude" ["纬度", "Lat"];
    ContactName "contact_name" ["联系人", "Contact", "Contact person"];
    ContactPhone "contact_phone" ["联系电话", "电话", "Phone", "Telephone"];
    ContactEmail "contact_email" ["电子邮箱", "邮箱", "Email", "E-mail"];
    VisibleTo "visibility" ["可见范围", "公开范围"];
}

/// A lab as a file has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabRow {
    /// The owning agency; none: the importer's.
    pub agency: Option<String>,
    /// Code in the register.
    pub code: String,
    /// Its institution, by code or by unified social credit code.
    pub institution: String,
    /// Chinese name, or the only one.
    pub name_zh: String,
    /// English name.
    pub name_en: Option<String>,
    /// GB/T 2260 division, not yet looked up.
    pub region: String,
    /// Postal address.
    pub address: Option<String>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Whom to ask.
    pub contact_name: Option<String>,
    /// Telephone.
    pub contact_phone: Option<String>,
    /// E-mail.
    pub contact_email: Option<String>,
    /// Who may see it; none: as before.
    pub visibility: Option<Visibility>,
}

impl Record for LabRow {
    type State = ();
    const KIND: Kind = Kind::Labs;

    fn read((): &mut (), cells: &mut Cells<'_>, out: &mut Vec<Row<Self>>) {
        let row = Self {
            agency: cells.code(C::Agency),
            code: cells.required_code(C::Code),
            institution: cells.required_code(C::Institution),
            name_zh: cells.required(C::NameZh),
            name_en: cells.text(C::NameEn),
            region: cells.code(C::Region).unwrap_or_default(),
            address: cells.text(C::Address),
            longitude: cells.number(C::Longitude, -180.0..=180.0),
            latitude: cells.number(C::Latitude, -90.0..=90.0),
            contact_name: cells.text(C::ContactName),
            contact_phone: cells.text(C::ContactPhone),
            contact_email: cells.text(C::ContactEmail),
            visibility: cells.word(C::VisibleTo, VISIBILITY),
        };
        if row.region.is_empty() {
            cells.missing(C::Region);
        }
        out.push(Row { origin: cells.origin(), value: row });
    }

    fn write(&self, cells: &mut Vec<String>) {
        let degrees = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        cells.extend([
            maybe(self.agency.as_ref()),
            self.code.clone(),
            self.institution.clone(),
            self.name_zh.clone(),
            maybe(self.name_en.as_ref()),
            self.region.clone(),
            maybe(self.address.as_ref()),
            degrees(self.longitude),
            degrees(self.latitude),
            maybe(self.contact_name.as_ref()),
            maybe(self.contact_phone.as_ref()),
            maybe(self.contact_email.as_ref()),
            self.visibility.map(Visibility::word).unwrap_or_default().to_owned(),
        ]);
    }
}
