//! The root of the schema: the one place that lists the capabilities.

use std::sync::Arc;

use async_graphql::{MergedObject, MergedSubscription, Object, SchemaBuilder};

use super::{
    access::{OPEN, access},
    catalogue::catalogue,
    node::NodeQuery,
};
use crate::{
    approval::graphql::{ApprovalMutation, ApprovalQuery},
    attachment::{
        Attachments,
        graphql::{AttachmentMutation, AttachmentQuery},
    },
    audit::graphql::{AccessQuery, ChainQuery, HistoryQuery, PersonalDataMutation},
    capacity::{
        calendar::graphql::{CapacityMutation, CapacityQuery},
        feed::graphql::{CalendarFeedMutation, CalendarFeedQuery},
        offering::graphql::{OfferingMutation, OfferingQuery},
    },
    copy::graphql::CopyQuery,
    directory::{
        agency::graphql::{AgencyMutation, AgencyQuery},
        calendar::graphql::{CalendarMutation, CalendarQuery},
        certificate::graphql::{CertificateMutation, CertificateQuery},
        equipment::graphql::{EquipmentMutation, EquipmentQuery},
        institution::graphql::{InstitutionMutation, InstitutionQuery},
        lab::graphql::{LabMutation, LabQuery},
        person::graphql::SignatoryMutation,
        region::graphql::RegionQuery,
        scope::graphql::{ScopeMutation, ScopeQuery},
        standard::graphql::{StandardMutation, StandardQuery},
    },
    exchange::graphql::ExchangeMutation,
    identity::{
        account::graphql::{AccountMutation, AccountQuery},
        revocation::RevocationList,
    },
    message::{
        Messages,
        graphql::{MessageMutation, MessageQuery},
    },
    notify::{
        graphql::{EventQuery, EventSubscription},
        hub::Hub,
    },
    platform::{access_log::Accesses, personal::Guarded},
    request::graphql::{
        AmendmentMutation, AttachMutation, CoordinationMutation, CustodyMutation, DeskQuery, DeskSubscription,
        InboxQuery, OfferApprovalMutation, RequestMutation, SpareMutation, SpareQuery, SupplyMutation,
    },
    search::{
        graphql::{FindQuery, SearchQuery},
        saved::graphql::{SavedSearchMutation, SavedSearchQuery},
        service::Finder,
    },
    webhook::{
        Settings as WebhookSettings,
        graphql::{WebhookMutation, WebhookQuery},
    },
};

/// The whole schema.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// What resolvers need besides the database.
#[derive(Clone, Debug, Default)]
pub struct Services {
    /// Who is revoked, as this node knows it.
    pub revocations: Arc<RevocationList>,
    /// Where events come from.
    pub events: Hub,
    /// Where questions are asked.
    pub finder: Finder,
    /// Where files are kept.
    pub attachments: Attachments,
    /// Where readings of what is protected are noted.
    pub accesses: Accesses,
    /// Which columns tell of persons, and which are secret.
    pub guarded: Arc<[Guarded]>,
    /// How webhooks are sent.
    pub webhooks: Arc<WebhookSettings>,
    /// How messages to people are made, and whether they are mailed.
    pub messages: Messages,
}

/// Everything that can be asked.
#[derive(Default, MergedObject)]
pub struct Query(
    Instance,
    NodeQuery,
    RegionQuery,
    AgencyQuery,
    InstitutionQuery,
    LabQuery,
    CertificateQuery,
    ScopeQuery,
    StandardQuery,
    EquipmentQuery,
    CalendarQuery,
    OfferingQuery,
    CapacityQuery,
    CalendarFeedQuery,
    AccountQuery,
    EventQuery,
    CopyQuery,
    SearchQuery,
    FindQuery,
    SavedSearchQuery,
    DeskQuery,
    InboxQuery,
    SpareQuery,
    ApprovalQuery,
    AttachmentQuery,
    ChainQuery,
    HistoryQuery,
    AccessQuery,
    WebhookQuery,
    MessageQuery,
);

/// Everything that can be changed.
#[derive(Default, MergedObject)]
pub struct Mutation(
    AgencyMutation,
    InstitutionMutation,
    LabMutation,
    CertificateMutation,
    ScopeMutation,
    StandardMutation,
    EquipmentMutation,
    SignatoryMutation,
    CalendarMutation,
    OfferingMutation,
    CapacityMutation,
    CalendarFeedMutation,
    AccountMutation,
    ExchangeMutation,
    SavedSearchMutation,
    RequestMutation,
    SupplyMutation,
    AmendmentMutation,
    OfferApprovalMutation,
    SpareMutation,
    CoordinationMutation,
    ApprovalMutation,
    AttachMutation,
    CustodyMutation,
    AttachmentMutation,
    PersonalDataMutation,
    WebhookMutation,
    MessageMutation,
);

/// Everything that can be followed.
#[derive(Default, MergedSubscription)]
pub struct Subscription(EventSubscription, DeskSubscription);

/// What this instance is.
#[derive(Default)]
pub struct Instance;

#[Object]
impl Instance {
    /// The version of the program that answers.
    #[graphql(directive = access::apply(OPEN))]
    async fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}

/// Builds the schema.
pub fn schema(services: Services) -> Schema {
    builder().data(services.events.clone()).data(catalogue()).data(services).finish()
}

/// The schema before its services.
pub fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default()).disable_suggestions()
}
