//! Who may see a record, as the API spells it.

use async_graphql::Enum;
use entity::enums;

/// Who may see a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::Visibility")]
pub enum Visibility {
    /// Everybody whom the instance lets in, the anonymous included where they are.
    Public,
    /// Every agency of the pact.
    Partner,
    /// The owning agency alone.
    Own,
}
