//! Availability of what is named, in the schema.

use std::collections::HashSet;

use async_graphql::{Context, ID, Result, SimpleObject};
use entity::ids::{LabId, ScopeId};
use futures_util::future::try_join_all;
use uuid::Uuid;

use super::{
    asked::{AvailableInput, ids, wanted},
    items::visible,
    read::{SearchIndex, count},
};
use crate::{
    capacity::availability::{graphql::Exclusion, model},
    directory::{lab::graphql::Lab, scope::graphql::CompetenceScope},
    graphql::context::finder,
    platform::fault::Fault,
    search::find::{Asking, question::Wanted},
};

/// A line with what stands in its way.
#[derive(Clone, SimpleObject)]
pub struct ScopeAvailability {
    /// The line, as it stands on the first day.
    scope: CompetenceScope,
    /// Whether everything that it needs holds on every day.
    available: bool,
    /// Everything that does not, each with the first day on which it does not.
    exclusions: Vec<Exclusion>,
}

/// A reason with how many lines it concerns.
#[derive(Clone, SimpleObject)]
pub struct ExclusionCount {
    /// The reason, with the first day on which it bites for any of the lines.
    exclusion: Exclusion,
    /// How many lines.
    line_count: i32,
}

impl From<(model::Exclusion, u64)> for ExclusionCount {
    fn from((exclusion, lines): (model::Exclusion, u64)) -> Self {
        Self { exclusion: exclusion.into(), line_count: count(lines) }
    }
}

/// A site with what stands in the way of its lines.
#[derive(Clone, SimpleObject)]
pub struct LabAvailability {
    /// The site.
    lab: Lab,
    /// How many of its lines are in force on the first day.
    line_count: i32,
    /// How many of them are available.
    available_count: i32,
    /// What stands in the way of the others.
    exclusions: Vec<ExclusionCount>,
}

/// Availability over a window.
#[derive(SimpleObject)]
pub struct Availability {
    /// The lines that were named, as far as they are in force on the first day and yours to see.
    scopes: Vec<ScopeAvailability>,
    /// The sites that were named, as far as they have such lines.
    labs: Vec<LabAvailability>,
    /// How far the index is from which this is told.
    index: SearchIndex,
}

/// Whoever names a thing twice means it once.
fn each_once(ids: Vec<Uuid>) -> Vec<Uuid> {
    let mut seen = HashSet::new();
    ids.into_iter().filter(|id| seen.insert(*id)).collect()
}

/// Availability of lines and sites.
///
/// # Errors
/// `INVALID`, `UNAVAILABLE`.
pub(super) async fn availability(
    ctx: &Context<'_>,
    scopes: Option<Vec<ID>>,
    labs: Option<Vec<ID>>,
    window: AvailableInput,
) -> Result<Availability> {
    let scopes = each_once(ids::<ScopeId>(scopes, "scopes")?);
    let labs = each_once(ids::<LabId>(labs, "labs")?);
    if scopes.is_empty() && labs.is_empty() {
        return Err(Fault::invalid("scopes", "NOTHING_NAMED", "Name the lines, or the labs, that are meant.").into());
    }
    let wanted: Wanted = wanted(window, "window")?;
    let (visible, finder) = (visible(ctx)?, finder(ctx)?);
    let (lines, sites) = finder
        .ask(move |snapshot, _, _| {
            let asking = Asking { snapshot: &snapshot, visible: &visible, wanted };
            Ok((asking.lines(&scopes), asking.labs(&labs)))
        })
        .await?;
    let on = wanted.window.first;
    let scopes = lines.into_iter().map(async |line| {
        let scope = CompetenceScope::find_on(ctx, ScopeId(line.id), on).await?;
        let exclusions: Vec<Exclusion> = line.exclusions.into_iter().map(Into::into).collect();
        Ok::<_, async_graphql::Error>(scope.map(|scope| ScopeAvailability {
            scope,
            available: exclusions.is_empty(),
            exclusions,
        }))
    });
    let scopes = try_join_all(scopes).await?.into_iter().flatten().collect();
    let labs = sites.into_iter().map(async |site| {
        let lab = Lab::find(ctx, LabId(site.id)).await?;
        Ok::<_, async_graphql::Error>(lab.map(|lab| LabAvailability {
            lab,
            line_count: count(site.lines),
            available_count: count(site.available),
            exclusions: site.exclusions.into_iter().map(Into::into).collect(),
        }))
    });
    let labs = try_join_all(labs).await?.into_iter().flatten().collect();
    Ok(Availability { scopes, labs, index: SearchIndex(finder.shown().standing()) })
}
