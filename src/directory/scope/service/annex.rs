//! Whole annexes.

use std::collections::{HashMap, VecDeque};

use entity::{
    competence_scope,
    ids::{AgencyCode, CertificateId, ScopeId, ScopeVersionId},
    lab, scope_version,
};
use serde_json::json;

use super::open_parents;
use crate::{
    directory::events,
    directory::scope::{
        model::{Annex, AnnexOutcome, Edition, Fingerprint, Line, NewEdition, Placing},
        policy,
        store::{self, InForce},
    },
    platform::{
        command::Command,
        db::{Event, Tx},
        fault::{Fault, Outcome},
    },
};

/// New lines made and written at a time, so that memory does not grow with the annex.
const WRITE: usize = 5_000;
/// Lines closed or revised at a time; a statement names each, and SQLite takes expressions of depth 1,000.
const CLOSE: usize = 400;

/// Opens an edition with its lines.
///
/// # Errors
/// `INVALID` with every problem of every line; `CERTIFICATE_WITHDRAWN`, `LAB_NOT_COVERED`.
pub async fn open_edition(cmd: &Command<'_>, new: NewEdition) -> Outcome<ScopeVersionId> {
    let (certificate, lab) = (new.certificate, new.lab);
    let (edition, lines) = new.validated()?;
    cmd.run(policy::OPEN, async |tx: &mut Tx| {
        let site = open_parents(tx, certificate, lab, edition.dated).await?;
        let place = begin(tx, certificate, &site, edition).await?;
        let created = lines.len() as u64;
        load(tx, &place, lines.into_iter()).await?;
        let outcome = AnnexOutcome { edition: Some(place.edition), created, ..AnnexOutcome::default() };
        tx.emit(changed(&place, &site, outcome));
        Ok(place.edition)
    })
    .await
}

/// [`replace_annex`] as a command of its own.
///
/// # Errors
/// Those of [`replace_annex`].
pub async fn deliver_annex(cmd: &Command<'_>, annex: Annex) -> Outcome<AnnexOutcome> {
    cmd.run(policy::REPLACE, async |tx: &mut Tx| replace_annex(tx, annex).await).await
}

/// Puts a delivered annex in the place of the one in force: lines that say the same stay, lines that say something
/// else get a new revision, new ones come to be, and where the annex is complete the missing ones end. All of it holds
/// from the date of the edition; where nothing differs, no edition is made and nothing is written.
///
/// # Errors
/// `CERTIFICATE_WITHDRAWN`, `LAB_NOT_COVERED`; `EFFECTIVE_BEFORE_REVISION` where a line that would change or end was
/// edited after the date of the edition.
pub async fn replace_annex(tx: &mut Tx, annex: Annex) -> Outcome<AnnexOutcome> {
    let site = open_parents(tx, annex.certificate, annex.lab, annex.edition.dated).await?;
    let in_force = InForce { certificate: annex.certificate, lab: annex.lab };
    let plan = compare(tx, in_force, &annex.lines, annex.complete).await?;
    let mut outcome = AnnexOutcome {
        edition: None,
        created: plan.created.len() as u64,
        changed: plan.changed.len() as u64,
        closed: plan.closed.len() as u64,
        unchanged: plan.unchanged,
    };
    if plan.created.is_empty() && plan.changed.is_empty() && plan.closed.is_empty() {
        return Ok(outcome);
    }
    let place = begin(tx, annex.certificate, &site, annex.edition).await?;
    outcome.edition = Some(place.edition);
    let mut lines: Vec<Option<Line>> = annex.lines.into_iter().map(Some).collect();
    for ids in plan.closed.chunks(CLOSE) {
        let rows = still_open(tx, ids, &place).await?;
        tx.close_all(&rows, place.from, &place.edition.0.to_string()).await?;
    }
    for pairs in plan.changed.chunks(CLOSE) {
        revise(tx, pairs, &mut lines, &place).await?;
    }
    let created = plan.created.into_iter().filter_map(|at| lines.get_mut(at).and_then(Option::take));
    load(tx, &place, created).await?;
    tx.emit(changed(&place, &site, outcome));
    Ok(outcome)
}

/// What a delivered annex does to the one in force; delivered lines by their index.
struct Plan {
    created: Vec<usize>,
    changed: Vec<(ScopeId, usize)>,
    closed: Vec<ScopeId>,
    unchanged: u64,
}

/// Compares line by line in pages. Of each line only its fingerprint is kept, of each difference only its id.
async fn compare(tx: &Tx, annex: InForce, lines: &[Line], complete: bool) -> Outcome<Plan> {
    let mut waiting: HashMap<[u8; 16], VecDeque<(usize, Fingerprint)>> = HashMap::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        let print = Fingerprint::of_line(line);
        waiting.entry(print.identity).or_default().push_back((at, print));
    }
    let mut plan = Plan { created: Vec::new(), changed: Vec::new(), closed: Vec::new(), unchanged: 0 };
    let mut differing: Vec<(ScopeId, [u8; 16])> = Vec::new();
    let mut last = None;
    loop {
        let rows = store::in_force_after(tx, annex, last.as_ref()).await?;
        for row in &rows {
            let print = Fingerprint::of_row(row);
            let same = waiting.get_mut(&print.identity).and_then(|alike| {
                let at = alike.iter().position(|(_, delivered)| print.says_as(delivered))?;
                alike.remove(at)
            });
            match same {
                Some(_) => plan.unchanged += 1,
                None => differing.push((row.id, print.identity)),
            }
        }
        match rows.into_iter().next_back() {
            Some(row) => last = Some(row),
            None => break,
        }
    }
    for (id, identity) in differing {
        match waiting.get_mut(&identity).and_then(VecDeque::pop_front) {
            Some((at, _)) => plan.changed.push((id, at)),
            None if complete => plan.closed.push(id),
            None => plan.unchanged += 1,
        }
    }
    plan.created = waiting.into_values().flatten().map(|(at, _)| at).collect();
    plan.created.sort_unstable();
    Ok(plan)
}

/// Writes the edition.
async fn begin(tx: &mut Tx, certificate: CertificateId, site: &lab::Model, edition: Edition) -> Outcome<Placing> {
    let agency: AgencyCode = tx.agency()?.clone();
    let number = store::last_edition(tx, certificate).await? + 1;
    let row = scope_version::Model {
        id: ScopeVersionId(tx.id()),
        certificate_id: certificate,
        agency: agency.clone(),
        edition: number,
        reason: edition.reason,
        dated: edition.dated,
        remarks: edition.remarks,
        recorded_at: tx.now(),
    };
    let row = tx.insert(row).await?;
    Ok(Placing { edition: row.id, certificate, lab: site.id, agency, from: row.dated, at: tx.now() })
}

/// Writes new lines in batches.
async fn load(tx: &mut Tx, place: &Placing, lines: impl Iterator<Item = Line> + Send) -> Outcome<()> {
    let whole = place.edition.0.to_string();
    let mut lines = lines.peekable();
    while lines.peek().is_some() {
        let batch: Vec<competence_scope::Model> =
            lines.by_ref().take(WRITE).map(|line| line.opened(ScopeId(tx.id()), place)).collect();
        tx.load(batch, &whole).await?;
    }
    Ok(())
}

/// Closes the last revisions and opens the next ones.
async fn revise(tx: &mut Tx, pairs: &[(ScopeId, usize)], lines: &mut [Option<Line>], place: &Placing) -> Outcome<()> {
    let ids: Vec<ScopeId> = pairs.iter().map(|(id, _)| *id).collect();
    let rows = still_open(tx, &ids, place).await?;
    let said: HashMap<ScopeId, usize> = pairs.iter().copied().collect();
    let mut next = Vec::with_capacity(rows.len());
    for row in &rows {
        let line = said.get(&row.id).and_then(|at| lines.get_mut(*at)).and_then(Option::take);
        if let Some(line) = line {
            let mut revision = line.over(row, place);
            revision.revision = row.revision + 1;
            next.push(revision);
        }
    }
    let whole = place.edition.0.to_string();
    tx.close_all(&rows, place.from, &whole).await?;
    tx.load(next, &whole).await
}

/// The last revisions of these lines, none of which began after the date of the edition.
async fn still_open(tx: &Tx, ids: &[ScopeId], place: &Placing) -> Outcome<Vec<competence_scope::Model>> {
    let rows = store::last_of_ids(tx, ids.iter().map(|id| id.0)).await?;
    match rows.iter().map(|row| row.effective_from).max() {
        Some(latest) if latest > place.from => Err(Fault::rule(
            "EFFECTIVE_BEFORE_REVISION",
            format!("Lines that this edition changes were edited from {latest}; date it then or later."),
            json!({ "earliest": latest }),
        )),
        _ => Ok(rows),
    }
}

fn changed(place: &Placing, site: &lab::Model, outcome: AnnexOutcome) -> Event {
    Event {
        name: events::SCOPE_CHANGED.name,
        subject: place.edition.to_string(),
        agency: place.agency.clone(),
        visibility: site.visibility,
        data: json!({
            "scopeId": null,
            "scopeVersionId": place.edition.to_string(),
            "certificateId": place.certificate.to_string(),
            "labId": place.lab.to_string(),
            "effectiveFrom": place.from,
            "created": outcome.created,
            "changed": outcome.changed,
            "closed": outcome.closed,
            "reason": null,
        }),
    }
}
