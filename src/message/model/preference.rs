//! How one wants to be told of each kind.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{
    MessageDelivery::{self, AtOnce, Daily},
    MessageKind,
};
use serde_json::Value;

use crate::platform::{clock, workday::Calendar};

/// Where nothing else is chosen: what waits for somebody comes at once, the rest once a day.
pub const fn usual(kind: MessageKind) -> MessageDelivery {
    match kind {
        MessageKind::Approval | MessageKind::Deadline | MessageKind::Supply => AtOnce,
        MessageKind::Request
        | MessageKind::Sample
        | MessageKind::Register
        | MessageKind::Search
        | MessageKind::System => Daily,
    }
}

/// What is chosen for a kind.
pub fn delivery(kinds: &Value, kind: MessageKind) -> MessageDelivery {
    let chosen = kinds.get(kind.word()).and_then(Value::as_str).and_then(|word| word.parse().ok());
    chosen.unwrap_or_else(|| usual(kind))
}

/// The choices with others over them.
pub fn chosen(kinds: &Value, more: &[(MessageKind, MessageDelivery)]) -> Value {
    let mut all: BTreeMap<&str, &str> = BTreeMap::new();
    for kind in MessageKind::ALL {
        if kinds.get(kind.word()).is_some() {
            all.insert(kind.word(), delivery(kinds, *kind).word());
        }
    }
    all.extend(more.iter().map(|(kind, delivery)| (kind.word(), delivery.word())));
    serde_json::json!(all)
}

/// The kinds that are not switched off.
pub fn wanted(kinds: &Value) -> Vec<MessageKind> {
    MessageKind::ALL.iter().copied().filter(|kind| delivery(kinds, *kind) != MessageDelivery::Off).collect()
}

/// Whether anything comes once a day.
pub fn has_daily(kinds: &Value) -> bool {
    MessageKind::ALL.iter().any(|kind| delivery(kinds, *kind) == Daily)
}

/// When the mail of the day is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timetable {
    /// The hour from which on it is made, in Asia/Shanghai.
    pub hour: i32,
    /// Whether on working days only.
    pub workdays: bool,
    /// The last day for which it was made.
    pub last: Option<NaiveDate>,
}

impl Timetable {
    /// The day for which it is to be made now.
    pub fn due(&self, calendar: &Calendar, now: DateTime<Utc>) -> Option<NaiveDate> {
        let today = clock::shanghai_date(now);
        let is_open = i64::from(clock::shanghai_minute(now)) >= i64::from(self.hour) * 60;
        let is_new = self.last.is_none_or(|last| last < today);
        (is_open && is_new && (!self.workdays || calendar.is_workday(today))).then_some(today)
    }
}
