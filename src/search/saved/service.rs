//! Use cases of saved searches.

use entity::ids::SavedSearchId;

use super::{
    model::{self, Check, NewSavedSearch, SavedSearchEdit},
    policy, store,
};
use crate::{
    directory::{agency, institution::model::Blank},
    platform::{command::Command, db::Tx, fault::Outcome},
};

/// Saves a search of the caller's agency.
///
/// # Errors
/// `INVALID`; `FORBIDDEN` for a limited token; `SAVED_SEARCHES_FULL`; `SAVED_SEARCH_NAME_TAKEN`.
pub async fn create(cmd: &Command<'_>, new: NewSavedSearch, check: Check) -> Outcome<SavedSearchId> {
    cmd.run(policy::CREATE, async |tx: &mut Tx| {
        policy::whole(tx.permit())?;
        let owner = tx.agency()?.clone();
        let blank = Blank { id: SavedSearchId(tx.id()), agency: owner.clone(), at: tx.now() };
        let row = new.entered(blank, &tx.permit().actor().subject, check)?;
        // The agency's row is the turnstile: of two that would be the last, one waits and is refused.
        let _turn = agency::store::lock(tx, owner.clone()).await?;
        if store::is_full(tx, &owner).await? {
            return Err(model::full());
        }
        Ok(tx.insert(row).await?.id)
    })
    .await
}

/// Edits one.
///
/// # Errors
/// `INVALID`; `NOT_FOUND`; `STALE_VERSION`; `SAVED_SEARCH_NAME_TAKEN`.
pub async fn edit(cmd: &Command<'_>, id: SavedSearchId, edit: SavedSearchEdit, check: Check) -> Outcome<SavedSearchId> {
    cmd.run(policy::EDIT, async |tx: &mut Tx| {
        let row = store::lock(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.version)?;
        let next = edit.over(&row, tx.now(), check)?;
        Ok(tx.update(row, next).await?.id)
    })
    .await
}

/// Deletes one; the change log keeps it.
///
/// # Errors
/// `NOT_FOUND`; `STALE_VERSION`.
pub async fn delete(cmd: &Command<'_>, id: SavedSearchId) -> Outcome<SavedSearchId> {
    cmd.run(policy::DELETE, async |tx: &mut Tx| {
        let row = store::lock(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.version)?;
        tx.remove(row).await?;
        Ok(id)
    })
    .await
}
