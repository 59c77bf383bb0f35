//! Listed holidays and make-up days.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{enums::HolidayKind, record::record};

/// One listed date.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "holiday")]
pub struct Model {
    /// The date, in Asia/Shanghai.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// Off or on.
    pub kind: HolidayKind,
    /// The festival.
    pub name: String,
    /// When it entered the register.
    pub recorded_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!("holiday", day);
