//! Values of cells as messages may show them.

/// Characters of a value that a message shows.
const SHOWN: usize = 60;

/// The beginning of a value, with whatever looks like a personal identity number in it blotted out: seventeen digits
/// and a digit or X, perhaps grouped by blanks or dashes, whose digits 7 to 14 could be a date of birth. The check digit
/// is not asked, because a mistyped number is somebody's number too.
pub fn shortened(value: &str) -> String {
    let masked = masked(value.trim());
    let mut chars = masked.chars();
    let mut short: String = chars.by_ref().take(SHOWN).collect();
    if chars.next().is_some() {
        short.push('…');
    }
    short
}

/// The value with identity numbers replaced by asterisks.
fn masked(value: &str) -> String {
    let mut chars: Vec<char> = value.chars().collect();
    let digits: Vec<(usize, char)> = chars.iter().enumerate().filter_map(|(at, &c)| Some((at, digit(c)?))).collect();
    let mut from = 0;
    while from + 18 <= digits.len() {
        let window = &digits[from..from + 18];
        if is_personal(window) && connected(&chars, window) {
            window.iter().for_each(|&(at, _)| chars[at] = '*');
            from += 18;
        } else {
            from += 1;
        }
    }
    chars.into_iter().collect()
}

/// A digit or X in half width.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        'x' | 'X' | 'Ｘ' | 'ｘ' => Some('X'),
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
        _ => None,
    }
}

fn is_personal(window: &[(usize, char)]) -> bool {
    let number = |range: std::ops::Range<usize>| {
        window[range].iter().try_fold(0, |sum, &(_, c)| Some(sum * 10 + c.to_digit(10)?))
    };
    number(0..6).is_some()
        && number(14..17).is_some()
        && matches!((number(6..10), number(10..12), number(12..14)), (Some(1850..=2100), Some(1..=12), Some(1..=31)))
}

/// Whether nothing but blanks and dashes stands between the digits.
fn connected(chars: &[char], window: &[(usize, char)]) -> bool {
    let (first, last) = (window[0].0, window[17].0);
    chars[first..=last].iter().all(|&c| digit(c).is_some() || c.is_whitespace() || matches!(c, '-' | '－' | '—'))
}
