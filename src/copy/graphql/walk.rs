//! The walk through everything that can be seen, kind by kind in the order of the ids: one statement for each kind of a page.

use async_graphql::{Context, ID, Result};
use uuid::Uuid;

use super::{Change, CopyOp};
use crate::{
    capacity::offering::{self, graphql::Offering},
    copy::{
        model::{Kind, Place, Viewer, Within},
        service,
    },
    directory::{
        agency::{self, graphql::Agency},
        certificate::{self, graphql::Certificate},
        equipment::{self, graphql::Equipment},
        institution::{self, graphql::Institution},
        lab::{self, graphql::Lab},
        person::{self, graphql::Signatory},
        region::{divisions::divisions, graphql::Region},
        scope::{self, graphql::CompetenceScope},
        standard::{self, graphql::Standard},
    },
    graphql::{context::reads, node::Node},
    platform::{fault::Outcome, reads::Reads},
    request::{
        self,
        graphql::{Referral, Request},
        policy::Party,
    },
};

/// An object with its key.
type Found = (String, Node);

/// Goes on with the walk until the page is full or everything was told; where that is.
pub(super) async fn on(ctx: &Context<'_>, viewer: &Viewer, place: Place, most: usize) -> Result<(Vec<Change>, Place)> {
    let reads = reads(ctx)?;
    let Some((first, after)) = service::walk_of(&place) else { return Ok((Vec::new(), place)) };
    let (mut changes, mut after) = (Vec::new(), after.map(str::to_owned));
    for (step, kind) in viewer.kinds.iter().enumerate().skip(first) {
        let room = most - changes.len();
        if room == 0 {
            return Ok((changes, place.within(Within::Walk(step, after))));
        }
        let found = next(reads, *kind, after.as_deref(), room).await?;
        let is_last = found.len() < room;
        for (key, node) in found {
            let position = place.within(Within::Walk(step, Some(key.clone()))).to_string();
            let id = ID(format!("{}:{key}", kind.word()));
            changes.push(Change { id, kind: (*kind).into(), op: CopyOp::Upsert, position, node: Some(node) });
            after = Some(key);
        }
        if !is_last {
            return Ok((changes, place.within(Within::Walk(step, after))));
        }
        after = None;
    }
    Ok((changes, Place { within: None, ..place }))
}

/// The next objects of a kind behind a key.
async fn next(reads: &Reads, kind: Kind, after: Option<&str>, room: usize) -> Outcome<Vec<Found>> {
    let (db, visible) = (&reads.db, &reads.visible);
    let step = (after.and_then(|key| key.parse::<Uuid>().ok()), room as u64);
    let (party, today) = (Party::of(&reads.caller.actor), db.clock().today());
    Ok(match kind {
        Kind::Region => regions(after, room),
        Kind::Agency => {
            let rows = agency::store::all(db).await?;
            let behind = rows.into_iter().filter(|row| after.is_none_or(|after| row.code.as_str() > after)).take(room);
            behind.map(|row| (row.code.as_str().to_owned(), Agency::from(row).into())).collect()
        }
        Kind::Institution => {
            keyed(institution::store::walk(db, visible, step).await?, |row| row.id.0, Institution::from)
        }
        Kind::Lab => keyed(lab::store::walk(db, visible, step).await?, |row| row.id.0, Lab::from),
        Kind::Standard => {
            let of = |row| Standard::from(std::sync::Arc::new(row));
            keyed(standard::store::walk(db, step).await?, |row| row.id.0, of)
        }
        Kind::Certificate => {
            let rows = certificate::store::walk(db, visible, today, step).await?;
            keyed(rows, |row| row.id.0, |row| Certificate::of(row, today))
        }
        Kind::Equipment => {
            let rows = equipment::store::walk(db, visible, today, step).await?;
            keyed(rows, |row| row.id.0, |row| Equipment::of(row, today))
        }
        Kind::Signatory => keyed(person::store::walk(db, visible, step).await?, |row| row.id.0, Signatory::from),
        Kind::CompetenceScope => {
            let rows = scope::store::walk(db, visible, today, step).await?;
            keyed(rows, |row| row.id.0, |row| CompetenceScope::of(row, today))
        }
        Kind::Offering => keyed(offering::store::walk(db, visible, step).await?, |row| row.id.0, Offering::from),
        Kind::Request => keyed(request::store::walk_requests(db, &party, step).await?, |row| row.id.0, Request::from),
        Kind::Referral => {
            keyed(request::store::walk_referrals(db, &party, step).await?, |row| row.id.0, Referral::from)
        }
    })
}

fn keyed<M, T: Into<Node>>(rows: Vec<M>, id: impl Fn(&M) -> Uuid, of: impl Fn(M) -> T) -> Vec<Found> {
    rows.into_iter().map(|row| (id(&row).as_hyphenated().to_string(), of(row).into())).collect()
}

/// The divisions behind a code, which come with the program in the order of their codes.
fn regions(after: Option<&str>, room: usize) -> Vec<Found> {
    let mut codes: Vec<&str> = divisions().iter().map(|each| each.code).collect();
    codes.sort_unstable();
    let behind = codes.into_iter().filter(|code| after.is_none_or(|after| *code > after));
    behind.filter_map(|code| Some((code.to_owned(), Region::of(&code.into())?.into()))).take(room).collect()
}
