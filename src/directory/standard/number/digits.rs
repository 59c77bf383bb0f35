//! The number itself with its parts, and the year behind it.

use super::{
    prefix::Style,
    scan::{Cursor, spell},
};

/// Two-digit years from here on are of the twentieth century, earlier ones of this: the first national standards
/// are of the 1950s.
const SHORT_YEAR_CENTURY: u16 = 50;
/// Years that a standard may carry.
const YEARS: std::ops::RangeInclusive<u16> = 1900..=2099;
/// Parts after points or dashes that one number may have.
const PARTS: usize = 8;

/// Reads number and year, and leaves the cursor behind them.
pub(super) fn read(cursor: &mut Cursor<'_>, style: Style) -> Option<(String, Option<u16>)> {
    cursor.blanks();
    let mut number = leading_letters(cursor, style);
    let digits = cursor.digits(11);
    if digits.is_empty() || cursor.peek(0).is_ascii_digit() {
        return None;
    }
    number.push_str(&spell(digits));
    letter(cursor, &mut number);
    points(cursor, &mut number);
    if style.spaced_letter
        && cursor.peek(0) == ' '
        && cursor.peek(1).is_ascii_uppercase()
        && !cursor.peek(2).is_alphanumeric()
    {
        number.push(cursor.peek(1));
        cursor.at += 2;
    }
    for _ in 0..PARTS {
        if let Some(year) = year(cursor, style) {
            return Some((number, Some(year)));
        }
        if !(style.dashed_parts && dashed(cursor, &mut number)) {
            break;
        }
    }
    let counted = number.bytes().filter(u8::is_ascii_digit).count();
    (counted >= style.least_digits).then_some((number, None))
}

/// `D` of `ASTM D 1234`, `TO-` of `EPA TO-15`; nothing where no digit follows.
fn leading_letters(cursor: &mut Cursor<'_>, style: Style) -> String {
    let mut ahead = *cursor;
    let mut letters = spell(ahead.letters(3));
    if !style.leading_letters || letters.is_empty() {
        return String::new();
    }
    if ahead.take('-') {
        letters.push('-');
    } else {
        ahead.blanks();
    }
    if !ahead.peek(0).is_ascii_digit() {
        return String::new();
    }
    *cursor = ahead;
    letters
}

/// One letter glued to digits belongs to them (`150.1A`, `0001S`); two are the next word.
fn letter(cursor: &mut Cursor<'_>, number: &mut String) {
    let mut ahead = *cursor;
    if number.len() >= 3 && ahead.peek(0) == ' ' && ahead.peek(1) == 'S' && ahead.peek(2) == '-' {
        ahead.at += 1;
    }
    let after = ahead.peek(1);
    if ahead.peek(0).is_ascii_uppercase() && !after.is_ascii_alphanumeric() && after != '/' && after != '法' {
        number.push(ahead.peek(0));
        ahead.at += 1;
        *cursor = ahead;
    }
}

/// `.12`, `.1.2`, `.1A`; `. 12` where a year shows that the blank has slipped in.
fn points(cursor: &mut Cursor<'_>, number: &mut String) {
    for _ in 0..PARTS {
        let slipped =
            cursor.peek(0) == '.' && cursor.peek(1) == ' ' && is_dated(Cursor { at: cursor.at + 2, ..*cursor });
        if cursor.peek(0) != '.' || !cursor.peek(1).is_ascii_digit() && !slipped {
            return;
        }
        cursor.at += 1 + usize::from(slipped);
        number.push('.');
        number.push_str(&spell(cursor.digits(6)));
        letter(cursor, number);
    }
}

/// Whether digits with points come next, and a year of four digits behind them.
fn is_dated(mut ahead: Cursor<'_>) -> bool {
    let style = Style { short_year: false, ..Style::default() };
    !ahead.run(12, |c| c.is_ascii_digit() || c == '.').is_empty() && year(&mut ahead, style).is_some()
}

/// `-2017`, ` — 2017`, `:2017`, `(2017)`, `-87`; a trailing 年 or 版 is passed over.
fn year(cursor: &mut Cursor<'_>, style: Style) -> Option<u16> {
    let mut ahead = *cursor;
    ahead.blanks();
    let mark = ahead.peek(0);
    if !matches!(mark, '-' | ':' | '(') {
        return None;
    }
    ahead.run(3, |c| c == mark);
    ahead.blanks();
    let digits = spell(ahead.digits(5));
    let written: u16 = digits.parse().ok()?;
    let year = match digits.len() {
        4 => written,
        2 if style.short_year && mark == '-' => {
            let edge = ahead.peek(0);
            let letters = style.year_letters && edge.is_ascii_uppercase();
            if edge == '.' && ahead.peek(1).is_ascii_digit() || edge.is_ascii_alphanumeric() && !letters {
                return None;
            }
            written + if written >= SHORT_YEAR_CENTURY { 1900 } else { 2000 }
        }
        _ => return None,
    };
    let mut more = ahead;
    let another = style.dashed_parts && more.take('-') && more.peek(0).is_ascii_digit();
    if !YEARS.contains(&year) || another || mark == '(' && !ahead.take(')') {
        return None;
    }
    ahead.take('年');
    ahead.take('版');
    *cursor = ahead;
    Some(year)
}

/// `-C06`, `-3`, `-2-9` of foreign and enterprise numbers.
fn dashed(cursor: &mut Cursor<'_>, number: &mut String) -> bool {
    let mut ahead = *cursor;
    if !ahead.take('-') {
        return false;
    }
    let part = spell(ahead.run(8, |c| c.is_ascii_alphanumeric()));
    if part.is_empty() || ahead.peek(0).is_ascii_alphanumeric() || !part.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    number.push('-');
    number.push_str(&part);
    points(&mut ahead, number);
    *cursor = ahead;
    true
}
