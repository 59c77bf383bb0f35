//! Any object by its typed id.

use async_graphql::{Context, ID, Interface, Object, Result};
use entity::ids::{
    AgencyCode, ApprovalRulesId, AttachmentId, CalibrationId, CertificateId, DeputyId, EquipmentId, InstitutionId,
    LabId, MachineAccountId, OfferId, OfferingId, ReferralId, RegionCode, RequestId, SavedSearchId, ScopeId,
    ScopeVersionId, SignatoryId, SpareOfferId, StandardId, WebhookId,
};

use super::{access::access, scalars::parse_id};
use crate::{
    approval::graphql::{ApprovalRules, Deputy},
    attachment::graphql::Attachment,
    capacity::offering::graphql::Offering,
    directory::{
        agency::graphql::Agency,
        certificate::graphql::Certificate,
        equipment::graphql::{Calibration, Equipment},
        institution::graphql::Institution,
        lab::graphql::Lab,
        person::graphql::Signatory,
        region::graphql::Region,
        scope::graphql::{CompetenceScope, ScopeVersion},
        standard::graphql::Standard,
    },
    identity::account::graphql::MachineAccount,
    platform::{access::Action, fault::Fault},
    request::graphql::{Offer, Referral, Request, SpareOffer},
    search::saved::graphql::SavedSearch,
    webhook::graphql::Webhook,
};

/// Reading one object by its id; what may be seen of it is the object's own rule.
pub const READ: Action = Action::new("node.read", "directory:read");

/// Most ids of one call.
const MOST: usize = 100;

/// Anything with a typed id (GraphQL Global Object Identification).
#[derive(Clone, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Typed id, such as `lab:…`."))]
pub enum Node {
    /// See the type.
    Agency(Agency),
    /// See the type.
    Region(Region),
    /// See the type.
    Institution(Institution),
    /// See the type.
    Lab(Lab),
    /// See the type.
    Certificate(Certificate),
    /// See the type.
    ScopeVersion(ScopeVersion),
    /// See the type.
    CompetenceScope(CompetenceScope),
    /// See the type.
    Standard(Standard),
    /// See the type.
    Equipment(Equipment),
    /// See the type.
    Calibration(Calibration),
    /// See the type.
    Signatory(Signatory),
    /// See the type.
    MachineAccount(MachineAccount),
    /// See the type.
    Offering(Offering),
    /// See the type.
    SavedSearch(SavedSearch),
    /// See the type.
    Request(Request),
    /// See the type.
    Referral(Referral),
    /// See the type.
    Offer(Offer),
    /// See the type.
    Attachment(Attachment),
    /// See the type.
    SpareOffer(SpareOffer),
    /// See the type.
    ApprovalRules(ApprovalRules),
    /// See the type.
    Deputy(Deputy),
    /// See the type.
    Webhook(Webhook),
}

/// Asking for objects by their ids.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The object of a typed id, as it stands today; null where there is none that you can see.
    #[graphql(directive = access::apply(READ))]
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A typed id, such as `lab:…`.")] id: ID,
    ) -> Result<Option<Node>> {
        find(ctx, &id).await
    }

    /// The objects of many typed ids, in their order; null where there is none that you can see.
    #[graphql(directive = access::apply(READ))]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most 100 typed ids.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > MOST {
            return Err(
                Fault::invalid("ids", "TOO_MANY", format!("Ask for at most {MOST} ids, then for the rest.")).into()
            );
        }
        futures_util::future::try_join_all(ids.iter().map(|id| find(ctx, id))).await
    }
}

/// The object of a typed id, as it stands today.
///
/// # Errors
/// `INVALID` for what is no id; `UNAVAILABLE`.
pub async fn find(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    let kind = id.split_once(':').map_or("", |(kind, _)| kind);
    Ok(match kind {
        AgencyCode::KIND => Agency::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        RegionCode::KIND => Region::of(&parse_id::<RegionCode>(id, "id")?).map(Into::into),
        InstitutionId::KIND => Institution::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        LabId::KIND => Lab::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        CertificateId::KIND => Certificate::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        ScopeVersionId::KIND => ScopeVersion::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        ScopeId::KIND => CompetenceScope::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        StandardId::KIND => Standard::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        EquipmentId::KIND => Equipment::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        CalibrationId::KIND => Calibration::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        SignatoryId::KIND => Signatory::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        OfferingId::KIND => Offering::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        SavedSearchId::KIND => SavedSearch::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        RequestId::KIND => Request::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        ReferralId::KIND => Referral::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        OfferId::KIND => Offer::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        SpareOfferId::KIND => SpareOffer::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        AttachmentId::KIND => Attachment::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        ApprovalRulesId::KIND => ApprovalRules::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        DeputyId::KIND => Deputy::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        WebhookId::KIND => Webhook::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        MachineAccountId::KIND => MachineAccount::find(ctx, parse_id(id, "id")?).await?.map(Into::into),
        _ => return Err(Fault::invalid("id", "ID", "Pass an id as the API gave it, such as lab:….").into()),
    })
}
