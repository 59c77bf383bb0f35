//! Offerings as callers write them, and the rules that hold for them.

mod coverage;
mod lifecycle;
mod query;
mod record;
mod shown;
mod terms;

pub use coverage::{Coverage, Lists, fields_of};
pub use lifecycle::{Facts, Step, next, ready};
pub use query::{OfferingEdge, OfferingFilter, OfferingOrder};
pub use record::{NewOffering, OfferingEdit, Site, open_on};
pub use shown::{Shown, effective, sees, shown_to};
pub use terms::{Terms, TermsEdit, amount};
