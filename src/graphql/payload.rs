//! Payloads of mutations: the object as it stands after the act, read when it is asked for.

/// `payload!(LabPayload, lab: Lab, LabId, "The lab")`: a payload with one field, found by the id that the service
/// answered. `Lab` needs `async fn find(ctx, id) -> Result<Option<Lab>>`.
#[macro_export]
macro_rules! payload {
    ($payload:ident, $field:ident: $node:ty, $id:ty, $what:literal) => {
        #[doc = concat!($what, " after the act.")]
        pub struct $payload(pub $id);

        #[doc = concat!($what, " after the act.")]
        #[async_graphql::Object]
        impl $payload {
            #[doc = concat!($what, " as it stands now.")]
            async fn $field(&self, ctx: &async_graphql::Context<'_>) -> async_graphql::Result<$node> {
                let found = <$node>::find(ctx, self.0.clone()).await?;
                Ok(found.ok_or_else(|| $crate::platform::fault::Fault::not_found(<$id>::KIND, &self.0))?)
            }
        }
    };
}
