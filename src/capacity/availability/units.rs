//! What offerings have free over days, as it is kept in memory by whoever asks often.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::ids::OfferingId;

use super::model::Window;
use crate::{
    capacity::{
        calendar::{self, model::Rules},
        hold::{self, model::Bucket, store::Counted},
    },
    platform::{db::Db, fault::Outcome},
};

/// How far ahead is looked, in days: the longest window, begun in a year.
const AHEAD: u64 = 732;
/// A week may begin before the day that is asked about.
const BEHIND: u64 = 6;

/// What an offering gives and what is taken of it, at one moment.
#[derive(Clone, Debug)]
pub struct FreeUnits {
    rules: Rules,
    /// By the day under which it is counted.
    taken: HashMap<NaiveDate, Counted>,
    /// When the next hold lapses by itself, and there is more.
    pub lapses_at: Option<DateTime<Utc>>,
}

impl FreeUnits {
    /// What is free of each day of a window, the Monday of a week where that is counted, for the owner or for a partner.
    /// What is past is free for nobody.
    pub fn days(
        &self,
        window: Window,
        (partner, today): (bool, NaiveDate),
    ) -> impl Iterator<Item = (NaiveDate, i32)> + '_ {
        let buckets = self.rules.buckets(window.first.max(today), window.last);
        buckets.into_iter().map(move |day| {
            let taken = self.taken.get(&day).copied().unwrap_or_default();
            let quota = self.rules.quota(day);
            let bucket = Bucket {
                starts_on: day,
                total: quota.total,
                open: quota.open,
                taken: taken.held.saturating_add(taken.booked),
                partner_taken: taken.partner_taken,
            };
            (day, bucket.free(partner))
        })
    }
}

/// What these offerings have free, by the clock; those that count nothing are left out.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn free_units(db: &Db, offerings: &[OfferingId]) -> Outcome<HashMap<OfferingId, FreeUnits>> {
    let today = db.clock().today();
    let (first, last) = (today - Days::new(BEHIND), today + Days::new(AHEAD));
    let rules = calendar::store::rules_of(db, offerings, first, last).await?;
    let stating: Vec<OfferingId> = rules.keys().copied().collect();
    if stating.is_empty() {
        return Ok(HashMap::new());
    }
    let bucket = |id: OfferingId, day| rules.get(&id).map_or(day, |rules| rules.bucket(day));
    let counted = hold::store::counted(db, &stating, (first, last), bucket).await?;
    let mut lapses = hold::store::next_lapses(db, &stating).await?;
    let mut taken: HashMap<OfferingId, HashMap<NaiveDate, Counted>> = HashMap::new();
    for ((offering, day), counted) in counted {
        taken.entry(offering).or_default().insert(day, counted);
    }
    let whole = |(id, rules): (OfferingId, Rules)| {
        let taken = taken.remove(&id).unwrap_or_default();
        (id, FreeUnits { rules, taken, lapses_at: lapses.remove(&id) })
    };
    Ok(rules.into_iter().map(whole).collect())
}
