//! The row rule of reading, as a condition on the two columns that every owned row has.

use entity::enums::Visibility;
use sea_orm::{ColumnTrait, Condition};

use crate::platform::access::Visible;

impl Visible {
    /// Which rows may be seen, by their `agency` and `visibility` columns.
    pub fn rows<C: ColumnTrait>(&self, agency: C, visibility: C) -> Condition {
        match self {
            Self::All => Condition::all(),
            Self::Public => Condition::all().add(visibility.eq(Visibility::Public)),
            Self::Partner(own) => Condition::any()
                .add(agency.eq(own.clone()))
                .add(visibility.is_in([Visibility::Public, Visibility::Partner])),
        }
    }

    /// Whether one row of this owner and visibility may be seen.
    pub fn sees(&self, owner: &entity::ids::AgencyCode, visibility: Visibility) -> bool {
        match self {
            Self::All => true,
            Self::Public => visibility == Visibility::Public,
            Self::Partner(own) => own == owner || visibility != Visibility::Own,
        }
    }
}
