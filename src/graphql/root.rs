//! The root of the schema: the one place that lists the capabilities.

use async_graphql::{EmptyMutation, EmptySubscription, MergedObject, Object};

use super::access::{OPEN, access};

/// The whole schema.
pub type Schema = async_graphql::Schema<Query, EmptyMutation, EmptySubscription>;

/// What resolvers need besides the database.
#[derive(Clone, Debug, Default)]
pub struct Services {}

/// Everything that can be asked.
#[derive(Default, MergedObject)]
pub struct Query(Instance);

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
pub fn schema(_services: Services) -> Schema {
    Schema::build(Query::default(), EmptyMutation, EmptySubscription).disable_suggestions().finish()
}
