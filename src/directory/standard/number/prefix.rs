//! Prefixes: who issued a standard, and how its numbers are written.

use super::scan::{Cursor, spell};

/// Two-letter codes of sector standards: the list of the national scheme, and those given out since.
const SECTORS: [&str; 74] = [
    "AQ", "BB", "CB", "CH", "CJ", "CY", "DA", "DB", "DL", "DZ", "EJ", "FZ", "GA", "GC", "GH", "GM", "GY", "HB", "HG",
    "HJ", "HS", "HY", "JB", "JC", "JG", "JR", "JS", "JT", "JY", "KA", "LB", "LD", "LS", "LY", "MH", "MR", "MT", "MZ",
    "NB", "NY", "QB", "QC", "QJ", "QX", "RB", "SB", "SC", "SF", "SH", "SJ", "SL", "SN", "SW", "SY", "TB", "TD", "TJ",
    "TY", "WB", "WH", "WJ", "WM", "WS", "WW", "XB", "XF", "YB", "YC", "YD", "YJ", "YS", "YY", "YZ", "ZY",
];

/// National series, regulations, and engineering codes of ministries: longer than two letters, or above the sectors.
const SERIES: [&str; 22] = [
    "BJS", "CECS", "CJJ", "DBJ", "DBS", "DGJ", "GB", "GBJ", "GBN", "GBZ", "GJB", "HGJ", "JGJ", "JJF", "JJG", "JTG",
    "JTJ", "KJ", "TBJ", "TSG", "YBB", "ZBY",
];

/// Issuers abroad, and the international bodies.
const FOREIGN: [&str; 25] = [
    "AATCC", "ANSI", "AOAC", "APHA", "AS/NZS", "ASTM", "BS", "CISPR", "DIN", "EN", "EPA", "GOST", "IEC", "IEEE", "ISO",
    "JIS", "KS", "NF", "NIOSH", "NIST", "OSHA", "SM", "UL", "US", "USEPA",
];

/// Kinds of document that belong to a foreign prefix.
const DOCUMENT_KINDS: [&str; 5] = ["TS", "TR", "PAS", "IWA", "GUIDE"];

/// Words between a foreign prefix and its number that say nothing.
const FILLERS: [&str; 7] = ["METHOD", "METHODS", "OFFICIAL", "STANDARD", "STD", "TEST", "NO"];

/// How the number after a prefix is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    /// The number may begin with letters: `JTG E60`, `ASTM D1234`.
    pub(super) leading_letters: bool,
    /// Parts may follow a dash: `ISO 105-C06`, `DBJ 15-31`.
    pub(super) dashed_parts: bool,
    /// Two digits after a dash are a year: `-87`.
    pub(super) short_year: bool,
    /// Letters may follow a short or long year: `ASTM E1252-98e1`.
    pub(super) year_letters: bool,
    /// A single letter after a blank belongs to the number: `APHA 2540 C`.
    pub(super) spaced_letter: bool,
    /// Without a year, at least so many digits, lest chemistry (`CH4`) be taken for a standard.
    pub(super) least_digits: usize,
}

/// A prefix as read.
pub(super) struct Prefix {
    /// Without `/T`.
    pub(super) family: String,
    /// As printed.
    pub(super) printed: String,
    pub(super) style: Style,
}

const CHINESE: Style = Style {
    leading_letters: false,
    dashed_parts: false,
    short_year: true,
    year_letters: false,
    spaced_letter: false,
    least_digits: 1,
};
const INTERNATIONAL: Style = Style {
    leading_letters: true,
    dashed_parts: true,
    short_year: false,
    year_letters: false,
    spaced_letter: false,
    least_digits: 2,
};

/// Whether letters are a series or sector of the national scheme, or an issuer abroad.
pub(super) fn is_known(word: &str) -> bool {
    SECTORS.contains(&word) || SERIES.contains(&word) || FOREIGN.contains(&word)
}

/// The national standards: `GB`.
pub(super) fn national() -> Prefix {
    with_marker("GB".to_owned(), "", CHINESE)
}

/// Reads a prefix and leaves the cursor behind it; where there is none, the cursor has moved to no purpose.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Prefix> {
    let word = spell(cursor.letters(8));
    if cursor.peek(0).is_ascii_uppercase() {
        return None;
    }
    match word.as_str() {
        "" => None,
        "T" | "Q" => organisation(cursor, &word),
        "DB" | "DBS" => {
            let sector = word == "DB" && !cursor.peek(0).is_ascii_digit();
            local(cursor, &word).or_else(|| sector.then(|| chinese(cursor, &word)).flatten())
        }
        "AS" => australian(cursor),
        _ if FOREIGN.contains(&word.as_str()) => Some(foreign(cursor, &word)),
        _ => chinese(cursor, &word),
    }
}

/// `/T` or `/Z` with blanks around the slash, `-T`, or ` T ` where the slash was left out.
fn marker(cursor: &mut Cursor<'_>) -> &'static str {
    let mut ahead = *cursor;
    let spaced = ahead.blanks() > 0;
    let slashed = ahead.take('/') || ahead.peek(1) == 'T' && ahead.take('-');
    if slashed {
        ahead.blanks();
    }
    let marker = match ahead.peek(0) {
        'T' => "/T",
        'Z' if slashed => "/Z",
        _ => return "",
    };
    let next = ahead.peek(1);
    if next.is_ascii_uppercase() || !(slashed || spaced && (next == ' ' || next.is_ascii_digit())) {
        return "";
    }
    ahead.at += 1;
    *cursor = ahead;
    marker
}

fn with_marker(base: String, marker: &str, style: Style) -> Prefix {
    let family = if marker == "/Z" { format!("{base}/Z") } else { base.clone() };
    Prefix { family, printed: base + marker, style }
}

/// `GB`, `GB/T`, `GBT`, `HJ/T`, `JJG(粤)`; also an unlisted code where `/T` shows what it is.
fn chinese(cursor: &mut Cursor<'_>, word: &str) -> Option<Prefix> {
    let known = |code: &str| SECTORS.contains(&code) || SERIES.contains(&code);
    let (base, marker) = if known(word) {
        (word, marker(cursor))
    } else if let Some(base) = word.strip_suffix('T').filter(|base| known(base)) {
        (base, "/T")
    } else if (2..=4).contains(&word.len()) && !word.ends_with("GB") {
        (word, Some(marker(cursor)).filter(|marker| *marker == "/T")?)
    } else {
        return None;
    };
    let sector = !SERIES.contains(&base);
    let style = Style {
        leading_letters: matches!(base, "JTG" | "JTJ" | "TSG" | "ZBY" | "YBB"),
        dashed_parts: base == "DBJ",
        short_year: base != "DBJ",
        least_digits: if sector && marker.is_empty() { 3 } else { CHINESE.least_digits },
        ..CHINESE
    };
    let region = if matches!(base, "JJG" | "JJF") { region(cursor) } else { String::new() };
    Some(with_marker(format!("{base}{region}"), marker, style))
}

/// `(粤)` after the code of a local verification regulation, with its brackets.
fn region(cursor: &mut Cursor<'_>) -> String {
    let mut ahead = *cursor;
    ahead.blanks();
    if !ahead.take('(') {
        return String::new();
    }
    let name = spell(ahead.run(4, |c| ('\u{4e00}'..='\u{9fff}').contains(&c)));
    if name.is_empty() || !ahead.take(')') {
        return String::new();
    }
    *cursor = ahead;
    format!("({name})")
}

/// `DB44/T`, `DB 44/T`, `DB44/` before the number, `DB4401/T`, `DBS44/`. Without slash or blank after the region's
/// digits nobody can tell where the number begins.
fn local(cursor: &mut Cursor<'_>, word: &str) -> Option<Prefix> {
    let mut ahead = *cursor;
    let apart = ahead.blanks() > 0;
    let region = spell(ahead.digits(6));
    let glued_to_more = ahead.peek(0).is_ascii_digit();
    if region.len() < 2 || region.len() == 5 || glued_to_more {
        return None;
    }
    let marker = marker(&mut ahead);
    if marker.is_empty() {
        let mut slash = ahead;
        slash.blanks();
        if slash.take('/') {
            ahead = slash;
        } else if apart || ahead.peek(0) != ' ' || region.len() > 4 {
            return None;
        }
    }
    *cursor = ahead;
    Some(with_marker(format!("{word}{region}"), marker, CHINESE))
}

/// `T/GDAQI`, `Q/SY`, `T/31SCTA`: group and enterprise standards, by the code of the body that issued them.
fn organisation(cursor: &mut Cursor<'_>, kind: &str) -> Option<Prefix> {
    cursor.blanks();
    if !cursor.take('/') {
        return None;
    }
    cursor.blanks();
    let place = spell(cursor.digits(4));
    let body = spell(cursor.letters(12));
    if body.len() < 2 || cursor.peek(0).is_ascii_uppercase() {
        return None;
    }
    let prefix = format!("{kind}/{place}{body}");
    let style = Style { dashed_parts: kind == "Q", ..CHINESE };
    Some(Prefix { family: prefix.clone(), printed: prefix, style })
}

/// `AS/NZS`; `AS` alone is arsenic more often than a standard.
fn australian(cursor: &mut Cursor<'_>) -> Option<Prefix> {
    cursor.blanks();
    if !cursor.take('/') || spell(cursor.letters(4)) != "NZS" {
        return None;
    }
    Some(foreign(cursor, "AS/NZS"))
}

/// `ISO`, `ISO/IEC TS`, `DIN EN ISO`, `US EPA Method`.
fn foreign(cursor: &mut Cursor<'_>, first: &str) -> Prefix {
    let mut printed = if matches!(first, "US" | "USEPA") { "EPA".to_owned() } else { first.to_owned() };
    let mut last = printed.clone();
    for _ in 0..5 {
        let mut ahead = *cursor;
        ahead.blanks();
        ahead.take('/');
        ahead.blanks();
        let word = spell(ahead.letters(9));
        if ahead.peek(0).is_ascii_uppercase() {
            break;
        }
        if FILLERS.contains(&word.as_str()) {
            ahead.take('.');
        } else if DOCUMENT_KINDS.contains(&word.as_str()) || FOREIGN.contains(&word.as_str()) {
            if word != last {
                let slash = matches!(printed.as_str(), "ISO" | "IEC") && word != "GUIDE";
                printed.push(if slash { '/' } else { ' ' });
                printed.push_str(&word);
                last = word;
            }
        } else {
            break;
        }
        *cursor = ahead;
    }
    let american = matches!(last.as_str(), "ASTM" | "AATCC" | "ANSI");
    let style = Style {
        short_year: american,
        year_letters: last == "ASTM",
        spaced_letter: matches!(last.as_str(), "APHA" | "SM"),
        ..INTERNATIONAL
    };
    Prefix { family: printed.clone(), printed, style }
}
