//! What is found, in the schema.

use async_graphql::{ComplexObject, Context, Enum, Result, SimpleObject};
use chrono::NaiveDate;
use entity::ids::{LabId, ScopeId};
use futures_util::future::try_join_all;
use uuid::Uuid;

use super::{
    asked::MatchGrade,
    facets::SearchFacets,
    read::{QuestionRead, SearchIndex},
};
use crate::{
    capacity::availability::graphql::Exclusion,
    directory::{calendar::loader::WorkingDays, lab::graphql::Lab, scope::graphql::CompetenceScope},
    graphql::{context::reads, page::PageInfo, scalars::Date},
    search::{
        find::{self, Factor, Highlight, Way},
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
    /// The score by which relevance is ordered: the sum of the points of its factors.
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
    /// What is offered for it to you; null where nothing is open.
    offered: Option<OfferedTerms>,
}

/// The best terms on which a line is offered.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(complex)]
pub struct OfferedTerms {
    /// Working days from an agreement to the first possible start.
    lead_days: i32,
    /// Working days from receipt to report; null where it is not said.
    turnaround_days: Option<i32>,
    /// The date of the question.
    #[graphql(skip)]
    on: NaiveDate,
}

#[ComplexObject]
impl OfferedTerms {
    /// The day on which the report is there at the latest, where work is agreed on another; null where the turnaround is not
    /// said.
    async fn ready_on(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day of the agreement; where not given, the date of the question.")] from: Option<Date>,
    ) -> Result<Option<Date>> {
        let Some(turnaround) = self.turnaround_days else { return Ok(None) };
        let calendar = reads(ctx)?.load(WorkingDays).await?.unwrap_or_default();
        let from = from.map_or(self.on, |from| from.0);
        Ok(Some(Date(calendar.add_workdays(from, self.lead_days.saturating_add(turnaround)).date)))
    }
}

impl OfferedTerms {
    fn of(terms: find::OfferedTerms, on: NaiveDate) -> Self {
        let days = |days: u32| i32::try_from(days).unwrap_or(i32::MAX);
        let turnaround_days = (terms.turnaround < find::UNKNOWN).then(|| days(terms.turnaround));
        Self { lead_days: days(terms.lead), turnaround_days, on }
    }
}

/// Rows with their lines. A line that is no longer the asker's to see, or no longer there, is left out.
pub async fn hits(ctx: &Context<'_>, rows: Vec<Row>, on: NaiveDate) -> Result<Vec<(usize, ScopeHit)>> {
    let lines = rows.iter().map(|row| CompetenceScope::find_on(ctx, ScopeId(row.id), on));
    let lines = try_join_all(lines).await?;
    let hits = rows.into_iter().zip(lines).enumerate();
    Ok(hits.filter_map(|(at, (row, scope))| Some((at, hit(row, scope?, on)))).collect())
}

pub(super) fn hit(row: Row, scope: CompetenceScope, on: NaiveDate) -> ScopeHit {
    let Row { explained, exclusions, terms, .. } = row;
    ScopeHit {
        scope,
        grade: explained.grade.map(Into::into),
        limited: explained.limited,
        superseded: explained.is_past,
        score: explained.score,
        factors: explained.factors.into_iter().map(Into::into).collect(),
        highlights: explained.highlights.into_iter().map(Into::into).collect(),
        distance_km: explained.metres.map(|metres| f64::from(metres) / 1_000.0),
        available: exclusions.as_ref().map(Vec::is_empty),
        exclusions: exclusions.unwrap_or_default().into_iter().map(Into::into).collect(),
        offered: terms.map(|terms| OfferedTerms::of(terms, on)),
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
pub async fn lab_hits(ctx: &Context<'_>, rows: Vec<LabRow>, on: NaiveDate) -> Result<Vec<(usize, LabHit)>> {
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
