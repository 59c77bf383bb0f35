//! Who may see an offering.

use entity::{enums::Visibility, ids::AgencyCode, offering::Model};
use serde_json::Value;

use crate::{
    directory::agency::members,
    platform::{access::Visible, fault::Problems, lenient::fold_code},
};

/// Who is to see an offering once it was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Who may see it.
    pub visibility: Visibility,
    /// Codes of the agencies that may see it besides the owner; only where `visibility` is `OWN`.
    pub to: Vec<String>,
}

impl Shown {
    /// The codes in good form, as the row keeps them: of members, each once, in order, the owner's left out. `at` is
    /// where the codes stand in the input.
    pub fn checked(&self, problems: &mut Problems, at: &str, owner: &AgencyCode) -> Value {
        let mut codes: Vec<String> = self.to.iter().map(|code| fold_code(code)).collect();
        for (place, code) in codes.iter().enumerate() {
            if members::member(code).is_none() {
                problems.add(format!("{at}[{place}]"), "AGENCY_UNKNOWN", "Give the code of a member, such as GD.");
            }
        }
        if !codes.is_empty() && self.visibility != Visibility::Own {
            let message = "Whom it is shown to is named where visibility is OWN; the others are left out there.";
            problems.add(at, "SHOWN_TO_NEEDS_OWN", message);
        }
        codes.sort_unstable();
        codes.dedup();
        codes.retain(|code| code != owner.as_str());
        Value::from(codes)
    }
}

/// The agencies that are named in a row.
pub fn shown_to(row: &Model) -> impl Iterator<Item = &str> {
    row.shown_to.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// Who may see a row, as it is for somebody: nobody but the owner before it was opened, and what names agencies is for
/// each of them as if it were every partner's. The lab's own visibility comes on top.
pub fn effective(row: &Model, visible: &Visible) -> Visibility {
    match visible {
        _ if row.opened_at.is_none() => Visibility::Own,
        Visible::Partner(code) if shown_to(row).any(|named| named == code.as_str()) => Visibility::Partner,
        Visible::Public | Visible::Partner(_) | Visible::All => row.visibility,
    }
}

/// Whether somebody may see a row, provided that its lab is seen; for readers that were handed rows whoever may see them.
pub fn sees(row: &Model, visible: &Visible) -> bool {
    visible.sees(&row.agency, effective(row, visible))
}
