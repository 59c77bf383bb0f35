//! The calendar in the schema.

use async_graphql::{Context, Enum, InputObject, Object, Result, SimpleObject};
use entity::enums;

use super::{
    policy,
    service::{self, ListedDay},
    store,
};
use crate::{
    graphql::{
        access::access,
        context::{command, reads},
        scalars::Date,
    },
    platform::{fault::Fault, workday::DayKind},
};

/// Whether a listed date is off or on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::HolidayKind")]
pub enum HolidayKind {
    /// 放假.
    Holiday,
    /// 调休上班: a weekend day that is worked.
    Workday,
}

/// A listed day.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct Holiday {
    /// The date.
    pub day: Date,
    /// Off or on.
    pub kind: HolidayKind,
}

/// A due date, counted in working days.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct Deadline {
    /// The date.
    pub date: Date,
    /// Whether it lies beyond the years whose holidays are known, and was counted Monday to Friday there.
    pub provisional: bool,
}

/// A day to be listed.
#[derive(Clone, Debug, InputObject)]
pub struct HolidayInput {
    /// The date.
    pub day: Date,
    /// Off or on.
    pub kind: HolidayKind,
    /// The festival.
    pub name: String,
}

/// How many days differ from before.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct HolidayPayload {
    /// Days that are new or corrected.
    pub differing: i32,
}

/// Asking for the calendar.
#[derive(Default)]
pub struct CalendarQuery;

#[Object]
impl CalendarQuery {
    /// The listed days of a year, in order.
    #[graphql(directive = access::apply(policy::READ))]
    async fn holidays(&self, ctx: &Context<'_>, #[graphql(desc = "The year.")] year: i32) -> Result<Vec<Holiday>> {
        let days = store::of_year(&reads(ctx)?.db, year).await?;
        Ok(days.into_iter().map(|(day, kind)| Holiday { day: Date(day), kind: kind.into() }).collect())
    }

    /// The date that lies a number of working days after another; that one is not counted.
    #[graphql(directive = access::apply(policy::READ))]
    async fn workday_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The date from which it is counted.")] from: Date,
        #[graphql(desc = "How many working days, -2,000 to 2,000.")] days: i32,
    ) -> Result<Deadline> {
        if !(-2_000..=2_000).contains(&days) {
            return Err(Fault::invalid("days", "OUT_OF_RANGE", "Ask for -2,000 to 2,000 working days.").into());
        }
        let due = store::calendar(&reads(ctx)?.db).await?.add_workdays(from.0, days);
        Ok(Deadline { date: Date(due.date), provisional: due.provisional })
    }
}

impl From<DayKind> for HolidayKind {
    fn from(kind: DayKind) -> Self {
        match kind {
            DayKind::Holiday => Self::Holiday,
            DayKind::Workday => Self::Workday,
        }
    }
}

/// Changing the calendar, which belongs to the pact as a whole.
#[derive(Default)]
pub struct CalendarMutation;

#[Object]
impl CalendarMutation {
    /// Enter listed days, such as a year's notice, and correct those that are there.
    #[graphql(directive = access::apply(policy::RECORD))]
    async fn holiday_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The days, at most 400.", validator(max_items = 400))] input: Vec<HolidayInput>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<HolidayPayload> {
        let days = input
            .into_iter()
            .map(|each| ListedDay { day: each.day.0, kind: each.kind.into(), name: each.name })
            .collect();
        let differing = service::record(&command(ctx, None, idempotency_key)?, days).await?;
        Ok(HolidayPayload { differing: i32::try_from(differing).unwrap_or(i32::MAX) })
    }
}
