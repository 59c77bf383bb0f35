//! When a step is due, in the schema.

use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use entity::enums;

use super::words::Side;
use crate::{
    directory::calendar::loader::WorkingDays,
    graphql::{
        context::reads,
        scalars::{Date, Instant},
    },
    request::model::clock,
};

/// When the next step is due, and whose step it is.
pub struct Due {
    pub(super) at: DateTime<Utc>,
    pub(super) provisional: bool,
    pub(super) side: enums::Side,
}

/// When the next step is due, and whose step it is.
#[Object]
impl Due {
    /// The first instant at which it is overdue.
    async fn at(&self) -> Instant {
        Instant(self.at)
    }

    /// The deadline: the last date, in Asia/Shanghai, on which it is in time.
    async fn on(&self) -> Date {
        Date(clock::date_of(self.at))
    }

    /// Whether a year was counted whose holidays are not known yet; the deadline moves when they are.
    async fn provisional(&self) -> bool {
        self.provisional
    }

    /// Whose step it is.
    async fn side(&self) -> Side {
        self.side.into()
    }

    /// Whether it is overdue.
    async fn overdue(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.at <= reads(ctx)?.db.clock().now())
    }

    /// Working days that are left until the deadline; negative where it has passed.
    async fn workdays_left(&self, ctx: &Context<'_>) -> Result<i32> {
        let reads = reads(ctx)?;
        let calendar = reads.load(WorkingDays).await?.unwrap_or_default();
        let days = calendar.workdays_between(reads.db.clock().today(), clock::date_of(self.at));
        Ok(i32::try_from(days).unwrap_or(i32::MAX))
    }
}

/// Working days since an instant.
pub(super) async fn age(ctx: &Context<'_>, since: DateTime<Utc>) -> Result<i32> {
    let reads = reads(ctx)?;
    let calendar = reads.load(WorkingDays).await?.unwrap_or_default();
    Ok(i32::try_from(clock::age(&calendar, since, reads.db.clock().now())).unwrap_or(i32::MAX))
}

/// Why something was done.
#[derive(Clone, Debug, SimpleObject)]
pub struct Reason {
    /// Code, where it is one of the coded reasons.
    pub code: Option<String>,
    /// In words.
    pub text: Option<String>,
}

impl Reason {
    /// The reason of a row; none where it has none.
    pub(super) fn of(code: Option<&String>, text: Option<&String>) -> Option<Self> {
        (code.is_some() || text.is_some()).then(|| Self { code: code.cloned(), text: text.cloned() })
    }
}
