//! How what is found divides, in the schema.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};

use super::read::count;
use crate::{
    directory::{agency::graphql::Agency, certificate::graphql::CertificateScheme, region::graphql::Region},
    search::find::{self, Slice},
};

/// How what is found divides.
#[derive(Clone, Debug)]
pub struct SearchFacets(find::Facets);

impl From<find::Facets> for SearchFacets {
    fn from(facets: find::Facets) -> Self {
        Self(facets)
    }
}

/// The tier of a division in a facet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum FacetLevel {
    /// 省, 自治区.
    Province,
    /// 地级市.
    City,
    /// 县, 县级市, 区.
    County,
}

/// Most slices of a facet.
const MOST_SLICES: usize = 1_000;

/// How what is found divides: each value with the number of lines that have it, the largest first.
#[Object]
impl SearchFacets {
    /// By division of the site, each with everything in it.
    async fn region(
        &self,
        #[graphql(desc = "Of which tier.", default_with = "FacetLevel::Province")] level: FacetLevel,
        #[graphql(desc = "Only what lies in the division of this code.")] within: Option<String>,
        #[graphql(desc = "How many, at most 1,000.", default = 20)] first: i32,
    ) -> Vec<RegionSlice> {
        region_slices(&self.0.regions, level, within.as_deref(), first)
    }

    /// By 类别 / 领域.
    async fn field(&self, #[graphql(desc = "How many, at most 1,000.", default = 20)] first: i32) -> Vec<TextSlice> {
        text_slices(&self.0.fields, first)
    }

    /// By cited standard, whatever the edition: family and number without `/T`, such as `GB 5009.12`.
    async fn standard(&self, #[graphql(desc = "How many, at most 1,000.", default = 20)] first: i32) -> Vec<TextSlice> {
        text_slices(&self.0.standards, first)
    }

    /// By owning agency.
    async fn agency(&self, #[graphql(desc = "How many, at most 1,000.", default = 20)] first: i32) -> Vec<AgencySlice> {
        AgencySlice::all(&self.0.agencies, first)
    }

    /// By scheme of the certificate.
    async fn scheme(&self) -> Vec<SchemeSlice> {
        let schemes = self.0.schemes.iter();
        schemes.map(|slice| SchemeSlice { scheme: slice.value.into(), count: count(slice.count) }).collect()
    }

    /// How many sites have any of the lines.
    async fn lab_count(&self) -> i32 {
        count(self.0.labs)
    }
}

fn most(first: i32) -> usize {
    usize::try_from(first).unwrap_or(0).min(MOST_SLICES)
}

/// The slices of a tier.
pub(super) fn region_slices(
    slices: &[Slice<u32>],
    level: FacetLevel,
    within: Option<&str>,
    first: i32,
) -> Vec<RegionSlice> {
    let range = within.and_then(find::subtree);
    let is_of = |region: u32| {
        let tier = match () {
            () if region.is_multiple_of(10_000) => FacetLevel::Province,
            () if region.is_multiple_of(100) => FacetLevel::City,
            () => FacetLevel::County,
        };
        tier == level && range.is_none_or(|(from, to)| from <= region && region <= to)
    };
    let slices = slices.iter().filter(|slice| is_of(slice.value)).take(most(first));
    slices.map(|slice| RegionSlice { code: slice.value.to_string(), count: count(slice.count) }).collect()
}

/// The slices of a text.
pub(super) fn text_slices(slices: &[Slice<Box<str>>], first: i32) -> Vec<TextSlice> {
    let slices = slices.iter().take(most(first));
    slices.map(|slice| TextSlice { value: slice.value.to_string(), count: count(slice.count) }).collect()
}

/// Lines of a division.
#[derive(Clone, Debug)]
pub struct RegionSlice {
    code: String,
    count: i32,
}

/// Lines of a division.
#[Object]
impl RegionSlice {
    /// Its code; pass it as `where.region`.
    async fn code(&self) -> &str {
        &self.code
    }

    /// The division.
    async fn region(&self) -> Option<Region> {
        Region::of(&self.code.as_str().into())
    }

    /// How many lines.
    async fn count(&self) -> i32 {
        self.count
    }
}

/// Lines that have a text.
#[derive(Clone, Debug, SimpleObject)]
pub struct TextSlice {
    /// The text; pass it in the condition of the facet's name.
    value: String,
    /// How many lines.
    count: i32,
}

/// Lines of an agency.
#[derive(Clone, Debug)]
pub struct AgencySlice {
    code: String,
    count: i32,
}

impl AgencySlice {
    /// The slices of owners.
    pub(super) fn all(slices: &[Slice<Box<str>>], first: i32) -> Vec<Self> {
        let slices = slices.iter().take(most(first));
        slices.map(|slice| Self { code: slice.value.to_string(), count: count(slice.count) }).collect()
    }
}

/// Lines of an agency.
#[Object]
impl AgencySlice {
    /// Its code; pass it as `where.agency`.
    async fn code(&self) -> &str {
        &self.code
    }

    /// The agency.
    async fn agency(&self, ctx: &Context<'_>) -> Result<Option<Agency>> {
        Agency::find(ctx, self.code.as_str().into()).await
    }

    /// How many lines.
    async fn count(&self) -> i32 {
        self.count
    }
}

/// Lines under certificates of a scheme.
#[derive(Clone, Debug, SimpleObject)]
pub struct SchemeSlice {
    /// The scheme; pass it as `where.scheme`.
    scheme: CertificateScheme,
    /// How many lines.
    count: i32,
}
