//! Attaching files to what they belong to, inside the transaction of whoever writes that.

use std::collections::HashSet;

use entity::{
    attachment::Model,
    ids::{AgencyCode, AttachmentId},
};

use super::Purpose;
use crate::{
    attachment::{
        model::binding::{self, MOST, Target},
        store,
    },
    platform::{
        access::Visible,
        db::{Db, Tx},
        fault::{Fault, Outcome, Problem},
    },
};

/// Binds files of the acting agency to `subject`, a typed id such as `request:…`, as `purpose`, and shows them to
/// `parties` besides their own agency. Files that are bound there already stay so. Answers the rows in the order of `ids`.
///
/// The caller has decided whether this may be done with the subject.
///
/// # Errors
/// `INVALID` with every problem, at `attachments.N`: `ATTACHMENT_NOT_FOUND` (also for those of others),
/// `ATTACHMENT_NOT_STORED`, `ATTACHMENT_BOUND` to something else, `ATTACHMENT_TWICE`, `TOO_MANY`.
pub async fn bind(
    tx: &mut Tx,
    ids: &[AttachmentId],
    subject: &str,
    purpose: Purpose,
    parties: &[AgencyCode],
) -> Outcome<Vec<Model>> {
    let mut problems = listed(ids);
    let target = Target { subject, purpose };
    let mut found = Vec::with_capacity(ids.len());
    // Everybody locks in the order of the ids, so that nobody waits in a circle.
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_by_key(|at| ids[*at]);
    for at in order.into_iter().take(if problems.is_empty() { MOST } else { 0 }) {
        let path = format!("attachments.{at}");
        match locked(tx, ids[at]).await? {
            None => problems.push(missing(path)),
            Some(row) => match binding::bound(&row, target, &path, tx.now()) {
                Ok(next) => found.push((at, row, next)),
                Err(problem) => problems.push(problem),
            },
        }
    }
    if !problems.is_empty() {
        problems.sort_by_key(|problem| place(&problem.path));
        return Err(Fault::Invalid(problems));
    }
    let mut bound = Vec::with_capacity(found.len());
    for (at, row, next) in found {
        let row = tx.update(row, next).await?;
        store::show(tx, &row, parties).await?;
        bound.push((at, row));
    }
    bound.sort_by_key(|(at, _)| *at);
    Ok(bound.into_iter().map(|(_, row)| row).collect())
}

/// Shows everything that is bound to a subject to more agencies, as when a request is placed with another provider.
///
/// The caller has decided whether this may be done with the subject.
///
/// # Errors
/// `REFERENCE_MISSING` for an agency that there is not.
pub async fn show_to(tx: &mut Tx, subject: &str, agencies: &[AgencyCode]) -> Outcome<()> {
    for row in store::of_subject(tx, subject).await? {
        // Held until the end, so that nobody shows it beside us.
        let _held = store::lock(tx, row.id).await?;
        store::show(tx, &row, agencies).await?;
    }
    Ok(())
}

/// What is bound to a subject and may be seen; oldest first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn of_subject(db: &Db, visible: &Visible, subject: &str) -> Outcome<Vec<Model>> {
    store::of_subjects(db, visible, vec![subject.to_owned()]).await
}

/// Everything that is bound to a subject, as a transaction sees it; oldest first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn of_subject_within(tx: &Tx, subject: &str) -> Outcome<Vec<Model>> {
    store::of_subject(tx, subject).await
}

/// The row, where it is the acting agency's.
async fn locked(tx: &Tx, id: AttachmentId) -> Outcome<Option<Model>> {
    match store::lock(tx, id).await.and_then(|sealed| sealed.open(tx.permit())) {
        Ok(row) => Ok((row.agency == *tx.agency()?).then_some(row)),
        Err(Fault::NotFound { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

/// What is wrong with the list itself.
fn listed(ids: &[AttachmentId]) -> Vec<Problem> {
    let mut problems = Vec::new();
    if ids.len() > MOST {
        problems.push(Problem::new("attachments", "TOO_MANY", format!("Attach at most {MOST} files at once.")));
    }
    let mut seen = HashSet::new();
    for (at, id) in ids.iter().enumerate() {
        if !seen.insert(id) {
            problems.push(Problem::new(format!("attachments.{at}"), "ATTACHMENT_TWICE", "Name each file once."));
        }
    }
    problems
}

fn missing(path: String) -> Problem {
    Problem::new(
        path,
        "ATTACHMENT_NOT_FOUND",
        "Your agency has no such file; it may have been cleared away: upload it again.",
    )
}

/// The place in the list that a problem is about.
fn place(path: &str) -> usize {
    path.rsplit('.').next().and_then(|at| at.parse().ok()).unwrap_or(0)
}
