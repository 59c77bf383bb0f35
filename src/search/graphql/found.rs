//! What is found, in the schema.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use entity::ids::{LabId, ScopeId};
use futures_util::future::try_join_all;
use uuid::Uuid;

use super::asked::MatchGrade;
use crate::{
    capacity::availability::graphql::Exclusion,
    directory::{
        agency::graphql::Agency, certificate::graphql::CertificateScheme, lab::graphql::Lab, region::graphql::Region,
        scope::graphql::CompetenceScope,
    },
    graphql::{context::reads, page::PageInfo},
    platform::{fault::Outcome, lag::Lag},
    search::{
        find::{self, Factor, Highlight, Slice, Way},
        follow::Standing,
        service::Row,
    },
};

/// How a word was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Way")]
pub enum WordMatch {
    /// The text is the word.
    Whole,
    /// The text has the word in it.
    Part,
    /// The text has another name of the same thing.
    Synonym,
    /// The text names something of which it is a part or a kind, and so covers it.
    Wider,
    /// The text names a part or a kind of it.
    Narrower,
    /// By its pinyin.
    Pinyin,
    /// But for a typing error.
    Nearly,
}

/// One factor of a place in the order.
#[derive(Clone, Debug, SimpleObject)]
pub struct RankFactor {
    /// What counts: `PARAMETER`, `OBJECT`, `METHOD`, `TITLE`, `FIELD`, `LAB`, `REGION`, `STANDARD`, `LIMITS`, `SUPERSEDED`
    /// or `DISTANCE`.
    name: &'static str,
    /// The word, standard or distance that it is about.
    about: String,
    /// How it was met, where it is a word.
    way: Option<WordMatch>,
    /// What it adds to the score, or takes from it.
    points: i32,
}

impl From<Factor> for RankFactor {
    fn from(factor: Factor) -> Self {
        let Factor { name, about, way, points } = factor;
        Self { name, about, way: way.map(Into::into), points }
    }
}

/// A text of a line with the places that answer the question.
#[derive(Clone, Debug, SimpleObject)]
pub struct TextHighlight {
    /// `parameter`, `object`, `method` or `field`.
    field: &'static str,
    /// The text cut at the borders of what answers, in order: its pieces joined are the text.
    pieces: Vec<TextPiece>,
}

/// A piece of a text.
#[derive(Clone, Debug, SimpleObject)]
pub struct TextPiece {
    /// The text.
    text: String,
    /// Whether it answers the question.
    hit: bool,
}

impl From<Highlight> for TextHighlight {
    fn from(highlight: Highlight) -> Self {
        let (mut pieces, mut at) = (Vec::new(), 0);
        let mut add = |range: std::ops::Range<usize>, hit: bool| {
            if let Some(text) = highlight.text.get(range).filter(|text| !text.is_empty()) {
                pieces.push(TextPiece { text: text.to_owned(), hit });
            }
        };
        for span in &highlight.spans {
            add(at..span.start, false);
            add(span.clone(), true);
            at = span.end;
        }
        add(at..highlight.text.len(), false);
        Self { field: highlight.of, pieces }
    }
}

/// A line that a question finds, and why it stands where it stands.
#[derive(Clone, SimpleObject)]
pub struct ScopeHit {
    /// The line, as it stood on the date.
    scope: CompetenceScope,
    /// How it meets the standards that are asked for; null where none is.
    grade: Option<MatchGrade>,
    /// Whether 限制范围 says what the line does not cover: read `scope.limits`.
    limited: bool,
    /// Whether the edition that it cites is known to be superseded or withdrawn.
    superseded: bool,
    /// The score by which relevance is ordered.
    score: i32,
    /// What the score consists of, the largest first.
    factors: Vec<RankFactor>,
    /// Where the question is answered in the texts of the line.
    highlights: Vec<TextHighlight>,
    /// How far the site is from `where.near`, in kilometres; null where that is not known or was not asked.
    distance_km: Option<f64>,
    /// Whether nothing stands in the way over `where.available`; null where that was not asked.
    available: Option<bool>,
    /// Everything that stands in the way, each with the first day on which it does.
    exclusions: Vec<Exclusion>,
}

/// Rows with their lines. A line that is no longer the asker's to see, or no longer there, is left out.
pub async fn hits(ctx: &Context<'_>, rows: Vec<Row>, on: chrono::NaiveDate) -> Result<Vec<(usize, ScopeHit)>> {
    let lines = rows.iter().map(|row| CompetenceScope::find_on(ctx, ScopeId(row.id), on));
    let lines = try_join_all(lines).await?;
    let hits = rows.into_iter().zip(lines).enumerate();
    Ok(hits.filter_map(|(at, (row, scope))| Some((at, hit(row, scope?)))).collect())
}

fn hit(row: Row, scope: CompetenceScope) -> ScopeHit {
    let Row { explained, exclusions, .. } = row;
    ScopeHit {
        scope,
        grade: explained.grade.map(Into::into),
        limited: explained.limited,
        superseded: explained.is_past,
        score: i32::try_from(explained.score).unwrap_or(i32::MAX),
        factors: explained.factors.into_iter().map(Into::into).collect(),
        highlights: explained.highlights.into_iter().map(Into::into).collect(),
        distance_km: explained.metres.map(|metres| f64::from(metres) / 1_000.0),
        available: exclusions.as_ref().map(Vec::is_empty),
        exclusions: exclusions.unwrap_or_default().into_iter().map(Into::into).collect(),
    }
}

/// A line with its place in the list.
#[derive(Clone, SimpleObject)]
pub struct ScopeHitEdge {
    /// Where it stands; pass it as `after` or `before`.
    pub cursor: String,
    /// The line.
    pub node: ScopeHit,
}

/// A page of lines that a question finds.
#[derive(SimpleObject)]
pub struct ScopeHitConnection {
    /// The lines, each with its cursor.
    pub edges: Vec<ScopeHitEdge>,
    /// The lines without their cursors.
    pub nodes: Vec<ScopeHit>,
    /// Where this page stands in the list.
    pub page_info: PageInfo,
    /// How many lines the question finds.
    pub total_count: i32,
    /// How they divide. Counted only when asked for.
    pub facets: Option<SearchFacets>,
    /// How the question was understood.
    pub understood: QuestionRead,
    /// How far the index is.
    pub index: SearchIndex,
}

/// A site that has lines which a question finds.
#[derive(Clone, SimpleObject)]
pub struct LabHit {
    /// The site.
    lab: Lab,
    /// How many of its lines are found.
    line_count: i32,
    /// The best of them.
    best: Vec<ScopeHit>,
    /// How far it is from `where.near`, in kilometres; null where that is not known or was not asked.
    distance_km: Option<f64>,
}

/// A site with its place in the list.
#[derive(Clone, SimpleObject)]
pub struct LabHitEdge {
    /// Where it stands; pass it as `after` or `before`.
    pub cursor: String,
    /// The site.
    pub node: LabHit,
}

/// A page of sites that have lines which a question finds.
#[derive(SimpleObject)]
pub struct LabHitConnection {
    /// The sites, each with its cursor.
    pub edges: Vec<LabHitEdge>,
    /// The sites without their cursors.
    pub nodes: Vec<LabHit>,
    /// Where this page stands in the list.
    pub page_info: PageInfo,
    /// How many sites there are.
    pub total_count: i32,
    /// How the lines divide.
    pub facets: SearchFacets,
    /// How the question was understood.
    pub understood: QuestionRead,
    /// How far the index is.
    pub index: SearchIndex,
}

/// A site as it was found.
pub struct LabRow {
    /// The site.
    pub id: Uuid,
    /// How many of its lines.
    pub count: u64,
    /// How far, in metres.
    pub metres: Option<u32>,
    /// Its best lines.
    pub best: Vec<Row>,
}

/// Sites with their best lines.
pub async fn lab_hits(ctx: &Context<'_>, rows: Vec<LabRow>, on: chrono::NaiveDate) -> Result<Vec<(usize, LabHit)>> {
    let asked = rows.into_iter().enumerate().map(async |(at, row)| {
        let (lab, best) =
            futures_util::future::try_join(Lab::find(ctx, LabId(row.id)), hits(ctx, row.best, on)).await?;
        let line_count = i32::try_from(row.count).unwrap_or(i32::MAX);
        let best = best.into_iter().map(|(_, hit)| hit).collect();
        let distance_km = row.metres.map(|metres| f64::from(metres) / 1_000.0);
        Ok::<_, async_graphql::Error>(lab.map(|lab| (at, LabHit { lab, line_count, best, distance_km })))
    });
    Ok(try_join_all(asked).await?.into_iter().flatten().collect())
}

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
        let range = within.as_deref().and_then(find::subtree);
        let is_of = |region: u32| {
            let tier = match () {
                () if region.is_multiple_of(10_000) => FacetLevel::Province,
                () if region.is_multiple_of(100) => FacetLevel::City,
                () => FacetLevel::County,
            };
            tier == level && range.is_none_or(|(from, to)| from <= region && region <= to)
        };
        let slices = self.0.regions.iter().filter(|slice| is_of(slice.value)).take(most(first));
        slices.map(|slice| RegionSlice { code: slice.value.to_string(), count: count(slice.count) }).collect()
    }

    /// By 类别 / 领域.
    async fn field(&self, #[graphql(desc = "How many, at most 1,000.", default = 20)] first: i32) -> Vec<TextSlice> {
        slices(&self.0.fields, first)
    }

    /// By cited standard, whatever the edition: family and number without `/T`, such as `GB 5009.12`.
    async fn standard(&self, #[graphql(desc = "How many, at most 1,000.", default = 20)] first: i32) -> Vec<TextSlice> {
        slices(&self.0.standards, first)
    }

    /// By owning agency.
    async fn agency(&self, #[graphql(desc = "How many, at most 1,000.", default = 20)] first: i32) -> Vec<AgencySlice> {
        let agencies = self.0.agencies.iter().take(most(first));
        agencies.map(|slice| AgencySlice { code: slice.value.to_string(), count: count(slice.count) }).collect()
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

/// A count as the schema shows it.
pub fn count(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn slices(slices: &[Slice<Box<str>>], first: i32) -> Vec<TextSlice> {
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

/// How a question was understood.
#[derive(Clone, Debug, SimpleObject)]
pub struct QuestionRead {
    /// The standards that are asked for.
    pub standards: Vec<StandardRead>,
    /// The words that are asked for, each with what else it is called.
    pub words: Vec<WordRead>,
    /// Words that were passed over, because they carry no weight.
    pub passed_over: Vec<String>,
    /// Whether lines are listed that do not answer every word, because no line does.
    pub relaxed: bool,
}

/// A standard that is asked for.
#[derive(Clone, Debug, SimpleObject)]
pub struct StandardRead {
    /// Its number in canonical print.
    pub number: String,
    /// Whether any line cites it, in whatever edition.
    pub known: bool,
}

/// A word that is asked for.
#[derive(Clone, Debug, SimpleObject)]
pub struct WordRead {
    /// The word, folded.
    pub text: String,
    /// Other names of the same thing that were looked for as well.
    pub synonyms: Vec<String>,
}

/// How far the index of the node that answers is.
#[derive(Clone, Copy, Debug)]
pub struct SearchIndex(pub Standing);

/// How far the index of the node that answers is.
#[Object]
impl SearchIndex {
    /// How many entries of the feed it has not yet read. While it is being built: all of them.
    async fn lag(&self, ctx: &Context<'_>) -> Result<i32> {
        let lag: Outcome<Lag> = Lag::read(&reads(ctx)?.db).await;
        Ok(count(lag?.behind(self.0.seq.unwrap_or(0))))
    }

    /// Whether it is being built anew: until that has ended, not everything can be found.
    async fn building(&self) -> bool {
        self.0.seq.is_none()
    }

    /// How many revisions of lines have been read, while it is being built.
    async fn built(&self) -> Option<i32> {
        self.0.built.map(count)
    }
}
