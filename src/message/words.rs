//! The words of messages, in both languages, and the sheets into which mail puts them.
//!
//! Words are files beside this one: a title and a text for each name, whose braces are filled from the message. They are
//! plain text; whoever puts them into HTML escapes them, as the sheets do.

use std::{collections::HashMap, sync::LazyLock};

use chrono::{DateTime, Datelike, Utc};
use entity::{enums::MessageLanguage, message_note};
use minijinja::Environment;
use serde::Serialize;
use serde_json::Value;

use crate::platform::{
    clock::{shanghai_date, shanghai_minute},
    fault::{Fault, Outcome},
};

/// Longest piece of data that is filled in, in characters.
const LONGEST: usize = 200;

type Words = HashMap<String, (String, String)>;

static ZH: LazyLock<Words> = LazyLock::new(|| read(include_str!("templates/words.zh.toml")));
static EN: LazyLock<Words> = LazyLock::new(|| read(include_str!("templates/words.en.toml")));

fn read(text: &str) -> Words {
    toml::from_str(text).expect("the words are well formed; a test reads every one")
}

fn words(language: MessageLanguage) -> &'static Words {
    match language {
        MessageLanguage::Zh => &ZH,
        MessageLanguage::En => &EN,
    }
}

/// Every name for which there are words in a language.
pub fn names(language: MessageLanguage) -> impl Iterator<Item = &'static str> {
    words(language).keys().map(String::as_str)
}

/// The title and the text of a message. What has no words of its own is told by its name.
pub fn told(row: &message_note::Model, language: MessageLanguage) -> (String, String) {
    let (title, text) = words(language).get(&row.name).map_or(("{name}", "{subject}"), |(title, text)| (title, text));
    let fill = |pattern: &str| filled(pattern, |name| piece(row, language, name));
    (fill(title), fill(text))
}

fn piece(row: &message_note::Model, language: MessageLanguage, name: &str) -> String {
    match name {
        "subject" => row.subject.clone(),
        "due" => row.due_at.map_or_else(dash, |due| deadline(due, language)),
        "name" if row.params.get("name").is_none() => row.name.clone(),
        other => match row.params.get(other) {
            None | Some(Value::Null) => dash(),
            Some(Value::String(text)) if text.is_empty() => dash(),
            Some(Value::String(text)) => one_line(text),
            Some(other) => one_line(&other.to_string()),
        },
    }
}

fn dash() -> String {
    "—".to_owned()
}

/// Data on one line and of bounded length: nothing that is filled in ends a line of a header or of a list.
fn one_line(text: &str) -> String {
    let mut line: String =
        text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(LONGEST + 1).collect();
    if line.chars().count() > LONGEST {
        line = line.chars().take(LONGEST).collect();
        line.push('…');
    }
    line
}

/// A pattern with each `{name}` replaced; what is filled in is not looked at again.
fn filled(pattern: &str, piece: impl Fn(&str) -> String) -> String {
    let (mut out, mut rest) = (String::with_capacity(pattern.len() * 2), pattern);
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        out.push_str(&piece(name));
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// A due instant as people read it: the date, where it is the end of one, and else the time of day with it.
pub fn deadline(due: DateTime<Utc>, language: MessageLanguage) -> String {
    if shanghai_minute(due) == 0 {
        return date(due - chrono::TimeDelta::seconds(1), language);
    }
    moment(due, language)
}

/// An instant in Asia/Shanghai, to the minute.
pub fn moment(at: DateTime<Utc>, language: MessageLanguage) -> String {
    let minute = shanghai_minute(at);
    format!("{} {:02}:{:02}", date(at, language), minute / 60, minute % 60)
}

fn date(at: DateTime<Utc>, language: MessageLanguage) -> String {
    let date = shanghai_date(at);
    match language {
        MessageLanguage::Zh => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        MessageLanguage::En => date.to_string(),
    }
}

/// The sheets of mail. Those that end in `.html` escape whatever is put into them.
static SHEETS: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut sheets = Environment::new();
    sheets.set_auto_escape_callback(|name| match name.ends_with(".html") {
        true => minijinja::AutoEscape::Html,
        false => minijinja::AutoEscape::None,
    });
    for (name, text) in [
        ("message.zh.txt", include_str!("templates/message.zh.txt")),
        ("message.zh.html", include_str!("templates/message.zh.html")),
        ("message.en.txt", include_str!("templates/message.en.txt")),
        ("message.en.html", include_str!("templates/message.en.html")),
        ("digest.zh.txt", include_str!("templates/digest.zh.txt")),
        ("digest.zh.html", include_str!("templates/digest.zh.html")),
        ("digest.en.txt", include_str!("templates/digest.en.txt")),
        ("digest.en.html", include_str!("templates/digest.en.html")),
        ("code.zh.txt", include_str!("templates/code.zh.txt")),
        ("code.zh.html", include_str!("templates/code.zh.html")),
        ("code.en.txt", include_str!("templates/code.en.txt")),
        ("code.en.html", include_str!("templates/code.en.html")),
    ] {
        sheets.add_template(name, text).expect("the sheets are well formed; a test fills every one");
    }
    sheets
});

/// A sheet filled with data, as plain text and as HTML.
///
/// # Errors
/// `INTERNAL` for a sheet that is not there.
pub fn sheet(name: &str, language: MessageLanguage, data: &impl Serialize) -> Outcome<(String, String)> {
    let data = minijinja::Value::from_serialize(data);
    let fill = |ending: &str| {
        let name = format!("{name}.{}.{ending}", language.word().to_ascii_lowercase());
        SHEETS
            .get_template(&name)
            .and_then(|sheet| sheet.render(&data))
            .map_err(|cause| Fault::internal(cause.to_string()))
    };
    Ok((fill("txt")?, fill("html")?))
}
