//! Standards in files.

use chrono::NaiveDate;
use entity::enums::StandardStatus;

use super::{day, maybe};
use crate::exchange::format::{Cells, Kind, Record, Row, column::columns};

columns! {
    Number "number" ["标准编号", "标准号", "标准代号", "Standard number", "Standard no"] needed;
    TitleZh "title_zh" ["标准名称", "中文名称", "名称", "Title"] needed;
    TitleEn "title_en" ["英文名称", "标准英文名称", "English title"];
    Status "status" ["状态", "标准状态"] needed;
    ReplacedBy "replaced_by" ["被代替标准", "代替标准", "替代标准", "被以下标准代替", "Superseded by"];
    PublishedOn "published_on" ["发布日期", "Published"];
    EffectiveOn "effective_on" ["实施日期", "Effective", "Effective date"];
    WithdrawnOn "withdrawn_on" ["废止日期", "Withdrawn"];
}

const STATUS: &[(&str, StandardStatus)] = &[
    ("现行", StandardStatus::Current),
    ("有效", StandardStatus::Current),
    ("即将实施", StandardStatus::Upcoming),
    ("被代替", StandardStatus::Superseded),
    ("被替代", StandardStatus::Superseded),
    ("废止", StandardStatus::Withdrawn),
    ("作废", StandardStatus::Withdrawn),
];

/// A standard as a file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct StandardRow {
    /// Number with year, as written.
    pub number: String,
    /// Chinese title, or the only one.
    pub title_zh: String,
    /// English title.
    pub title_en: Option<String>,
    /// Where it is in its life.
    pub status: StandardStatus,
    /// Number of its successor, as written.
    pub replaced_by: Option<String>,
    /// Day of publication.
    pub published_on: Option<NaiveDate>,
    /// First day in force.
    pub effective_on: Option<NaiveDate>,
    /// First day out of force.
    pub withdrawn_on: Option<NaiveDate>,
}

impl Record for StandardRow {
    type State = ();
    const KIND: Kind = Kind::Standards;

    fn read((): &mut (), cells: &mut Cells<'_>, out: &mut Vec<Row<Self>>) {
        let status = cells.word(C::Status, STATUS);
        if status.is_none() && cells.raw(C::Status).is_empty() {
            cells.missing(C::Status);
        }
        let row = Self {
            number: cells.required(C::Number),
            title_zh: cells.required(C::TitleZh),
            title_en: cells.text(C::TitleEn),
            status: status.unwrap_or(StandardStatus::Current),
            replaced_by: cells.text(C::ReplacedBy),
            published_on: cells.date(C::PublishedOn),
            effective_on: cells.date(C::EffectiveOn),
            withdrawn_on: cells.date(C::WithdrawnOn),
        };
        out.push(Row { origin: cells.origin(), value: row });
    }

    fn write(&self, cells: &mut Vec<String>) {
        cells.extend([
            self.number.clone(),
            self.title_zh.clone(),
            maybe(self.title_en.as_ref()),
            self.status.word().to_owned(),
            maybe(self.replaced_by.as_ref()),
            day(self.published_on),
            day(self.effective_on),
            day(self.withdrawn_on),
        ]);
    }
}
