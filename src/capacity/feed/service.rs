//! Use cases of the addresses of calendars, and what is read under them.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::{
    calendar_feed::Model,
    capacity_closure, equipment_outage,
    ids::{CalendarFeedId, LabId, OfferingId},
    offering,
};
use serde_json::json;

use super::{
    model::{Entry, When, calendar},
    policy, store,
};
use crate::{
    capacity::{
        calendar::{self as calendars, model::FAR},
        hold::{self, store::Booking},
        offering::{service::open, store as offerings},
    },
    directory::{agency, lab as labs, text},
    platform::{
        command::Command,
        db::{Db, Tx},
        fault::{Fault, Outcome, Problems},
        secret,
    },
};

/// How far back a calendar reaches, in days.
const BACK: u64 = 92;
/// How far ahead what has no end is drawn, in days.
const OPEN_ENDED: i64 = 30;
/// Most bookings of one calendar.
const MOST_BOOKINGS: u64 = 2_000;

/// An address to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFeed {
    /// The offering.
    pub offering: Option<OfferingId>,
    /// The lab.
    pub lab: Option<LabId>,
    /// Who uses it.
    pub label: Option<String>,
}

/// Makes an address for an offering or a lab; its token, which is told this once. There is no key for it: the first answer
/// would have to be kept, and with it the token.
///
/// # Errors
/// `INVALID`; `NOT_FOUND`; `CALENDAR_FEEDS_FULL`.
pub async fn create(cmd: &Command<'_>, new: NewFeed) -> Outcome<(CalendarFeedId, String)> {
    cmd.run(policy::CREATE, async |tx: &mut Tx| {
        let owner = match (new.offering, new.lab) {
            (Some(offering), None) => open(tx, offering).await?.0.agency,
            (None, Some(lab)) => labs::store::lock(tx, lab).await?.open(tx.permit())?.agency,
            (Some(_), Some(_)) | (None, None) => {
                return Err(Fault::invalid("input", "ONE_OF", "Name an offering or a lab, not both."));
            }
        };
        let mut problems = Problems::default();
        let label = text::optional(&mut problems, "input.label", new.label, text::NAME);
        problems.finish()?;
        // The agency's row is the turnstile: of two that would be the last, one waits and is refused.
        let _turn = agency::store::lock(tx, owner.clone()).await?;
        if store::is_full(tx, &owner).await? {
            let message = format!("An agency has at most {} addresses; revoke one that is not used.", store::MOST);
            return Err(Fault::rule("CALENDAR_FEEDS_FULL", message, json!({ "most": store::MOST })));
        }
        let (token, at) = (secret::draw()?, tx.now());
        let row = Model {
            id: CalendarFeedId(tx.id()),
            agency: owner,
            offering_id: new.offering,
            lab_id: new.lab,
            token_hash: secret::hashed(&token),
            label,
            created_by: tx.permit().actor().subject.clone(),
            revoked_at: None,
            version: 1,
            created_at: at,
            updated_at: at,
        };
        Ok((tx.insert(row).await?.id, token))
    })
    .await
}

/// Ends an address at once, on every node; once more is nothing.
///
/// # Errors
/// `NOT_FOUND`; `STALE_VERSION`.
pub async fn revoke(cmd: &Command<'_>, id: CalendarFeedId) -> Outcome<CalendarFeedId> {
    cmd.run(policy::REVOKE, async |tx: &mut Tx| {
        let row = store::lock(tx, id).await?.open(tx.permit())?;
        if let Some(offering) = row.offering_id {
            open(tx, offering).await?;
        }
        cmd.expect_version(row.version)?;
        if row.revoked_at.is_none() {
            let at = tx.now();
            let revoked = Model { revoked_at: Some(at), updated_at: at, ..row.clone() };
            tx.update(row, revoked).await?;
        }
        Ok(id)
    })
    .await
}

/// The calendar behind a token; `None` where there is none (any more).
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn read(db: &Db, token: &str) -> Outcome<Option<String>> {
    if token.len() != secret::LENGTH {
        return Ok(None);
    }
    let Some(feed) = store::by_hash(db, &secret::hashed(token)).await? else { return Ok(None) };
    let shown = store::offerings(db, feed.offering_id, feed.lab_id).await?;
    let ids: Vec<OfferingId> = shown.iter().map(|row| row.id).collect();
    let since = db.clock().today() - Days::new(BACK);
    let labs: Vec<LabId> = feed.lab_id.into_iter().chain(shown.iter().filter_map(|row| row.lab_id)).collect();
    let closures = calendars::store::closures_of(db, &ids, &labs, since).await?;
    let outages = match feed.lab_id {
        Some(lab) => store::outages_of_lab(db, lab).await?,
        None => {
            let named = offerings::lists(db, &ids).await?;
            let items: Vec<_> = named.into_values().flat_map(|(_, items)| items).collect();
            calendars::store::outages_of(db, &items, db.clock().now(), FAR).await?
        }
    };
    let titles: HashMap<OfferingId, &offering::Model> = shown.iter().map(|row| (row.id, row)).collect();
    let mut entries: Vec<Entry> = closures.iter().map(|row| closure(row, &titles)).collect();
    let open_until = db.clock().now() + TimeDelta::days(OPEN_ENDED);
    entries.extend(outages.iter().map(|row| outage(row, open_until)));
    for one in hold::store::bookings(db, &ids, MOST_BOOKINGS).await? {
        entries.extend(booking(&one, &titles, since));
    }
    entries.sort_by(|one, other| one.uid.cmp(&other.uid));
    let name = match (feed.offering_id, shown.first()) {
        (Some(_), Some(row)) => format!("{} {}", row.code, row.title_zh),
        _ => format!("{} 能力日历", feed.agency.as_str()),
    };
    Ok(Some(calendar(&name, &entries)))
}

fn closure(row: &capacity_closure::Model, titles: &HashMap<OfferingId, &offering::Model>) -> Entry {
    let of =
        row.offering_id.and_then(|id| titles.get(&id)).map_or_else(String::new, |row| format!("：{}", row.title_zh));
    Entry {
        uid: format!("closure-{}@labpact", row.id.0),
        stamp: row.updated_at,
        when: When::Days(row.first_day, row.last_day),
        summary: format!("停止受理{of}"),
        description: Some(row.reason.clone()),
        again: None,
    }
}

fn outage(row: &equipment_outage::Model, open_until: DateTime<Utc>) -> Entry {
    let (until, again) = match (row.every_weeks, row.minutes) {
        (Some(weeks), Some(minutes)) => {
            // The last one begins before the end, and the rule has the last beginning in it.
            let until = row.ends_at.map(|end| end - TimeDelta::seconds(1));
            (row.starts_at + TimeDelta::minutes(i64::from(minutes)), Some((weeks, until)))
        }
        _ => (row.ends_at.unwrap_or(open_until.max(row.starts_at)), None),
    };
    Entry {
        uid: format!("outage-{}@labpact", row.id.0),
        stamp: row.updated_at,
        when: When::Times(row.starts_at, until),
        summary: "设备停用".to_owned(),
        description: Some(row.reason.clone()),
        again,
    }
}

/// The days and the times of a booking, each an entry of its own.
fn booking(one: &Booking, titles: &HashMap<OfferingId, &offering::Model>, since: NaiveDate) -> Vec<Entry> {
    let row = &one.row;
    let (title, unit) =
        titles.get(&row.offering_id).map_or(("", ""), |offering| (offering.title_zh.as_str(), offering.unit.as_str()));
    let entry = |uid: String, when: When, what: String| Entry {
        uid: format!("hold-{}-{uid}@labpact", row.id.0),
        stamp: row.updated_at,
        when,
        summary: format!("已预约：{title}{what}（{}）", row.holder.as_str()),
        description: None,
        again: None,
    };
    let has = |day: &&entity::hold_day::Model| day.day >= since && row.freed_from.is_none_or(|freed| day.day < freed);
    let days = one.days.iter().filter(has).map(|day| {
        let what = format!(" {} {unit}", day.quantity);
        entry(day.day.format("%Y%m%d").to_string(), When::Days(day.day, day.day), what)
    });
    let blocks = one
        .blocks
        .iter()
        .filter(|block| block.starts_at.date_naive() >= since)
        .map(|block| entry(block.id.0.to_string(), When::Times(block.starts_at, block.ends_at), String::new()));
    days.chain(blocks).collect()
}
