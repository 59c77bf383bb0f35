//! Institutions in files.

use entity::enums::Visibility;

use super::{VISIBILITY, maybe};
use crate::exchange::format::{Cells, Kind, Record, Row, column::columns};

columns! {
    Agency "agency" ["所属监管机构", "监管机构", "所属机构"];
    Code "code" ["机构代码", "机构编号", "institution_code", "Institution code"];
    Uscc "uscc" ["统一社会信用代码", "社会信用代码", "信用代码", "Unified social credit code", "USCC code"];
    NameZh "name_zh" ["机构名称", "单位名称", "法人名称", "名称", "Name", "Institution name", "Legal name"] needed;
    NameEn "name_en" ["英文名称", "机构英文名称", "English name", "Name (English)"];
    Region "region" ["行政区划代码", "行政区划", "区划代码", "region_code", "Division", "Division code"] needed;
    Address "address" ["地址", "注册地址", "住所", "Registered address"];
    ContactName "contact_name" ["联系人", "Contact", "Contact person"];
    ContactPhone "contact_phone" ["联系电话", "电话", "Phone", "Telephone"];
    ContactEmail "contact_email" ["电子邮箱", "邮箱", "Email", "E-mail"];
    VisibleTo "visibility" ["可见范围", "公开范围"];
}

/// An institution as a file has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InstitutionRow {
    /// The owning agency, such as `GD`; none: the importer's.
    pub agency: Option<String>,
    /// Code in the register; none: the credit code stands for it.
    pub code: Option<String>,
    /// Unified social credit code, judged; there is one wherever `code` is none.
    pub uscc: Option<String>,
    /// Chinese name, or the only one.
    pub name_zh: String,
    /// English name.
    pub name_en: Option<String>,
    /// GB/T 2260 division, not yet looked up.
    pub region: String,
    /// Postal address.
    pub address: Option<String>,
    /// Whom to ask.
    pub contact_name: Option<String>,
    /// Telephone.
    pub contact_phone: Option<String>,
    /// E-mail.
    pub contact_email: Option<String>,
    /// Who may see it; none: as before.
    pub visibility: Option<Visibility>,
}

impl Record for InstitutionRow {
    type State = ();
    const KIND: Kind = Kind::Institutions;

    fn read((): &mut (), cells: &mut Cells<'_>, out: &mut Vec<Row<Self>>) {
        let row = Self {
            agency: cells.code(C::Agency),
            code: cells.code(C::Code),
            uscc: cells.uscc(C::Uscc),
            name_zh: cells.required(C::NameZh),
            name_en: cells.text(C::NameEn),
            region: cells.code(C::Region).unwrap_or_default(),
            address: cells.text(C::Address),
            contact_name: cells.text(C::ContactName),
            contact_phone: cells.text(C::ContactPhone),
            contact_email: cells.text(C::ContactEmail),
            visibility: cells.word(C::VisibleTo, VISIBILITY),
        };
        if row.region.is_empty() {
            cells.missing(C::Region);
        }
        if row.code.is_none() && cells.raw(C::Uscc).is_empty() {
            cells.missing(C::Uscc);
        }
        out.push(Row { origin: cells.origin(), value: row });
    }

    fn write(&self, cells: &mut Vec<String>) {
        cells.extend([
            maybe(self.agency.as_ref()),
            maybe(self.code.as_ref()),
            maybe(self.uscc.as_ref()),
            self.name_zh.clone(),
            maybe(self.name_en.as_ref()),
            self.region.clone(),
            maybe(self.address.as_ref()),
            maybe(self.contact_name.as_ref()),
            maybe(self.contact_phone.as_ref()),
            maybe(self.contact_email.as_ref()),
            self.visibility.map(Visibility::word).unwrap_or_default().to_owned(),
        ]);
    }
}
