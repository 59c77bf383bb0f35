//! How institutions and labs are reached.

use super::text;
use crate::platform::{
    fault::Problems,
    patch::Patch,
    personal::{Erasable, Tombstone},
};

/// The contact of a table's rows, as data of a person that can be erased.
pub const fn erasable(table: &'static str, key: &'static str, owner: &'static str) -> Option<Erasable> {
    let leaves =
        &[("contact_name", Tombstone::Null), ("contact_phone", Tombstone::Null), ("contact_email", Tombstone::Null)];
    Some(Erasable { table, key, owner, leaves })
}

/// How somebody is reached, as an edit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactEdit {
    /// A person or an office.
    pub name: Patch<String>,
    /// Telephone.
    pub phone: Patch<String>,
    /// E-mail.
    pub email: Patch<String>,
}

impl ContactEdit {
    /// In good form; problems are added below `path`.
    pub fn checked(self, problems: &mut Problems, path: &str) -> Self {
        Self {
            name: text::patched(problems, &format!("{path}.name"), self.name, text::NAME),
            phone: text::patched(problems, &format!("{path}.phone"), self.phone, text::NAME),
            email: text::email(problems, &format!("{path}.email"), self.email),
        }
    }
}
