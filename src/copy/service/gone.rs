//! Which of the objects that cannot be seen are told as gone: those that could be seen before.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    copy::{
        model::{Evidence, Kind, Told, Viewer},
        store::{self, Above, Origin},
    },
    platform::{db::Db, fault::Outcome},
};

/// Of objects that cannot be seen now, those that the viewer could see before. Who could not is told nothing, not even that
/// there is something.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn gone(db: &Db, viewer: &Viewer, unseen: &[&Told]) -> Outcome<HashSet<(Kind, String)>> {
    let mut gone = HashSet::new();
    let mut asked: HashMap<Kind, Vec<(Uuid, &Told)>> = HashMap::new();
    for told in unseen {
        if told.evidence.contains(&Evidence::Removed) {
            gone.insert((told.kind, told.key.clone()));
        } else if !told.evidence.is_empty()
            && is_owned(told.kind)
            && let Ok(id) = told.key.parse()
        {
            asked.entry(told.kind).or_default().push((id, *told));
        }
    }
    let mut judged = Vec::new();
    for (kind, asked) in asked {
        let ids: Vec<Uuid> = asked.iter().map(|(id, _)| *id).collect();
        let mut rows: HashMap<Uuid, Vec<Origin>> = HashMap::new();
        for origin in store::origins(db, kind, &ids).await? {
            rows.entry(origin.id).or_default().push(origin);
        }
        judged.extend(asked.into_iter().filter_map(|(id, told)| Some((told, rows.remove(&id)?))));
    }
    judged.retain(|(told, rows)| told.evidence.iter().any(|evidence| holds(*evidence, told.kind, rows, viewer)));
    let hidden: Vec<Above> = judged
        .iter()
        .flat_map(|(_, rows)| rows.iter().flat_map(Origin::above))
        .filter(|above| !viewer.visible.sees(&above.agency, above.visibility))
        .collect();
    let once = store::once_shown(db, &viewer.visible, &hidden).await?;
    let was_shown = |above: &Above| viewer.visible.sees(&above.agency, above.visibility) || once.contains(&above.id);
    for (told, rows) in judged {
        if rows.iter().any(|row| row.above().iter().all(was_shown)) {
            gone.insert((told.kind, told.key.clone()));
        }
    }
    Ok(gone)
}

/// Kinds that have an owner who can hide them, or that end.
fn is_owned(kind: Kind) -> bool {
    match kind {
        Kind::Institution
        | Kind::Lab
        | Kind::Certificate
        | Kind::Equipment
        | Kind::Signatory
        | Kind::CompetenceScope
        | Kind::Offering => true,
        Kind::Region | Kind::Agency | Kind::Standard | Kind::Request | Kind::Referral => false,
    }
}

/// Whether an object's own rows agree with the evidence.
fn holds(evidence: Evidence, kind: Kind, rows: &[Origin], viewer: &Viewer) -> bool {
    match (evidence, kind) {
        (Evidence::Removed, _) => true,
        // A draft is nobody's to see but its owner's, whatever it says of others.
        (Evidence::Hidden(at), Kind::Offering) => {
            rows.iter().any(|row| row.opened_at.is_some_and(|opened| opened <= at))
        }
        (Evidence::Hidden(_), _) => true,
        (Evidence::Ended | Evidence::Below, Kind::Offering) => {
            rows.iter().any(|row| row.opened_at.is_some() && (sees(row, viewer) || names(row, viewer)))
        }
        (Evidence::Ended | Evidence::Below, _) => rows.iter().any(|row| sees(row, viewer)),
    }
}

fn sees(row: &Origin, viewer: &Viewer) -> bool {
    viewer.visible.sees(&row.agency, row.visibility)
}

fn names(row: &Origin, viewer: &Viewer) -> bool {
    let codes = row.shown_to.as_ref().and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    viewer.own_code().is_some_and(|own| codes.into_iter().any(|code| code == own.as_str()))
}
