//! What the nouns of the directory have in common in the schema.

use async_graphql::{Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{enums, ids::AgencyCode};

use super::contact::ContactEdit;
pub use crate::graphql::visibility::Visibility;
use crate::{
    graphql::scalars::patch,
    platform::{filter::OneOf, lenient::fold_code},
};

/// Whether an institution, lab or signatory takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::Standing")]
pub enum Standing {
    /// Takes part.
    Active,
    /// Set aside for a stated reason; can be resumed.
    Suspended,
    /// Gone for good; kept for the record.
    Retired,
}

/// How somebody is reached. Shown to members of the pact only.
#[derive(Clone, Debug, SimpleObject)]
pub struct Contact {
    /// A person or an office.
    pub name: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

/// How somebody is reached. Fields that are not given are left as they are; null empties one.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ContactInput {
    /// A person or an office.
    pub name: MaybeUndefined<String>,
    /// Telephone.
    pub phone: MaybeUndefined<String>,
    /// E-mail.
    pub email: MaybeUndefined<String>,
}

impl From<ContactInput> for ContactEdit {
    fn from(given: ContactInput) -> Self {
        let text = |field| patch(field, |text: String| text);
        Self { name: text(given.name), phone: text(given.phone), email: text(given.email) }
    }
}

/// Codes of agencies, any of which will do.
pub fn agencies(codes: Option<Vec<String>>) -> Option<OneOf<AgencyCode>> {
    let upper = |code: String| AgencyCode(fold_code(&code));
    codes.map(|codes| any_of(codes.into_iter().map(upper).collect()))
}

/// Any of these.
pub fn any_of<T>(values: Vec<T>) -> OneOf<T> {
    OneOf { any_of: Some(values), none_of: None }
}

/// Words of the API as words of the rows, any of which will do.
pub fn words<W: Into<T>, T>(words: Option<Vec<W>>) -> Option<OneOf<T>> {
    words.map(|words| any_of(words.into_iter().map(Into::into).collect()))
}
