//! Entering, editing and showing offerings.

use entity::{ids::OfferingId, lab, offering::Model};

use super::{cover, event, open};
use crate::{
    capacity::events,
    capacity::offering::{
        model::{Lists, NewOffering, OfferingEdit, Shown, Site, Step, next},
        policy,
    },
    directory::{institution::model::Blank, lab as labs, standing},
    platform::{
        command::Command,
        db::Tx,
        fault::{Outcome, Problems},
    },
};

/// Enters one of the caller's agency, as a draft.
///
/// # Errors
/// `INVALID`; `NOT_FOUND`, `FORBIDDEN` or `LAB_RETIRED` for its lab; a conflict where its code is taken.
pub async fn create(cmd: &Command<'_>, new: NewOffering) -> Outcome<OfferingId> {
    cmd.run(policy::CREATE, async |tx: &mut Tx| create_in(tx, new).await).await
}

/// [`create`] inside a transaction.
///
/// # Errors
/// Those of [`create`].
pub async fn create_in(tx: &mut Tx, new: NewOffering) -> Outcome<OfferingId> {
    let blank = Blank { id: OfferingId(tx.id()), agency: tx.agency()?.clone(), at: tx.now() };
    let lab = match new.lab {
        Some(lab) => Some(labs::store::lock(tx, lab).await?.open(tx.permit())?),
        None => None,
    };
    if let Some(lab) = &lab {
        standing::is_editable("lab", lab.standing)?;
    }
    let found = cover::found(tx, &new.coverage).await?;
    let (row, coverage) = new.entered(blank, &Site { lab: lab.as_ref(), found: &found })?;
    let row = tx.insert(row).await?;
    cover::name(tx, &row, &coverage).await?;
    tx.emit(event(events::OFFERING_CHANGED.name, &row, lab.as_ref(), None));
    Ok(row.id)
}

/// Edits one.
///
/// # Errors
/// `INVALID`; `STALE_VERSION`; `ARCHIVED`; a conflict where its code is taken.
pub async fn edit(cmd: &Command<'_>, id: OfferingId, edit: OfferingEdit) -> Outcome<OfferingId> {
    cmd.run(policy::EDIT, async |tx: &mut Tx| {
        let (row, lab) = open(tx, id).await?;
        cmd.expect_version(row.version)?;
        revise(tx, (row, lab), edit).await
    })
    .await
}

async fn revise(tx: &mut Tx, (row, lab): (Model, Option<lab::Model>), edit: OfferingEdit) -> Outcome<OfferingId> {
    next(row.status, Step::Edit)?;
    let found = match &edit.coverage {
        Some(coverage) => cover::found(tx, coverage).await?,
        None => Lists::default(),
    };
    let (mut edited, coverage) = edit.over(&row, tx.now(), &found)?;
    let renamed = match coverage {
        Some(coverage) if !coverage.names_the_same(&cover::named(tx, &row).await?) => Some(coverage),
        _ => None,
    };
    // The lists stand in tables of their own; the count makes a change of them an edit of the row.
    edited.coverage_revision += i32::from(renamed.is_some());
    let before = row.version;
    let row = tx.update(row, edited).await?;
    if let Some(coverage) = renamed {
        cover::name(tx, &row, &coverage).await?;
    }
    if row.version != before {
        tx.emit(event(events::OFFERING_CHANGED.name, &row, lab.as_ref(), None));
    }
    Ok(row.id)
}

/// Chooses who may see one.
///
/// # Errors
/// `INVALID`; `STALE_VERSION`; `ARCHIVED`.
pub async fn show(cmd: &Command<'_>, id: OfferingId, shown: Shown) -> Outcome<OfferingId> {
    cmd.run(policy::SHOW, async |tx: &mut Tx| {
        let (row, lab) = open(tx, id).await?;
        cmd.expect_version(row.version)?;
        next(row.status, Step::Show)?;
        let mut problems = Problems::default();
        let shown_to = shown.checked(&mut problems, "shownTo", &row.agency);
        problems.finish()?;
        let (before, at) = (row.version, tx.now());
        let shown = Model { visibility: shown.visibility, shown_to, updated_at: at, ..row.clone() };
        let row = tx.update(row, shown).await?;
        if row.version != before {
            tx.emit(event(events::OFFERING_CHANGED.name, &row, lab.as_ref(), None));
        }
        Ok(row.id)
    })
    .await
}
