//! Items of requests.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::ItemState,
    ids::{AgencyCode, RequestId, RequestItemId, ScopeId},
    record::{record, versioned},
};

/// One thing that a request asks for: a parameter of an object, so and so often.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "request_item")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RequestItemId,
    /// The request.
    pub request_id: RequestId,
    /// The requesting agency.
    pub agency: AgencyCode,
    /// Place in the request, from 1.
    pub position: i32,
    /// Parameter (项目/参数).
    pub parameter: String,
    /// Object (产品/检测对象).
    pub object: String,
    /// Method as it was written: a standard number.
    pub method: Option<String>,
    /// Family and number of the standard, by which methods are compared.
    pub method_key: Option<String>,
    /// Year of the standard.
    pub method_year: Option<i32>,
    /// How many units.
    pub quantity: i32,
    /// What is counted, such as 样品.
    pub unit: String,
    /// Remarks.
    pub remarks: Option<String>,
    /// A scope line that the requester has in mind.
    pub scope_id: Option<ScopeId>,
    /// How far it has come.
    pub state: ItemState,
    /// Counts the edits, from 1.
    pub version: i32,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(RequestItemId::KIND, id, agency);
versioned!(id, Id);
