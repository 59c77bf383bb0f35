//! Codes by which addresses are confirmed.

use chrono::{DateTime, TimeDelta, Utc};

/// Digits of a code.
pub const DIGITS: usize = 8;
/// How long a code is good.
pub const LIFE: TimeDelta = TimeDelta::minutes(30);
/// How often a code may be tried in vain.
pub const TRIES: i32 = 5;
/// How soon after one code the next may be asked for.
pub const PAUSE: TimeDelta = TimeDelta::minutes(1);
/// How many codes are mailed in a day.
pub const A_DAY: i32 = 5;

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Verdict {
    /// It is the code.
    Right,
    /// It is another.
    Wrong,
    /// There is none to be confirmed.
    None,
    /// It was good once.
    Late,
    /// It was tried too often.
    Spent,
}

/// What a try of a code comes to: whether there is one, until when it is good, how often it was tried, whether it fits.
pub fn judge(until: Option<DateTime<Utc>>, tries: i32, fits: bool, now: DateTime<Utc>) -> Verdict {
    match until {
        None => Verdict::None,
        Some(_) if tries >= TRIES => Verdict::Spent,
        Some(until) if until <= now => Verdict::Late,
        Some(_) if fits => Verdict::Right,
        Some(_) => Verdict::Wrong,
    }
}

/// Digits made of random bits; evenly, since 2^64 is much more than their number.
pub fn digits(bits: [u8; 8]) -> String {
    let number = u64::from_be_bytes(bits) % 100_000_000;
    format!("{number:0width$}", width = DIGITS)
}

/// What was typed, without blanks and in half width.
pub fn typed(text: &str) -> String {
    let half = |letter: char| match letter {
        '０'..='９' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        other => other,
    };
    text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').map(half).take(2 * DIGITS).collect()
}
