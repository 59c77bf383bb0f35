//! Coverage of a basket, in the schema.

use std::sync::Arc;

use async_graphql::{Context, Enum, InputObject, Result, SimpleObject};
use entity::ids::LabId;
use futures_util::future::try_join_all;

use super::{
    asked::{AvailableInput, NearInput, SearchWhere},
    found::{ScopeHit, hits},
    read::{SearchIndex, count},
    standing::ExclusionCount,
};
use crate::{
    directory::{calendar::loader::WorkingDays, lab::graphql::Lab},
    graphql::{
        context::{finder, reads},
        scalars::Date,
    },
    platform::{fault::Fault, workday::Calendar},
    search::{
        coverage::{self, MAX_ITEMS},
        find::basket::{Basket, Cause, Item, Planned, Uncovered, of_item, plans},
    },
};

/// What matters first in a plan. That the most items are covered always comes before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "coverage::Preference")]
pub enum CoveragePreference {
    /// The fewest labs; then the best lines, then the least distance.
    FewestLabs,
    /// The least sum of the distances to the labs; then the fewest labs.
    Nearest,
    /// The earliest day by which everything is done; then the fewest labs.
    Soonest,
}

/// One item of a basket: at least one of its texts says what is wanted.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CoverageItemInput {
    /// Free text, as for scopeSearch.
    pub text: Option<String>,
    /// 项目 / 参数.
    pub parameter: Option<String>,
    /// 产品 / 检测对象.
    pub object: Option<String>,
    /// Number of a standard in any spelling.
    pub standard: Option<String>,
    /// How much, in the unit of the offering.
    #[graphql(default = 1)]
    pub quantity: i32,
}

/// An item at a lab.
#[derive(Clone, SimpleObject)]
pub struct CoverageAssignment {
    /// Its position among the items, from 0.
    item: i32,
    /// The lab.
    lab: Lab,
    /// The line by which the lab takes it.
    hit: ScopeHit,
    /// When it would be done by what the lab offers; null where that is not said.
    ready_on: Option<Date>,
}

/// Labs that together cover the basket.
#[derive(Clone, SimpleObject)]
pub struct CoveragePlan {
    /// The items that are covered, each at one lab.
    assignments: Vec<CoverageAssignment>,
    /// The labs that are used.
    labs: Vec<Lab>,
    /// Positions of the items that this plan leaves out.
    uncovered: Vec<i32>,
    /// Sum of the distances from `near` to the labs, in kilometres, as far as they are known; null where it was not asked.
    total_km: Option<f64>,
    /// When everything would be done; null where some lab does not say.
    ready_on: Option<Date>,
    /// Whether it is proven that there is no better plan of another set of labs than those before it. Not so for more
    /// than 30 items or 200 labs, where a good plan is looked for rather than the best.
    optimal: bool,
}

/// Why nobody covers an item, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Cause")]
pub enum UncoveredCause {
    /// No line that you may see answers it, wherever it is.
    NoLine,
    /// Lines answer it, but not under the conditions of `where`.
    Conditions,
    /// Lines answer it, farther away than `near.withinKm`.
    TooFar,
    /// Lines are there, and none is available over the window: see `exclusions`.
    NotAvailable,
    /// Lines are available, and take longer than `where.maxTurnaround`.
    TooSlow,
}

/// Why nobody covers an item.
#[derive(Clone, SimpleObject)]
pub struct UncoveredItem {
    /// Its position among the items, from 0.
    item: i32,
    /// Why, in a word.
    cause: UncoveredCause,
    /// How many lines would do, were it not for what stands in their way; 0 where no line answers it at all.
    line_count: i32,
    /// What stands in the way of the best of them, the commonest first.
    exclusions: Vec<ExclusionCount>,
}

/// Plans for a basket.
#[derive(SimpleObject)]
pub struct CoveragePlans {
    /// The best plan first, then up to two others, each of another set of labs; none where nobody covers any item.
    plans: Vec<CoveragePlan>,
    /// Items that nobody covers.
    uncovered: Vec<UncoveredItem>,
    /// How many labs take at least one item.
    candidate_labs: i32,
    /// How far the index is from which this is told.
    index: SearchIndex,
}

/// What a plan is asked for with.
pub(super) struct Asked {
    /// The items.
    pub(super) items: Vec<CoverageItemInput>,
    /// The window.
    pub(super) window: AvailableInput,
    /// From where.
    pub(super) near: Option<NearInput>,
    /// What matters first.
    pub(super) prefer: CoveragePreference,
    /// Conditions on all items.
    pub(super) filter: Option<Box<SearchWhere>>,
}

impl Asked {
    fn basket(self, ctx: &Context<'_>, calendar: Arc<Calendar>) -> Result<Basket> {
        if self.items.is_empty() || self.items.len() > MAX_ITEMS {
            let message = format!("Give 1 to {MAX_ITEMS} items.");
            return Err(Fault::invalid("items", "ITEMS", message).into());
        }
        let filter = *self.filter.unwrap_or_default();
        if self.prefer == CoveragePreference::Nearest && self.near.is_none() && filter.near.is_none() {
            let message = "Say from where: give near with a point or a region.";
            return Err(Fault::invalid("near", "NEAR_REQUIRED", message).into());
        }
        let visible = reads(ctx)?.visible.clone();
        // What is wrong with the conditions of all items is told once, where they were given.
        let with_near = SearchWhere { near: self.near.clone().or_else(|| filter.near.clone()), ..filter.clone() };
        let own_near = self.near.is_some();
        let told = |path: &str| if own_near { path.replacen("where.near", "near", 1) } else { path.to_owned() };
        with_near.question(visible.clone(), None, None, self.window.from.0).map_err(|fault| fault.told_at(told))?;
        let mut items = Vec::with_capacity(self.items.len());
        for (at, item) in self.items.into_iter().enumerate() {
            let quantity = u32::try_from(item.quantity).ok().filter(|quantity| *quantity > 0);
            let Some(quantity) = quantity else {
                return Err(Fault::invalid(format!("items.{at}.quantity"), "QUANTITY", "Ask for 1 or more.").into());
            };
            let is_blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
            if [&item.text, &item.parameter, &item.object, &item.standard].into_iter().all(is_blank) {
                let message = "Say what is wanted: a parameter, an object, a standard or a text.";
                return Err(Fault::invalid(format!("items.{at}"), "ITEM_EMPTY", message).into());
            }
            let conditions = SearchWhere {
                parameter: item.parameter,
                object: item.object,
                standard: item.standard.map(|standard| vec![standard]),
                near: self.near.clone().or_else(|| filter.near.clone()),
                available: Some(AvailableInput {
                    quantity: Some(item.quantity),
                    include_unavailable: false,
                    ..self.window.clone()
                }),
                ..filter.clone()
            };
            let question = conditions.question(visible.clone(), item.text, None, self.window.from.0);
            let question = question.map_err(|fault| fault.told_at(|path| of_item(at, path)))?;
            items.push(Item { question, quantity });
        }
        Ok(Basket { items, prefer: self.prefer.into(), start: self.window.from.0, calendar })
    }

    /// Plans.
    ///
    /// # Errors
    /// `INVALID`, `UNAVAILABLE`.
    pub(super) async fn plans(self, ctx: &Context<'_>) -> Result<CoveragePlans> {
        let calendar = reads(ctx)?.load(WorkingDays).await?.unwrap_or_default();
        let on = self.window.from.0;
        let basket = self.basket(ctx, calendar)?;
        let finder = finder(ctx)?;
        let has_point = basket.items.iter().any(|item| item.question.near.is_some());
        let found =
            finder.ask(move |snapshot, synonyms, abandoned| plans(&snapshot, synonyms, &basket, abandoned)).await?;
        let shown = found.plans.into_iter().map(|plan| shown(ctx, plan, on, has_point));
        Ok(CoveragePlans {
            plans: try_join_all(shown).await?,
            uncovered: found.uncovered.into_iter().map(Into::into).collect(),
            candidate_labs: count(found.candidates as u64),
            index: SearchIndex(finder.shown().standing()),
        })
    }
}

async fn shown(ctx: &Context<'_>, plan: Planned, on: chrono::NaiveDate, has_point: bool) -> Result<CoveragePlan> {
    let assignments = plan.placed.into_iter().map(async |placed| {
        let lab = Lab::find(ctx, LabId(placed.lab));
        let (lab, hits) = futures_util::future::try_join(lab, hits(ctx, vec![placed.row], on)).await?;
        let hit = hits.into_iter().next().map(|(_, hit)| hit);
        Ok::<_, async_graphql::Error>(lab.zip(hit).map(|(lab, hit)| {
            (placed.lab, CoverageAssignment { item: position(placed.item), lab, hit, ready_on: placed.ready.map(Date) })
        }))
    });
    let assignments: Vec<_> = try_join_all(assignments).await?.into_iter().flatten().collect();
    let mut seen = std::collections::HashSet::new();
    let labs = assignments.iter().filter(|(lab, _)| seen.insert(*lab)).map(|(_, one)| one.lab.clone()).collect();
    Ok(CoveragePlan {
        labs,
        assignments: assignments.into_iter().map(|(_, one)| one).collect(),
        uncovered: plan.uncovered.into_iter().map(position).collect(),
        // To the metre: the rest is what adding up makes of it.
        total_km: has_point.then_some((plan.total_km * 1_000.0).round() / 1_000.0),
        ready_on: plan.ready.map(Date),
        optimal: plan.optimal,
    })
}

fn position(at: usize) -> i32 {
    i32::try_from(at).unwrap_or(i32::MAX)
}

impl From<Uncovered> for UncoveredItem {
    fn from(one: Uncovered) -> Self {
        Self {
            item: position(one.item),
            cause: one.cause.into(),
            line_count: count(one.lines),
            exclusions: one.exclusions.into_iter().map(Into::into).collect(),
        }
    }
}
