//! The row rule.

use crate::{
    directory::policy::owned,
    platform::access::{Action, Actor, Ruled, Ruling},
};

impl Ruled for entity::institution::Model {
    const KIND: &'static str = entity::ids::InstitutionId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        owned(actor, &self.agency, self.visibility, Some(self.id), None)
    }
}
