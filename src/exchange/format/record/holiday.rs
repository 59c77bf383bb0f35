//! Holidays and make-up days in files.

use chrono::NaiveDate;
use entity::enums::HolidayKind;

use crate::exchange::format::{Cells, Kind, Record, Row, column::columns};

columns! {
    Day "date" ["日期", "day"] needed;
    What "kind" ["类型", "性质", "Type"] needed;
    Name "name" ["名称", "节日", "节日名称", "festival_zh", "festival", "Holiday"];
}

const KIND: &[(&str, HolidayKind)] = &[
    ("放假", HolidayKind::Holiday),
    ("休", HolidayKind::Holiday),
    ("节假日", HolidayKind::Holiday),
    ("上班", HolidayKind::Workday),
    ("调休上班", HolidayKind::Workday),
    ("班", HolidayKind::Workday),
];

/// A listed day as a file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct HolidayRow {
    /// The day.
    pub date: NaiveDate,
    /// Off or on.
    pub kind: HolidayKind,
    /// What for, such as 春节.
    pub name: Option<String>,
}

impl Record for HolidayRow {
    type State = ();
    const KIND: Kind = Kind::Holidays;

    fn read((): &mut (), cells: &mut Cells<'_>, out: &mut Vec<Row<Self>>) {
        let kind = cells.word(C::What, KIND);
        if kind.is_none() && cells.raw(C::What).is_empty() {
            cells.missing(C::What);
        }
        let date = cells.required_date(C::Day);
        let row = Self { date, kind: kind.unwrap_or(HolidayKind::Holiday), name: cells.text(C::Name) };
        out.push(Row { origin: cells.origin(), value: row });
    }

    fn write(&self, cells: &mut Vec<String>) {
        cells.extend([self.date.to_string(), self.kind.word().to_owned(), self.name.clone().unwrap_or_default()]);
    }
}
