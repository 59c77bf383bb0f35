//! iCalendar (RFC 5545): lines of at most 75 octets, ended by CR LF, texts escaped, times in UTC.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};

/// Most octets of a line.
const LINE: usize = 75;

/// One thing in a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The same for the same thing, whenever it is read.
    pub uid: String,
    /// When it was last edited.
    pub stamp: DateTime<Utc>,
    /// When it is.
    pub when: When,
    /// In a few words.
    pub summary: String,
    /// In more of them.
    pub description: Option<String>,
    /// Every how many weeks it comes again, and until when.
    pub again: Option<(i32, Option<DateTime<Utc>>)>,
}

/// When something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// From a day to another, both included.
    Days(NaiveDate, NaiveDate),
    /// From an instant to another, which is not included.
    Times(DateTime<Utc>, DateTime<Utc>),
}

/// A whole calendar under a name.
pub fn calendar(name: &str, entries: &[Entry]) -> String {
    let mut out = String::new();
    for fixed in
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Labpact//Capacity//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    {
        line(&mut out, fixed);
    }
    line(&mut out, &format!("NAME:{}", escaped(name)));
    line(&mut out, &format!("X-WR-CALNAME:{}", escaped(name)));
    for entry in entries {
        event(&mut out, entry);
    }
    line(&mut out, "END:VCALENDAR");
    out
}

fn event(out: &mut String, entry: &Entry) {
    line(out, "BEGIN:VEVENT");
    line(out, &format!("UID:{}", escaped(&entry.uid)));
    line(out, &format!("DTSTAMP:{}", instant(entry.stamp)));
    match entry.when {
        When::Days(first, last) => {
            let end = last.succ_opt().unwrap_or(last);
            line(out, &format!("DTSTART;VALUE=DATE:{}", first.format("%Y%m%d")));
            line(out, &format!("DTEND;VALUE=DATE:{}", end.format("%Y%m%d")));
        }
        When::Times(from, to) => {
            line(out, &format!("DTSTART:{}", instant(from)));
            line(out, &format!("DTEND:{}", instant(to)));
        }
    }
    if let Some((weeks, until)) = entry.again {
        let mut rule = format!("RRULE:FREQ=WEEKLY;INTERVAL={weeks}");
        if let Some(until) = until {
            let _ = write!(rule, ";UNTIL={}", instant(until));
        }
        line(out, &rule);
    }
    line(out, &format!("SUMMARY:{}", escaped(&entry.summary)));
    if let Some(description) = &entry.description {
        line(out, &format!("DESCRIPTION:{}", escaped(description)));
    }
    line(out, "END:VEVENT");
}

fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// A text as a value: what has a meaning there means itself, line ends are spelled, other control characters left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' | '\r' => out.push_str("\\n"),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// Writes a line, folded between characters: each further piece begins with a blank, which counts.
fn line(out: &mut String, text: &str) {
    let mut used = 0;
    for letter in text.chars() {
        if used + letter.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(letter);
        used += letter.len_utf8();
    }
    out.push_str("\r\n");
}
