//! The past of objects, and who read what is protected. Each is shown to the owner, and to the pact's auditors.

use std::{collections::HashMap, sync::Arc};

use entity::{access_log, change};
use uuid::Uuid;

use super::super::{
    model::mask::{names, reason},
    policy,
    store::{self, Owners},
};
use crate::platform::{
    access::{Caller, permit},
    db::Db,
    fault::Outcome,
    page::{Page, Window},
};

/// The object whose past is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its kind.
    pub kind: String,
    /// Its key.
    pub key: String,
}

/// The changes of an object that the caller may see, the newest first.
///
/// # Errors
/// `FORBIDDEN`; `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn history(db: &Db, caller: &Caller, of: &Subject, window: &Window) -> Outcome<Page<change::Model>> {
    permit(caller, policy::HISTORY)?;
    store::history(db, &owners(caller), (&of.kind, &of.key), window).await
}

/// Why changes of an object were made, by their ids: as they say themselves, or as a row says that came to be in the same
/// transaction and names the object.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn reasons(db: &Db, of: &Subject, changes: &[Arc<change::Model>]) -> Outcome<HashMap<Uuid, String>> {
    let own = |row: &change::Model| reason(row.after.as_ref());
    let silent: Vec<Uuid> = changes.iter().filter(|row| own(row).is_none()).map(|row| row.commit_id).collect();
    let beside = if silent.is_empty() { Vec::new() } else { store::beside(db, silent, &of.key).await? };
    let told = |row: &change::Model| {
        let mut near = beside.iter().filter(|each| each.commit_id == row.commit_id);
        own(row).or_else(|| near.find_map(|each| own(each).filter(|_| names(each.after.as_ref(), &of.key))))
    };
    Ok(changes.iter().filter_map(|row| Some((row.id, told(row)?))).collect())
}

/// How many they are.
///
/// # Errors
/// As [`history`].
pub async fn count_history(db: &Db, caller: &Caller, of: &Subject) -> Outcome<u64> {
    permit(caller, policy::HISTORY)?;
    store::count_history(db, &owners(caller), (&of.kind, &of.key)).await
}

/// Who read what the caller's agency has that is protected, the newest first.
///
/// # Errors
/// As [`history`].
pub async fn accesses(db: &Db, caller: &Caller, window: &Window) -> Outcome<Page<access_log::Model>> {
    permit(caller, policy::ACCESSES)?;
    store::accesses(db, &owners(caller), window).await
}

/// How many they are.
///
/// # Errors
/// As [`history`].
pub async fn count_accesses(db: &Db, caller: &Caller) -> Outcome<u64> {
    permit(caller, policy::ACCESSES)?;
    store::count_accesses(db, &owners(caller)).await
}

/// Whether the data of persons in a row of that owner is told to the caller.
pub fn sees_personal(caller: &Caller, owner: Option<&entity::ids::AgencyCode>) -> bool {
    owner.is_some_and(|owner| caller.actor.acts_for(owner))
}

fn owners(caller: &Caller) -> Owners {
    let actor = &caller.actor;
    if policy::sees_all(actor) {
        return Owners::All;
    }
    actor.agency.clone().map_or(Owners::None, |agency| Owners::Own(agency, policy::sees_common(actor)))
}
