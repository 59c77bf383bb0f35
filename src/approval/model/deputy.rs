//! Who stands in for whom, and when.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    deputy::Model,
    ids::{AgencyCode, DeputyId},
};

use super::counsel;
use crate::{
    directory::text,
    platform::fault::{Outcome, Problems},
};

/// Most days for which a deputy is appointed.
const MOST_DAYS: i64 = 366;

/// An appointment as a caller writes it.
#[derive(Clone, Debug)]
pub struct NewDeputy {
    /// For whom.
    pub person: String,
    /// Who.
    pub deputy: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Why.
    pub note: Option<String>,
}

impl NewDeputy {
    /// The row, in good form.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn entered(
        self,
        (id, agency): (DeputyId, AgencyCode),
        (by, at): (String, DateTime<Utc>),
        today: NaiveDate,
    ) -> Outcome<Model> {
        let mut problems = Problems::default();
        let p = &mut problems;
        let person = text::required(p, "input.person", &self.person, counsel::MOST_CHARACTERS);
        let deputy = text::required(p, "input.deputy", &self.deputy, counsel::MOST_CHARACTERS);
        if counsel::is(&person, &deputy) || counsel::is(&deputy, &person) {
            p.add("input.deputy", "SAME_PERSON", "Nobody stands in for themselves; name another.");
        }
        if self.to < self.from || self.to < today {
            p.add("input.to", "RANGE_EMPTY", "The last day lies before the first, or has passed.");
        }
        if (self.to - self.from).num_days() > MOST_DAYS {
            p.add("input.to", "TOO_LONG", format!("Appoint for at most {MOST_DAYS} days."));
        }
        let note = text::optional(p, "input.note", self.note, text::FREE);
        problems.finish()?;
        Ok(Model {
            id,
            agency,
            person,
            deputy,
            from_date: self.from,
            to_date: self.to,
            note,
            author: by,
            ended_at: None,
            version: 1,
            created_at: at,
            updated_at: at,
        })
    }
}
