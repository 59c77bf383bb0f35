//! The institution room.

pub mod policy;
pub mod store;
pub mod uscc;

impl crate::platform::access::Ruled for entity::institution::Model {
    const KIND: &'static str = "institution";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn rule(
        &self,
        actor: &crate::platform::access::Actor,
        _: crate::platform::access::Action,
    ) -> crate::platform::access::Ruling {
        use crate::platform::access::Ruling;
        if actor.acts_for(&self.agency) { Ruling::Allowed } else { Ruling::Forbidden("It belongs to another agency.") }
    }
}
