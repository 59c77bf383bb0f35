//! What is due, as others tell it: each capability whose work has due dates implements [`Deadlines`], and `app.rs` lists it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde_json::Value;
use uuid::Uuid;

use super::model::rule::Audience;
use crate::platform::{db::Db, fault::Outcome, workday::Calendar};

/// Something that must be done by an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Deadline {
    /// Its place in the order: when it is due, and an id.
    pub place: (DateTime<Utc>, Uuid),
    /// Typed id of what it is about.
    pub subject: String,
    /// Since when the due date holds.
    pub since: DateTime<Utc>,
    /// Whose turn it is.
    pub holders: Vec<Audience>,
    /// Who is told where it has passed.
    pub over: Vec<Audience>,
    /// What the words are filled with.
    pub params: Value,
}

/// A span of time, its ends included, and the place behind which to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// From.
    pub from: DateTime<Utc>,
    /// To.
    pub to: DateTime<Utc>,
    /// Behind this place.
    pub after: Option<(DateTime<Utc>, Uuid)>,
}

/// Whose work has due dates.
pub trait Deadlines: Send + Sync {
    /// What is due in a span, in the order of places, at most `most`.
    fn due<'a>(&'a self, db: &'a Db, span: Span, most: u64) -> BoxFuture<'a, Outcome<Vec<Deadline>>>;
}

/// All of them, and the calendar by which working days are counted.
#[derive(Clone)]
pub struct Surroundings {
    /// Whose work has due dates.
    pub deadlines: Arc<[Arc<dyn Deadlines>]>,
    /// The working days that are known now.
    pub calendar: CalendarOf,
}

/// Reads the working days that are known now.
pub type CalendarOf = for<'a> fn(&'a Db) -> BoxFuture<'a, Outcome<Calendar>>;
