//! What may follow a number and its year: amendments, clauses, `第一法`.

use unicode_normalization::UnicodeNormalization;

use super::scan::{Cursor, spell};

/// Longest bracket and longest ordinal that still name a clause.
const BRACKET: usize = 60;
const ORDINAL: usize = 10;
/// Words of an amendment after `/` or `+`.
const AMENDMENTS: [&str; 6] = ["XG", "A", "AC", "AMD", "COR", "AMENDMENT"];

/// Reads every clause that follows, and leaves the cursor behind the last.
pub(super) fn read(cursor: &mut Cursor<'_>, source: &str) -> Option<String> {
    let mut clauses: Vec<String> = Vec::new();
    loop {
        let mut ahead = *cursor;
        let blanks = ahead.blanks();
        let from = ahead.at;
        let found = amendment(&mut ahead)
            || bracket(&mut ahead)
            || ordinal(&mut ahead)
            || named(&mut ahead)
            || (blanks > 0 || !clauses.is_empty()) && dotted(&mut ahead);
        if !found {
            break;
        }
        clauses.push(clean(&source[ahead.bytes(from, ahead.at)]));
        *cursor = ahead;
    }
    let joined = clauses.iter().filter(|clause| !clause.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ");
    (!joined.is_empty()).then_some(joined)
}

/// A suffix as it is kept: NFKC, single blanks, without brackets around the whole.
pub(super) fn clean(text: &str) -> String {
    let plain: String = text.nfkc().collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let inner = plain.strip_prefix(['(', '[', '【']).and_then(|rest| rest.strip_suffix([')', ']', '】']));
    match inner {
        Some(inner) if !inner.contains(['(', ')', '[', ']']) => inner.trim().to_owned(),
        _ => plain,
    }
}

/// `/XG1-2019`, `+A1:2021`, ` XG1`.
fn amendment(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    let joined = ahead.take('/') || ahead.take('+');
    ahead.blanks();
    let word = spell(ahead.letters(9));
    if !AMENDMENTS.contains(&word.as_str()) || !joined && word != "XG" {
        return false;
    }
    ahead.blanks();
    if ahead.digits(4).is_empty() && word != "AC" || ahead.peek(0).is_ascii_alphanumeric() {
        return false;
    }
    *cursor = ahead;
    if (ahead.take(':') || ahead.take('-')) && ahead.digits(4).len() == 4 {
        *cursor = ahead;
    }
    true
}

/// `(1.1)`, `（第一法）`, `[4.2]`: anything short in brackets without a list mark or another number in it.
fn bracket(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    let close = match ahead.peek(0) {
        '(' => ')',
        '[' => ']',
        '【' => '】',
        _ => return false,
    };
    ahead.at += 1;
    let inside = ahead.run(BRACKET, |c| c != '\0' && c != close && c != '(' && c != '[');
    if inside.is_empty() || !ahead.take(close) {
        return false;
    }
    *cursor = ahead;
    true
}

/// `第一法`, `第2部分`, `第二篇`.
pub(super) fn ordinal(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    if !ahead.take('第') {
        return false;
    }
    for _ in 0..ORDINAL {
        match ahead.peek(0) {
            '法' | '篇' | '章' | '节' | '条' | '款' | '项' => {
                ahead.at += 1;
                *cursor = ahead;
                return true;
            }
            '部' if ahead.peek(1) == '分' => {
                ahead.at += 2;
                *cursor = ahead;
                return true;
            }
            c if c.is_ascii_alphanumeric() || "一二三四五六七八九十百".contains(c) || c == '.' => {
                ahead.at += 1
            }
            _ => return false,
        }
    }
    false
}

/// `方法1`, `附录B`, `条款4.2`, `B法`, `中4.1`.
fn named(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    if ahead.peek(0).is_ascii_uppercase() && ahead.peek(1) == '法' {
        cursor.at += 2;
        return true;
    }
    let word = match (ahead.peek(0), ahead.peek(1)) {
        ('方', '法') | ('附', '录') | ('条', '款') => 2,
        ('中', next) if next.is_ascii_digit() => 1,
        _ => return false,
    };
    ahead.at += word;
    ahead.blanks();
    let label = ahead.run(12, |c| c.is_ascii_alphanumeric() || c == '.' || "一二三四五六七八九十".contains(c));
    if label.is_empty() {
        return false;
    }
    *cursor = ahead;
    true
}

/// `4.1.2` on its own: at least one point, and neither letters nor Chinese glued to it.
fn dotted(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    if ahead.digits(3).is_empty() {
        return false;
    }
    let mut points = 0;
    while points < 6 && ahead.peek(0) == '.' && ahead.peek(1).is_ascii_digit() {
        ahead.at += 1;
        ahead.digits(3);
        points += 1;
    }
    if points == 0 || ahead.peek(0).is_alphanumeric() || matches!(ahead.peek(0), '.' | '-' | '%' | '~') {
        return false;
    }
    *cursor = ahead;
    true
}
