//! Lines of capability annexes (能力附表), all revisions of each.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::Visibility,
    ids::{AgencyCode, CertificateId, LabId, ScopeId, ScopeVersionId},
    record::{record, revised},
};

/// One revision of one line: a parameter, in an object, by a method, at a site.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "competence_scope")]
pub struct Model {
    /// Key over all revisions.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ScopeId,
    /// Counts the revisions, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i32,
    /// The edition that brought this revision.
    pub scope_version_id: ScopeVersionId,
    /// The certificate.
    pub certificate_id: CertificateId,
    /// The site.
    pub lab_id: LabId,
    /// The agency that owns the record and alone may write it.
    pub agency: AgencyCode,
    /// 序号 as written, such as `1.2.1`.
    pub serial: String,
    /// 序号 folded so that byte order is natural order.
    pub serial_key: String,
    /// 类别 / 领域.
    pub field: String,
    /// 产品 / 检测对象.
    pub object: String,
    /// 项目 / 参数.
    pub parameter: String,
    /// 依据的标准（方法） as written.
    pub method: String,
    /// Family and number of the standard without `/T` and year, such as `GB 5009.12`.
    pub standard_key: Option<String>,
    /// Year of the standard; none where undated.
    pub standard_year: Option<i32>,
    /// Clause or 第一法 within the standard.
    pub clause: Option<String>,
    /// 限制范围.
    pub limits: Option<String>,
    /// 说明.
    pub remarks: Option<String>,
    /// Who may see it.
    pub visibility: Visibility,
    /// First date on which this revision is in force.
    pub effective_from: Date,
    /// First date on which it no longer is; `FOREVER` while it is the last.
    pub effective_to: Date,
    /// When this revision entered the register.
    pub recorded_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(ScopeId::KIND, id, agency);
revised!();
