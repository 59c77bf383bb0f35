//! The typed operators of `where`, as the API spells them.

use async_graphql::InputObject;

use super::scalars::Date;
use crate::platform::filter::{DateFilter, TextFilter};

/// Operators on text. Every one that is given must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct TextWhere {
    /// Is just this.
    pub eq: Option<String>,
    /// Is one of these; at most 100.
    #[graphql(name = "in", validator(max_items = 100))]
    pub any_of: Option<Vec<String>>,
    /// Has this in it, to the letter.
    #[graphql(validator(min_length = 1, max_length = 200))]
    pub contains: Option<String>,
    /// Begins with this.
    #[graphql(validator(min_length = 1, max_length = 200))]
    pub starts_with: Option<String>,
}

impl From<TextWhere> for TextFilter {
    fn from(given: TextWhere) -> Self {
        Self { eq: given.eq, any_of: given.any_of, contains: given.contains, starts_with: given.starts_with }
    }
}

/// Operators on calendar dates. Every one that is given must hold.
#[derive(Clone, Copy, Debug, Default, InputObject)]
pub struct DateWhere {
    /// On or after.
    pub from: Option<Date>,
    /// On or before.
    pub to: Option<Date>,
}

impl From<DateWhere> for DateFilter {
    fn from(given: DateWhere) -> Self {
        Self { from: given.from.map(|date| date.0), to: given.to.map(|date| date.0) }
    }
}
