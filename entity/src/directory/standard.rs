//! Editions of standards.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::StandardStatus,
    ids::StandardId,
    record::{record, versioned},
};

/// One edition of a standard.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "standard")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StandardId,
    /// Number in canonical print, such as `GB/T 5009.12-2017`.
    pub number: String,
    /// Family and number without `/T` and year, such as `GB 5009.12`.
    pub key: String,
    /// Year of the edition.
    pub year: Option<i32>,
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: Option<String>,
    /// Where it is in its life.
    pub status: StandardStatus,
    /// Number of the edition that replaced it, in canonical print.
    pub replaced_by: Option<String>,
    /// 发布日期.
    pub published_on: Option<Date>,
    /// 实施日期.
    pub effective_on: Option<Date>,
    /// 废止日期.
    pub withdrawn_on: Option<Date>,
    /// Counts the edits, from 1.
    pub version: i32,
    /// When it entered the register.
    pub created_at: DateTimeUtc,
    /// When it was last edited.
    pub updated_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(StandardId::KIND, id);
versioned!(id, Id);
