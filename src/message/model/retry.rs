//! What the answer of a mail server leads to.

use chrono::TimeDelta;

/// How often a mail is tried.
pub const TRIES: i32 = 10;

/// What became of one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The mail server has taken it over.
    Taken,
    /// It refuses it for good; whether because of the address.
    Refused {
        /// Its answer.
        answer: String,
        /// Whether the address is at fault, so that nothing more need be sent there.
        address: bool,
    },
    /// Not now.
    Later(String),
    /// It is not wanted any more.
    Unwanted,
}

/// What an answer with this code and text means. Codes in the nineties and thirties of 5xx speak of us, not of the mail: the
/// operator will mend that, and the mail can wait.
pub fn judge(code: Option<u16>, text: String) -> Sent {
    match code {
        Some(code @ (550 | 551 | 553)) => Sent::Refused { address: !text.contains("5.7."), answer: told(code, &text) },
        Some(code @ (552 | 554..=559)) => Sent::Refused { address: false, answer: told(code, &text) },
        Some(code) => Sent::Later(told(code, &text)),
        None => Sent::Later(cut(&text)),
    }
}

/// How long to wait after the `attempts`th try: a minute, then twice as long each time, and at most four hours.
pub fn pause(attempts: i32) -> TimeDelta {
    let doubled = 1_i64 << attempts.clamp(1, 9).saturating_sub(1);
    TimeDelta::minutes(doubled.min(240))
}

fn told(code: u16, text: &str) -> String {
    let text = cut(text);
    if text.contains(&code.to_string()) { text } else { format!("{code} {text}") }
}

/// One line of bounded length.
fn cut(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(300).collect()
}
