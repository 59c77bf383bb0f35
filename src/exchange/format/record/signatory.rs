//! Authorised signatories in files.

use chrono::NaiveDate;
use entity::enums::Visibility;

use super::{VISIBILITY, day, maybe};
use crate::{
    exchange::format::{Cells, Kind, Record, Row, column::columns},
    platform::lenient::EndDate,
};

columns! {
    Agency "agency" ["所属监管机构", "监管机构"];
    LabCode "lab_code" ["场所编号", "场所代码", "实验室编号", "实验室代码", "Lab"] needed;
    Code "code" ["授权签字人编号", "编号", "人员编号", "工号", "number", "Signatory code"] needed;
    Name "name" ["姓名", "授权签字人", "授权签字人姓名", "Full name"] needed;
    Title "title" ["职务/职称", "职称", "职务", "Position"];
    Fields "fields" ["授权签字领域", "签字领域", "授权领域", "领域", "Fields of authorisation"];
    ValidFrom "valid_from" ["授权日期", "有效期起", "生效日期", "Authorised from"] needed;
    ValidTo "valid_to" ["有效期至", "有效期止", "Authorised until", "valid_until"];
    VisibleTo "visibility" ["可见范围", "公开范围"];
}

/// A signatory as a file has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignatoryRow {
    /// The owning agency; none: the importer's.
    pub agency: Option<String>,
    /// Code of the lab.
    pub lab_code: String,
    /// The lab's own number of the person; never a personal identity number.
    pub code: String,
    /// Name.
    pub name: String,
    /// Position.
    pub title: Option<String>,
    /// Fields for which the person may sign.
    pub fields: Vec<String>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; none: no end.
    pub valid_to: Option<NaiveDate>,
    /// Who may see it; none: as before.
    pub visibility: Option<Visibility>,
}

impl Record for SignatoryRow {
    type State = ();
    const KIND: Kind = Kind::Signatories;

    fn read((): &mut (), cells: &mut Cells<'_>, out: &mut Vec<Row<Self>>) {
        let row = Self {
            agency: cells.code(C::Agency),
            lab_code: cells.required_code(C::LabCode),
            code: cells.required_code(C::Code),
            name: cells.required(C::Name),
            title: cells.text(C::Title),
            fields: cells.list(C::Fields),
            valid_from: cells.required_date(C::ValidFrom),
            valid_to: match cells.end_date(C::ValidTo) {
                Some(EndDate::On(date)) => Some(date),
                Some(EndDate::Open) | None => None,
            },
            visibility: cells.word(C::VisibleTo, VISIBILITY),
        };
        if row.valid_to.is_some_and(|to| to < row.valid_from) && cells.is_sound() {
            cells.refuse(C::ValidTo, "DATES_REVERSED", "The last day lies before the first.");
        }
        out.push(Row { origin: cells.origin(), value: row });
    }

    fn write(&self, cells: &mut Vec<String>) {
        cells.extend([
            maybe(self.agency.as_ref()),
            self.lab_code.clone(),
            self.code.clone(),
            self.name.clone(),
            maybe(self.title.as_ref()),
            self.fields.join(";"),
            self.valid_from.to_string(),
            day(self.valid_to),
            self.visibility.map(Visibility::word).unwrap_or_default().to_owned(),
        ]);
    }
}
