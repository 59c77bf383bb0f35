//! What a question looks like in the schema.

use async_graphql::{Enum, ID, InputObject};
use chrono::NaiveDate;
use entity::{
    enums,
    ids::{InstitutionId, LabId},
};
use uuid::Uuid;

use crate::{
    capacity::availability::model::{self, Window},
    directory::{
        certificate::graphql::CertificateScheme,
        graphql::Visibility,
        region::divisions::{Point, division_of, successor},
    },
    graphql::scalars::{Date, TypedId, parse_id},
    platform::{
        access::Visible,
        fault::{Fault, Outcome},
        lenient::fold_code,
        page::{Cursor, SortValue},
    },
    search::find::{
        Span,
        grade::Grade,
        question::{Near, Question, Wanted},
        rank::{By, Rank},
    },
};

/// How a line meets the standards that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Grade")]
pub enum MatchGrade {
    /// The same standard, the same year.
    Exact,
    /// An older or newer edition, or a standard that replaced it or was replaced by it under another number.
    OtherEdition,
    /// One side has no year.
    Undated,
    /// What is asked for by another method.
    SameParameter,
}

/// The order of what is found. Lines that are not available, where they are listed at all, stand behind the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "By")]
pub enum SearchOrder {
    /// How well it answers the question.
    Relevance,
    /// The nearest first; needs `where.near`.
    Distance,
    /// The shortest turnaround first.
    Turnaround,
    /// What is done first stands first.
    Soonest,
}

/// Degrees on WGS 84.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct PointInput {
    /// East of Greenwich, -180 to 180.
    pub longitude: f64,
    /// North of the equator, -90 to 90.
    pub latitude: f64,
}

/// A place to be near to: a point or a division.
#[derive(Clone, Debug, InputObject)]
pub struct NearInput {
    /// The point.
    pub point: Option<PointInput>,
    /// Code of a division (GB/T 2260), by its representative point.
    pub region: Option<String>,
    /// How far sites may be, in kilometres as the crow flies; any distance where not given. Sites without a known point
    /// are left out where it is given.
    pub within_km: Option<f64>,
}

/// Over which days something must be available.
#[derive(Clone, Debug, InputObject)]
pub struct AvailableInput {
    /// The first day.
    pub from: Date,
    /// The last day, at most 366 days in all.
    pub to: Date,
    /// How much is wanted, in the unit of the offering.
    pub quantity: Option<i32>,
    /// Whether what is not available is listed behind the rest, with everything that stands in the way.
    #[graphql(default)]
    pub include_unavailable: bool,
}

/// Conditions on what is found. Every condition that is given must hold; of several values in one, any will do.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SearchWhere {
    /// Numbers of standards in any spelling.
    pub standard: Option<Vec<String>>,
    /// Text that the parameter must answer, as free text does.
    pub parameter: Option<String>,
    /// Text that the object must answer, as free text does.
    pub object: Option<String>,
    /// 类别 / 领域, to the letter, as the facet gives it.
    pub field: Option<Vec<String>>,
    /// Codes of divisions (GB/T 2260), each with everything in it.
    pub region: Option<Vec<String>>,
    /// Codes of owning agencies.
    pub agency: Option<Vec<String>>,
    /// Ids of institutions.
    pub institution: Option<Vec<ID>>,
    /// Ids of sites.
    pub lab: Option<Vec<ID>>,
    /// Schemes of the certificate.
    pub scheme: Option<Vec<CertificateScheme>>,
    /// Who may see the lines.
    pub visibility: Option<Vec<Visibility>>,
    /// Text that an instrument must answer which the line needs: class, name, model or manufacturer.
    pub equipment: Option<String>,
    /// How lines may meet the standards that are asked for; where not given, every grade will do.
    pub grade: Option<Vec<MatchGrade>>,
    /// Whether lines count whose certificate does not hold on the date, or whose site does not take part.
    #[graphql(default)]
    pub any_standing: bool,
    /// Longest turnaround in working days.
    pub max_turnaround: Option<i32>,
    /// From where distances are measured, and how far sites may be.
    pub near: Option<NearInput>,
    /// Over which days lines must be available: everything that they need must hold on every one of them.
    pub available: Option<AvailableInput>,
}

/// Most values of one condition.
const MOST_VALUES: usize = 200;

impl SearchWhere {
    /// The question.
    ///
    /// # Errors
    /// `INVALID` for values that cannot be meant.
    pub fn question(
        self,
        visible: Visible,
        text: Option<String>,
        order: Option<SearchOrder>,
        on: NaiveDate,
    ) -> Outcome<Question> {
        let near = self.near.map(near).transpose()?;
        let order: By = order.map_or(By::Relevance, Into::into);
        if order == By::Distance && near.is_none() {
            return Err(Fault::invalid(
                "where.near",
                "NEAR_REQUIRED",
                "Say from where: give where.near with a point or a region.",
            ));
        }
        Ok(Question {
            text: text.filter(|text| !text.trim().is_empty()),
            standards: few(self.standard, "where.standard")?,
            parameter: self.parameter.filter(|text| !text.trim().is_empty()),
            object: self.object.filter(|text| !text.trim().is_empty()),
            fields: few(self.field, "where.field")?,
            regions: few(self.region, "where.region")?
                .iter()
                .map(|code| region(code, "where.region"))
                .collect::<Outcome<_>>()?,
            agencies: few(self.agency, "where.agency")?.iter().map(|code| fold_code(code)).collect(),
            institutions: ids::<InstitutionId>(self.institution, "where.institution")?,
            labs: ids::<LabId>(self.lab, "where.lab")?,
            schemes: few(self.scheme, "where.scheme")?.into_iter().map(Into::into).collect(),
            visibility: few(self.visibility, "where.visibility")?.into_iter().map(enums::Visibility::from).collect(),
            equipment: self.equipment.filter(|text| !text.trim().is_empty()),
            grades: few(self.grade, "where.grade")?.into_iter().map(Into::into).collect(),
            // What could be, if: lines whose certificate or site is suspended stand behind the others too.
            any_standing: self.any_standing || self.available.as_ref().is_some_and(|wanted| wanted.include_unavailable),
            turnaround: self.max_turnaround.map(turnaround).transpose()?,
            near,
            available: self.available.map(|given| wanted(given, "where.available")).transpose()?,
            order,
            ..Question::on(visible, on)
        })
    }
}

fn few<T>(values: Option<Vec<T>>, path: &str) -> Outcome<Vec<T>> {
    let values = values.unwrap_or_default();
    if values.len() > MOST_VALUES {
        return Err(Fault::invalid(path, "TOO_MANY_VALUES", format!("Give at most {MOST_VALUES} values.")));
    }
    Ok(values)
}

pub(super) fn ids<T: TypedId + Into<Uuid>>(ids: Option<Vec<ID>>, path: &str) -> Outcome<Vec<Uuid>> {
    few(ids, path)?.iter().map(|id| parse_id::<T>(id, path).map(Into::into)).collect()
}

/// The code of a division in use; a former code leads to the division that took its place.
fn region(code: &str, path: &str) -> Outcome<String> {
    let code = fold_code(code);
    let code = code.strip_prefix("REGION:").unwrap_or(&code);
    let now = division_of(code).map(|row| row.code).or_else(|| successor(code).map(|now| now.new_code));
    now.map(str::to_owned).ok_or_else(|| {
        Fault::invalid(path, "REGION", "Give the six digits of a division of the five provinces, such as 440100.")
    })
}

fn near(given: NearInput) -> Outcome<Near> {
    let bad = |path: &str, message: &str| Fault::invalid(format!("where.near{path}"), "NEAR", message);
    let point = match (given.point, given.region) {
        (Some(point), None) => {
            if !(-180.0..=180.0).contains(&point.longitude) || !(-90.0..=90.0).contains(&point.latitude) {
                return Err(bad(
                    ".point",
                    "Give degrees of longitude from -180 to 180 and of latitude from -90 to 90.",
                ));
            }
            Point { longitude: point.longitude, latitude: point.latitude }
        }
        (None, Some(code)) => {
            let code = region(&code, "where.near.region")?;
            division_of(&code).map(|row| row.point).ok_or_else(|| bad(".region", "Give a division in use."))?
        }
        _ => return Err(bad("", "Give either a point or a region.")),
    };
    if given.within_km.is_some_and(|km| !km.is_finite() || km < 0.0) {
        return Err(bad(".withinKm", "Give a distance of 0 kilometres or more."));
    }
    Ok(Near { point, within_km: given.within_km })
}

fn turnaround(days: i32) -> Outcome<u32> {
    u32::try_from(days)
        .map_err(|_| Fault::invalid("where.maxTurnaround", "TURNAROUND", "Give a number of working days of 0 or more."))
}

pub(super) fn wanted(given: AvailableInput, path: &str) -> Outcome<Wanted> {
    Ok(Wanted {
        window: Window::new(given.from.0, given.to.0, path)?,
        quantity: model::quantity(given.quantity, &format!("{path}.quantity"))?,
        could_if: given.include_unavailable,
    })
}

/// The place of a line as a cursor.
pub fn cursor(question: &str, rank: Rank) -> Cursor {
    let number = |number: u64| SortValue::Int(number.cast_signed());
    let values =
        vec![number(rank.first), number(rank.second), number(rank.tie), SortValue::Id(Uuid::from_u128(rank.line))];
    Cursor::new(question, values)
}

/// The part that a window asks for.
///
/// # Errors
/// `INVALID` for a cursor of another question or order.
pub fn span(question: &str, window: &crate::platform::page::Window) -> Outcome<Span> {
    let place = |cursor: Option<&Cursor>, path: &str| -> Outcome<Option<Rank>> {
        let Some(cursor) = cursor else { return Ok(None) };
        match cursor.of_order(question) {
            Some([SortValue::Int(first), SortValue::Int(second), SortValue::Int(tie), SortValue::Id(line)]) => {
                Ok(Some(Rank {
                    first: first.cast_unsigned(),
                    second: second.cast_unsigned(),
                    tie: tie.cast_unsigned(),
                    line: line.as_u128(),
                }))
            }
            _ => {
                let message = "This cursor belongs to another question or order; begin again without it.";
                Err(Fault::invalid(path, "CURSOR_ORDER", message))
            }
        }
    };
    Ok(Span {
        limit: usize::try_from(window.limit()).unwrap_or(0),
        after: place(window.after(), "after")?,
        before: place(window.before(), "before")?,
        backward: window.is_backward(),
    })
}
