//! The base rule of every row that an agency owns.

use entity::{
    enums::Visibility,
    ids::{AgencyCode, InstitutionId, LabId},
};

use crate::platform::access::{Actor, Ruling, Visible};

/// May `actor` write a row of `agency`? Whoever may not see it does not learn of it; whoever sees it may write it
/// for the owning agency alone, within the institutions and labs that the token names.
pub fn owned(
    actor: &Actor,
    agency: &AgencyCode,
    visibility: Visibility,
    institution: Option<InstitutionId>,
    lab: Option<LabId>,
) -> Ruling {
    if !actor.acts_for(agency) {
        if !Visible::to(actor).sees(agency, visibility) {
            return Ruling::Hidden;
        }
        return Ruling::Forbidden("This record belongs to another agency; only that agency may change it.");
    }
    if let (Some(own), Some(institution)) = (&actor.institutions, institution)
        && !own.contains(&institution)
    {
        return Ruling::Forbidden("Your token is limited to other institutions.");
    }
    if let (Some(own), Some(lab)) = (&actor.labs, lab)
        && !own.contains(&lab)
    {
        return Ruling::Forbidden("Your token is limited to other labs.");
    }
    Ruling::Allowed
}
