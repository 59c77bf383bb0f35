//! Who reads, what is told to whom, how one wants to be told, and when. Pure.

pub mod address;
pub mod code;
pub mod preference;
pub mod retry;
pub mod rule;
pub mod stage;

use entity::{enums::MessageKind, ids::AgencyCode};

/// Whose messages are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The agency for which they act.
    pub agency: AgencyCode,
    /// Issuer and subject, with `#` between.
    pub person: String,
    /// The subject alone.
    pub subject: String,
    /// What they hold.
    pub scopes: Vec<String>,
}

/// Which messages. Every condition that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageFilter {
    /// Of one of these kinds.
    pub kinds: Option<Vec<MessageKind>>,
    /// Only what was not read, or only what was.
    pub unread: Option<bool>,
    /// About this, by its typed id.
    pub subject: Option<String>,
}
