//! Mutations of annexes and their lines.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use entity::ids::{ScopeId, ScopeVersionId};

use super::{CompetenceScope, ScopeVersion, edition::ScopeVersionReason};
use crate::{
    directory::{
        graphql::Visibility,
        scope::{
            model::{Edition, LineEdit, NewEdition, NewLine},
            policy,
            service::{self, AddLine},
        },
    },
    graphql::{
        access::access,
        context::{as_of as asked_date, command},
        scalars::{Date, parse_id, patch},
    },
    payload,
};

payload!(ScopePayload, scope: CompetenceScope, ScopeId, "The line");
payload!(ScopeVersionPayload, scope_version: ScopeVersion, ScopeVersionId, "The edition");

/// A line of an annex.
#[derive(Clone, Debug, InputObject)]
pub struct ScopeLineInput {
    /// 序号, such as `1.2.1`.
    pub serial: Option<String>,
    /// 类别 / 领域.
    pub field: String,
    /// 产品 / 检测对象.
    pub object: String,
    /// 项目 / 参数.
    pub parameter: String,
    /// 依据的标准（方法）: name and number with year; one standard.
    pub method: String,
    /// Clause or 第一法, where it does not stand in the method.
    pub clause: Option<String>,
    /// 限制范围.
    pub limits: Option<String>,
    /// 说明.
    pub remarks: Option<String>,
    /// Who may see it; PUBLIC where not given.
    pub visibility: Option<Visibility>,
}

impl From<ScopeLineInput> for NewLine {
    fn from(given: ScopeLineInput) -> Self {
        Self {
            serial: given.serial.unwrap_or_default(),
            field: given.field,
            object: given.object,
            parameter: given.parameter,
            method: given.method,
            clause: given.clause,
            limits: given.limits,
            remarks: given.remarks,
            visibility: given.visibility.map(Into::into),
        }
    }
}

/// A new edition of an annex, with the lines that it brings for one site.
#[derive(Clone, Debug, InputObject)]
pub struct ScopeVersionOpenInput {
    /// Id of the certificate.
    pub certificate: ID,
    /// Id of the site.
    pub lab: ID,
    /// Why it comes to be.
    pub reason: ScopeVersionReason,
    /// Its date, from which its lines are in force; today where not given.
    pub dated: Option<Date>,
    /// Free text.
    pub remarks: Option<String>,
    /// Its lines, at most 1,000; larger annexes are imported.
    #[graphql(validator(max_items = 1000))]
    pub lines: Vec<ScopeLineInput>,
}

/// A line that an edition lacks.
#[derive(Clone, Debug, InputObject)]
pub struct ScopeAddInput {
    /// Id of the edition.
    pub scope_version: ID,
    /// Id of the site.
    pub lab: ID,
    /// The line.
    pub line: ScopeLineInput,
    /// First date on which it is in force; the date of the edition where not given.
    pub effective_from: Option<Date>,
}

/// Edits of a line. What is not given is left as it is.
#[derive(Clone, Debug, InputObject)]
pub struct ScopeEditInput {
    /// 序号.
    pub serial: Option<String>,
    /// 类别 / 领域.
    pub field: Option<String>,
    /// 产品 / 检测对象.
    pub object: Option<String>,
    /// 项目 / 参数.
    pub parameter: Option<String>,
    /// 依据的标准（方法）.
    pub method: Option<String>,
    /// Clause or 第一法; null: as it stands in the method.
    pub clause: MaybeUndefined<String>,
    /// 限制范围; null empties it.
    pub limits: MaybeUndefined<String>,
    /// 说明; null empties it.
    pub remarks: MaybeUndefined<String>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// Date from which the edit holds; today where not given.
    pub effective_from: Option<Date>,
}

impl From<ScopeEditInput> for LineEdit {
    fn from(given: ScopeEditInput) -> Self {
        Self {
            serial: given.serial,
            field: given.field,
            object: given.object,
            parameter: given.parameter,
            method: given.method,
            clause: patch(given.clause, |text| text),
            limits: patch(given.limits, |text| text),
            remarks: patch(given.remarks, |text| text),
            visibility: given.visibility.map(Into::into),
            effective_from: given.effective_from.map(|date| date.0),
        }
    }
}

/// Changing annexes.
#[derive(Default)]
pub struct ScopeMutation;

#[Object]
impl ScopeMutation {
    /// Open a new edition of an annex, with its lines for one site.
    #[graphql(directive = access::apply(policy::OPEN))]
    async fn scope_version_open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The edition and its lines.")] input: ScopeVersionOpenInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<ScopeVersionPayload> {
        let new = NewEdition {
            certificate: parse_id(&input.certificate, "input.certificate")?,
            lab: parse_id(&input.lab, "input.lab")?,
            edition: Edition {
                reason: input.reason.into(),
                dated: asked_date(ctx, input.dated)?,
                remarks: input.remarks,
            },
            lines: input.lines.into_iter().map(Into::into).collect(),
        };
        Ok(ScopeVersionPayload(service::open_edition(&command(ctx, None, idempotency_key)?, new).await?))
    }

    /// Add a line to an edition.
    #[graphql(directive = access::apply(policy::ADD))]
    async fn scope_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The line and where it belongs.")] input: ScopeAddInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<ScopePayload> {
        let add = AddLine {
            edition: parse_id(&input.scope_version, "input.scopeVersion")?,
            lab: parse_id(&input.lab, "input.lab")?,
            line: input.line.into(),
            effective_from: input.effective_from.map(|date| date.0),
        };
        Ok(ScopePayload(service::add_line(&command(ctx, None, idempotency_key)?, add).await?))
    }

    /// Edit a line: its last revision ends and the next begins.
    #[graphql(directive = access::apply(policy::EDIT))]
    async fn scope_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The line.")] id: ID,
        #[graphql(desc = "What changes.")] input: ScopeEditInput,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<ScopePayload> {
        let id = parse_id(&id, "id")?;
        Ok(ScopePayload(service::edit_line(&command(ctx, version, idempotency_key)?, id, input.into()).await?))
    }

    /// Change who may see a line.
    #[graphql(directive = access::apply(policy::SHOW))]
    async fn scope_show(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The line.")] id: ID,
        #[graphql(desc = "Who may see it from now on.")] visibility: Visibility,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<ScopePayload> {
        let id = parse_id(&id, "id")?;
        Ok(ScopePayload(service::show_line(&command(ctx, version, idempotency_key)?, id, visibility.into()).await?))
    }

    /// Withdraw a line from a date on, for good.
    #[graphql(directive = access::apply(policy::WITHDRAW))]
    async fn scope_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The line.")] id: ID,
        #[graphql(desc = "Why; 1 to 500 characters.")] reason: String,
        #[graphql(desc = "First date on which it is no longer in force; today where not given.")] on: Option<Date>,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<ScopeWithdrawPayload> {
        let id = parse_id(&id, "id")?;
        let id = service::withdraw_line(&command(ctx, version, idempotency_key)?, id, &reason, on.map(|date| date.0))
            .await?;
        Ok(ScopeWithdrawPayload { id: crate::graphql::scalars::show_id(id) })
    }
}

/// The line that was withdrawn. Ask for it with an `asOf` on which it was in force.
#[derive(async_graphql::SimpleObject)]
pub struct ScopeWithdrawPayload {
    /// Its typed id.
    id: ID,
}
