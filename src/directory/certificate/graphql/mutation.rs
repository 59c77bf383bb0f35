//! Mutations of certificates.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use entity::ids::{CertificateId, LabId};

use super::{Certificate, CertificateScheme};
use crate::{
    directory::{
        certificate::{
            model::{CertificateEdit, NewCertificate},
            policy,
            service::{self, Step},
        },
        graphql::Visibility,
    },
    graphql::{
        access::access,
        context::command,
        scalars::{Date, parse_id, patch},
    },
    payload,
    platform::fault::Outcome,
};

payload!(CertificatePayload, certificate: Certificate, CertificateId, "The certificate");

/// A certificate to be entered.
#[derive(Clone, Debug, InputObject)]
pub struct CertificateCreateInput {
    /// Id of the holder.
    pub institution: ID,
    /// The scheme.
    pub scheme: CertificateScheme,
    /// Number as it stands on the paper.
    pub number: String,
    /// Who issued it.
    pub issuer: Option<String>,
    /// First date of validity.
    pub valid_from: Date,
    /// Last date of validity; none where unlimited.
    pub valid_to: Option<Date>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// Ids of the sites that it covers, all of the holder.
    pub labs: Option<Vec<ID>>,
    /// Date from which the register knows it.
    pub effective_from: Option<Date>,
}

impl CertificateCreateInput {
    fn read(self) -> Outcome<NewCertificate> {
        let labs = self.labs.unwrap_or_default();
        Ok(NewCertificate {
            institution: parse_id(&self.institution, "input.institution")?,
            scheme: self.scheme.into(),
            number: self.number,
            issuer: self.issuer,
            valid_from: self.valid_from.0,
            valid_to: self.valid_to.map(|date| date.0),
            visibility: self.visibility.map_or(entity::enums::Visibility::Public, Into::into),
            labs: labs.iter().map(|id| parse_id(id, "input.labs")).collect::<Outcome<_>>()?,
            effective_from: self.effective_from.map(|date| date.0),
        })
    }
}

/// Edits of a certificate. What is not given is left as it is.
#[derive(Clone, Debug, InputObject)]
pub struct CertificateEditInput {
    /// The scheme.
    pub scheme: Option<CertificateScheme>,
    /// The number.
    pub number: Option<String>,
    /// Who issued it; null empties it.
    pub issuer: MaybeUndefined<String>,
    /// First date of validity.
    pub valid_from: Option<Date>,
    /// Last date of validity; null makes it unlimited.
    pub valid_to: MaybeUndefined<Date>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// Date from which the edit holds; today where not given.
    pub effective_from: Option<Date>,
}

impl From<CertificateEditInput> for CertificateEdit {
    fn from(given: CertificateEditInput) -> Self {
        Self {
            scheme: given.scheme.map(Into::into),
            number: given.number,
            issuer: patch(given.issuer, |text| text),
            valid_from: given.valid_from.map(|date| date.0),
            valid_to: patch(given.valid_to, |date| date.0),
            visibility: given.visibility.map(Into::into),
            effective_from: given.effective_from.map(|date| date.0),
        }
    }
}

/// Changing certificates.
#[derive(Default)]
pub struct CertificateMutation;

#[Object]
impl CertificateMutation {
    /// Enter a certificate of one of your institutions.
    #[graphql(directive = access::apply(policy::CREATE))]
    async fn certificate_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The certificate.")] input: CertificateCreateInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<CertificatePayload> {
        let id = service::create(&command(ctx, None, idempotency_key)?, input.read()?).await?;
        Ok(CertificatePayload(id))
    }

    /// Edit a certificate: its last revision ends and the next begins.
    #[graphql(directive = access::apply(policy::EDIT))]
    async fn certificate_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The certificate.")] id: ID,
        #[graphql(desc = "What changes.")] input: CertificateEditInput,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<CertificatePayload> {
        let id = parse_id(&id, "id")?;
        let id = service::edit(&command(ctx, version, idempotency_key)?, id, input.into()).await?;
        Ok(CertificatePayload(id))
    }

    /// Note that the issuer has suspended a certificate (暂停).
    #[graphql(directive = access::apply(policy::SUSPEND))]
    async fn certificate_suspend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The certificate.")] id: ID,
        #[graphql(desc = "Why; 1 to 500 characters.")] reason: String,
        #[graphql(desc = "First date on which it holds; today where not given.")] on: Option<Date>,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<CertificatePayload> {
        let step = Step { reason, on: on.map(|date| date.0) };
        let id = service::suspend(&command(ctx, version, idempotency_key)?, parse_id(&id, "id")?, step).await?;
        Ok(CertificatePayload(id))
    }

    /// Note that the issuer has resumed a suspended certificate.
    #[graphql(directive = access::apply(policy::RESUME))]
    async fn certificate_resume(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The certificate.")] id: ID,
        #[graphql(desc = "Why; 1 to 500 characters.")] reason: String,
        #[graphql(desc = "First date on which it holds; today where not given.")] on: Option<Date>,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<CertificatePayload> {
        let step = Step { reason, on: on.map(|date| date.0) };
        let id = service::resume(&command(ctx, version, idempotency_key)?, parse_id(&id, "id")?, step).await?;
        Ok(CertificatePayload(id))
    }

    /// Note that the issuer has withdrawn a certificate (撤销, 注销), for good.
    #[graphql(directive = access::apply(policy::WITHDRAW))]
    async fn certificate_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The certificate.")] id: ID,
        #[graphql(desc = "Why; 1 to 500 characters.")] reason: String,
        #[graphql(desc = "First date on which it holds; today where not given.")] on: Option<Date>,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<CertificatePayload> {
        let step = Step { reason, on: on.map(|date| date.0) };
        let id = service::withdraw(&command(ctx, version, idempotency_key)?, parse_id(&id, "id")?, step).await?;
        Ok(CertificatePayload(id))
    }

    /// Enter that a certificate covers a site from a date on.
    #[graphql(directive = access::apply(policy::COVER))]
    async fn certificate_cover(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The certificate.")] id: ID,
        #[graphql(desc = "The site, of the same institution.")] lab: ID,
        #[graphql(desc = "First date on which it holds; today where not given.")] on: Option<Date>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<CertificatePayload> {
        let (id, lab): (CertificateId, LabId) = (parse_id(&id, "id")?, parse_id(&lab, "lab")?);
        let id = service::cover(&command(ctx, None, idempotency_key)?, id, lab, on.map(|date| date.0)).await?;
        Ok(CertificatePayload(id))
    }

    /// Enter that a certificate covers a site no longer from a date on.
    #[graphql(directive = access::apply(policy::UNCOVER))]
    async fn certificate_uncover(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The certificate.")] id: ID,
        #[graphql(desc = "The site, of the same institution.")] lab: ID,
        #[graphql(desc = "First date on which it holds; today where not given.")] on: Option<Date>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<CertificatePayload> {
        let (id, lab): (CertificateId, LabId) = (parse_id(&id, "id")?, parse_id(&lab, "lab")?);
        let id = service::uncover(&command(ctx, None, idempotency_key)?, id, lab, on.map(|date| date.0)).await?;
        Ok(CertificatePayload(id))
    }
}
