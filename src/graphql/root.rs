//! The root of the schema: the one place that lists the capabilities.

use std::sync::Arc;

use async_graphql::{MergedObject, MergedSubscription, Object, SchemaBuilder};

use super::{
    access::{OPEN, access},
    node::NodeQuery,
};
use crate::{
    attachment::{
        Attachments,
        graphql::{AttachmentMutation, AttachmentQuery},
    },
    capacity::{
        calendar::graphql::{CapacityMutation, CapacityQuery},
        feed::graphql::{CalendarFeedMutation, CalendarFeedQuery},
        offering::graphql::{OfferingMutation, OfferingQuery},
    },
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
        follower::Hub,
        graphql::{EventQuery, EventSubscription},
    },
    request::graphql::{
        AmendmentMutation, AttachMutation, CustodyMutation, DeskQuery, InboxQuery, RequestMutation, SupplyMutation,
    },
    search::{
        graphql::{FindQuery, SearchQuery},
        saved::graphql::{SavedSearchMutation, SavedSearchQuery},
        service::Finder,
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
    SearchQuery,
    FindQuery,
    SavedSearchQuery,
    DeskQuery,
    InboxQuery,
    AttachmentQuery,
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
    AttachMutation,
    CustodyMutation,
    AttachmentMutation,
    MessageMutation,
);

/// Everything that can be followed.
#[derive(Default, MergedSubscription)]
pub struct Subscription(EventSubscription);

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
    builder().data(services.events.clone()).data(services).finish()
}

/// The schema before its services.
pub fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default()).disable_suggestions()
}
