//! Copies in the schema.

mod walk;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use futures_util::future::try_join_all;

use super::{
    model::{self, Place, Told, Viewer},
    policy, service,
};
use crate::{
    graphql::{
        access::access,
        context::{apart, reads},
        node::{self, Node},
    },
    platform::{
        fault::{Fault, Outcome},
        page::{MOST, USUAL},
    },
    request::policy::sees_all,
};

/// A kind of objects of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::Kind")]
pub enum ChangeKind {
    /// `Region`: divisions. They come with the program and change with it; the feed does not tell of them.
    Region,
    /// `Agency`
    Agency,
    /// `Institution`
    Institution,
    /// `Lab`
    Lab,
    /// `Standard`
    Standard,
    /// `Certificate`
    Certificate,
    /// `Equipment`
    Equipment,
    /// `Signatory`
    Signatory,
    /// `CompetenceScope`: the lines of annexes.
    CompetenceScope,
    /// `Offering`
    Offering,
    /// `Request`: your own, and those that were sent to you.
    Request,
    /// `Referral`: of your own requests, and those that were sent to you.
    Referral,
}

/// What to do with a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CopyOp {
    /// Keep the node in place of what you keep under its id.
    Upsert,
    /// Remove what you keep under the id; you can no longer see it, or it has ended. You may never have kept it.
    Gone,
}

/// One object of a copy.
#[derive(Clone, SimpleObject)]
pub struct Change {
    /// Typed id of the object.
    id: ID,
    /// Its kind.
    kind: ChangeKind,
    /// What to do with your copy of it.
    op: CopyOp,
    /// Pass it as `since` to go on behind this object. Opaque.
    position: String,
    /// The object as it is now; null where it is gone.
    node: Option<Node>,
}

/// A part of what has to be done to a copy.
#[derive(SimpleObject)]
pub struct ChangePage {
    /// Objects, each at most once; to be taken in their order. A page can be empty though there is more.
    changes: Vec<Change>,
    /// Where it ends: keep it with your copy, and pass it as `since` to go on. Opaque.
    position: String,
    /// Whether there is more by now; if not, ask again when something happens, or after a while.
    has_more: bool,
}

/// Keeping copies.
#[derive(Default)]
pub struct CopyQuery;

#[Object]
impl CopyQuery {
    /// What has to be done to a copy of all that you may see, since the position at which it stands. Without a position you
    /// are led through everything first. Ask until `hasMore` is false, and then again whenever something may have happened:
    /// your copy is then what `node` would show you. Objects are told as they are now; one that is told twice is the same.
    #[graphql(directive = access::apply(policy::READ))]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The position of the last page that you have kept; from the beginning where it is left out.")]
        since: Option<String>,
        #[graphql(desc = "How many objects at most, 1 to 200; 20 where it is left out.")] first: Option<i32>,
        #[graphql(desc = "Of these kinds, of all where it is left out. Keep to them: a position is one of its kinds.")]
        kinds: Option<Vec<ChangeKind>>,
    ) -> Result<ChangePage> {
        apart(page(ctx, since, first, kinds)).await
    }
}

async fn page(
    ctx: &Context<'_>,
    since: Option<String>,
    first: Option<i32>,
    kinds: Option<Vec<ChangeKind>>,
) -> Result<ChangePage> {
    let reads = reads(ctx)?;
    let (actor, most) = (&reads.caller.actor, size(first)?);
    if kinds.as_ref().is_some_and(Vec::is_empty) {
        return Err(Fault::invalid("kinds", "REQUIRED", "Name at least one kind, or leave kinds out.").into());
    }
    let kinds = kinds.map(|kinds| kinds.into_iter().map(Into::into).collect());
    let viewer = Viewer::new(actor, &reads.visible, sees_all(actor), kinds);
    // Before anything is read: what happens meanwhile is told again.
    let today = reads.db.clock().today();
    let mut place = match since {
        None => service::begin(&reads.db, &viewer, today).await?,
        Some(text) => {
            let place = Place::parse(&text, &viewer, "since")?;
            if service::walk_of(&place).is_some() {
                service::check(&reads.db, &place).await?;
            }
            place
        }
    };
    if service::walk_of(&place).is_some() {
        let (changes, behind) = walk::on(ctx, &viewer, place, most).await?;
        // The feed begins a page of its own: it may tell again what the walk has told.
        if !changes.is_empty() || service::walk_of(&behind).is_some() {
            return Ok(ChangePage { changes, position: behind.to_string(), has_more: true });
        }
        place = behind;
    }
    let part = service::go_on(&reads.db, &viewer, place, (today, most)).await?;
    let changes = told(ctx, &viewer, part.told).await?;
    Ok(ChangePage { changes, position: part.place.to_string(), has_more: part.has_more })
}

fn size(first: Option<i32>) -> Outcome<usize> {
    let size = first.map_or(Ok(USUAL), u64::try_from).unwrap_or(0);
    if size == 0 || size > MOST {
        let message = format!("Ask for 1 to {MOST} objects, then for the next page.");
        return Err(Fault::invalid("first", "PAGE_SIZE", message));
    }
    usize::try_from(size).map_err(Fault::internal)
}

/// The objects as they are now, all of a kind with one statement; and those that are gone.
async fn told(ctx: &Context<'_>, viewer: &Viewer, told: Vec<Told>) -> Result<Vec<Change>> {
    let ids: Vec<ID> = told.iter().map(|one| ID(format!("{}:{}", one.kind.word(), one.key))).collect();
    let nodes = try_join_all(ids.iter().map(|id| node::find(ctx, id))).await?;
    let unseen: Vec<&Told> = told.iter().zip(&nodes).filter(|(_, node)| node.is_none()).map(|(told, _)| told).collect();
    let gone = service::gone(&reads(ctx)?.db, viewer, &unseen).await?;
    let changes = told.iter().zip(ids).zip(nodes).filter_map(|((one, id), node)| {
        let op = match &node {
            Some(_) => CopyOp::Upsert,
            None if gone.contains(&(one.kind, one.key.clone())) => CopyOp::Gone,
            None => return None,
        };
        Some(Change { id, kind: one.kind.into(), op, position: one.place.to_string(), node })
    });
    Ok(changes.collect())
}
