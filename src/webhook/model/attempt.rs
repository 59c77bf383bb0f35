//! What an attempt has come to, and what follows from it. Pure.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// Most bytes of an answer that are kept.
pub const EXCERPT: usize = 512;

/// How often and when what was not taken is sent again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// The waits between the attempts.
    pub waits: Vec<Duration>,
    /// By how many percent a wait is longer or shorter, by chance.
    pub jitter: u32,
    /// The longest wait that an endpoint can ask for.
    pub longest: Duration,
    /// For how long an endpoint may fail before it is disabled.
    pub patience: Duration,
}

/// What came of an attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status; none where there was no answer.
    pub status: Option<u16>,
    /// The beginning of the answer.
    pub excerpt: Option<String>,
    /// What was wrong, where there was no answer or where it was not a good one.
    pub error: Option<String>,
    /// How long the endpoint asks to be left alone.
    pub retry_after: Option<Duration>,
    /// How long it took.
    pub took: Duration,
}

/// What follows for a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It was taken.
    Delivered,
    /// It is sent again.
    Again(DateTime<Utc>),
    /// It was sent as often as it is.
    GivenUp,
}

impl Answer {
    /// Whether the endpoint has taken the message.
    pub fn is_good(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// Whether the endpoint says that it is gone for good.
    pub fn is_gone(&self) -> bool {
        self.status == Some(410)
    }
}

impl Schedule {
    /// What follows after so many attempts; `chance` is any number.
    pub fn after(&self, attempts: i32, answer: &Answer, now: DateTime<Utc>, chance: u32) -> Step {
        if answer.is_good() {
            return Step::Delivered;
        }
        let Some(wait) = usize::try_from(attempts - 1).ok().and_then(|at| self.waits.get(at)) else {
            return Step::GivenUp;
        };
        let wait = self.jittered(*wait, chance).max(self.asked(answer).unwrap_or_default());
        Step::Again(now + TimeDelta::from_std(wait).unwrap_or(TimeDelta::days(1)))
    }

    /// How long the endpoint is left alone because it has asked for it.
    pub fn asked(&self, answer: &Answer) -> Option<Duration> {
        answer.retry_after.map(|asked| asked.min(self.longest)).filter(|_| !answer.is_good())
    }

    /// Whether an endpoint that has failed since then has failed for too long.
    pub fn is_over(&self, since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        (now - since).to_std().is_ok_and(|failed| failed >= self.patience)
    }

    /// The wait, longer or shorter by at most the jitter.
    fn jittered(&self, wait: Duration, chance: u32) -> Duration {
        let jitter = self.jitter.min(100);
        let percent = 100 - jitter + chance % (2 * jitter + 1);
        wait.mul_f64(f64::from(percent) / 100.0)
    }
}

/// The value of a `Retry-After`: seconds, or a date of HTTP.
pub fn retry_after(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let until = DateTime::parse_from_rfc2822(value).ok()?;
    (until.to_utc() - now).to_std().ok()
}

/// The beginning of an answer as text: at most [`EXCERPT`] bytes, without characters that draw nothing.
pub fn excerpt(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let mut kept = String::new();
    for letter in text.chars() {
        let letter = if letter.is_control() { ' ' } else { letter };
        if kept.len() + letter.len_utf8() > EXCERPT {
            break;
        }
        kept.push(letter);
    }
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}
