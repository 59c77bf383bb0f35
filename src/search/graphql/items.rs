//! Equipment that is found, in the schema.

use async_graphql::{Context, Object, Result, SimpleObject};
use entity::ids::EquipmentId;
use futures_util::future::try_join_all;

use super::{
    Asked,
    asked::{cursor, span},
    facets::{AgencySlice, FacetLevel, RegionSlice, TextSlice, region_slices, text_slices},
    read::{SearchIndex, WordRead, count},
};
use crate::{
    capacity::availability::graphql::Exclusion,
    directory::equipment::graphql::Equipment,
    graphql::{
        context::{finder, reads},
        page::PageInfo,
    },
    platform::{fault::Fault, page::Window},
    search::find::{self, FoundItem, ItemPart, rank::By},
};

/// An item that a question finds.
#[derive(Clone, SimpleObject)]
pub struct EquipmentHit {
    /// The item, as it stood on the date.
    equipment: Equipment,
    /// How well it answers the words.
    score: i32,
    /// How far its site is from `where.near`, in kilometres; null where that is not known or was not asked.
    distance_km: Option<f64>,
    /// Whether it is in service and in calibration over `where.available`; null where that was not asked.
    available: Option<bool>,
    /// Everything that stands in the way, each with the first day on which it does.
    exclusions: Vec<Exclusion>,
}

/// An item with its place in the list.
#[derive(Clone, SimpleObject)]
pub struct EquipmentHitEdge {
    /// Where it stands; pass it as `after` or `before`.
    cursor: String,
    /// The item.
    node: EquipmentHit,
}

/// A page of items that a question finds.
#[derive(SimpleObject)]
pub struct EquipmentHitConnection {
    /// The items, each with its cursor.
    edges: Vec<EquipmentHitEdge>,
    /// The items without their cursors.
    nodes: Vec<EquipmentHit>,
    /// Where this page stands in the list.
    page_info: PageInfo,
    /// How many items the question finds.
    total_count: i32,
    /// How they divide.
    facets: EquipmentFacets,
    /// The words that were asked for, each with what else it is called.
    words: Vec<WordRead>,
    /// Words that name neither equipment nor a place: what is found answers the others alone.
    unknown: Vec<String>,
    /// How far the index is.
    index: SearchIndex,
}

/// How the items that are found divide.
#[derive(Clone, Debug)]
pub struct EquipmentFacets {
    regions: Vec<find::Slice<u32>>,
    classes: Vec<find::Slice<Box<str>>>,
    agencies: Vec<find::Slice<Box<str>>>,
}

/// How the items that are found divide: each value with the number of items that have it, the largest first.
#[Object]
impl EquipmentFacets {
    /// By division of the site, each with everything in it.
    async fn region(
        &self,
        #[graphql(desc = "Of which tier.", default_with = "FacetLevel::Province")] level: FacetLevel,
        #[graphql(desc = "Only what lies in the division of this code.")] within: Option<String>,
        #[graphql(desc = "How many, at most 1,000.", default = 20)] first: i32,
    ) -> Vec<RegionSlice> {
        region_slices(&self.regions, level, within.as_deref(), first)
    }

    /// By class.
    async fn class(&self, #[graphql(desc = "How many, at most 1,000.", default = 20)] first: i32) -> Vec<TextSlice> {
        text_slices(&self.classes, first)
    }

    /// By owning agency.
    async fn agency(&self, #[graphql(desc = "How many, at most 1,000.", default = 20)] first: i32) -> Vec<AgencySlice> {
        AgencySlice::all(&self.agencies, first)
    }
}

impl Asked {
    /// A page of the items that the question finds.
    ///
    /// # Errors
    /// `INVALID`, `UNAVAILABLE`.
    pub(in crate::search) async fn equipment(
        self,
        ctx: &Context<'_>,
        window: Window,
    ) -> Result<EquipmentHitConnection> {
        let question = self.question(ctx)?;
        if !matches!(question.order, By::Relevance | By::Distance) {
            let message = "Equipment is ordered by RELEVANCE or DISTANCE.";
            return Err(Fault::invalid("orderBy", "ORDER", message).into());
        }
        let (on, name, finder) = (question.on, question.name("equipment"), finder(ctx)?);
        let span = span(&name, &window)?;
        let part: ItemPart = finder
            .ask(move |snapshot, synonyms, abandoned| find::items(&snapshot, synonyms, &question, span, abandoned))
            .await?;
        let cursors: Vec<String> = part.items.iter().map(|item| cursor(&name, item.rank).to_string()).collect();
        let page_info = PageInfo {
            has_next_page: part.has_next,
            has_previous_page: part.has_previous,
            start_cursor: cursors.first().cloned(),
            end_cursor: cursors.last().cloned(),
        };
        let rows = part.items.iter().map(|item| Equipment::find_on(ctx, EquipmentId(item.id), on));
        let rows = try_join_all(rows).await?;
        // What is no longer the asker's to see, or no longer there, is left out.
        let hits = part.items.into_iter().zip(rows).zip(cursors);
        let edges: Vec<EquipmentHitEdge> =
            hits.filter_map(|((item, row), cursor)| Some(EquipmentHitEdge { cursor, node: hit(item, row?) })).collect();
        let word = |word: find::Word| WordRead { text: word.text, synonyms: word.synonyms };
        Ok(EquipmentHitConnection {
            nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
            edges,
            page_info,
            total_count: count(part.total),
            facets: EquipmentFacets { regions: part.regions, classes: part.classes, agencies: part.agencies },
            words: part.words.into_iter().map(word).collect(),
            unknown: part.unknown,
            index: SearchIndex(finder.shown().standing()),
        })
    }
}

fn hit(item: FoundItem, equipment: Equipment) -> EquipmentHit {
    EquipmentHit {
        equipment,
        score: i32::try_from(item.score).unwrap_or(i32::MAX),
        distance_km: item.metres.map(|metres| f64::from(metres) / 1_000.0),
        available: item.exclusions.as_ref().map(Vec::is_empty),
        exclusions: item.exclusions.unwrap_or_default().into_iter().map(Into::into).collect(),
    }
}

/// The asker of a question, for what is asked without a page.
pub(super) fn visible(ctx: &Context<'_>) -> Result<crate::platform::access::Visible> {
    Ok(reads(ctx)?.visible.clone())
}
