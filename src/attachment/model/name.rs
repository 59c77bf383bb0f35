//! Names of files. A name is shown to people and put into a header; it never names a place.

use unicode_normalization::UnicodeNormalization;

use crate::platform::fault::Problems;

/// Longest name, in characters.
pub const MOST: usize = 200;
/// Longest name, in bytes of UTF-8: what file systems take.
const MOST_BYTES: usize = 255;

/// A name as it was given, in NFC and without blanks around it.
pub fn checked(problems: &mut Problems, path: &str, given: &str) -> String {
    let name: String = given.trim().nfc().collect();
    if name.is_empty() {
        problems.add(path, "REQUIRED", "Fill this in.");
    }
    if name.chars().count() > MOST || name.len() > MOST_BYTES {
        problems.add(path, "TOO_LONG", format!("Use at most {MOST} characters, and {MOST_BYTES} bytes of UTF-8."));
    }
    if name.chars().any(is_hidden) {
        problems.add(
            path,
            "CONTROL_CHARACTER",
            "Take out control characters and those that turn the direction of text.",
        );
    }
    if name.contains(['/', '\\']) || name == "." || name == ".." {
        problems.add(path, "FILE_NAME", "Give the name of the file alone, without a path.");
    }
    name
}

/// Controls, line separators, and the marks with which a name can be made to look like another.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// The header `Content-Disposition` that has a file saved under its name (RFC 6266): the name in UTF-8 (RFC 8187), and for
/// programs that cannot read that, with `_` for what is not ASCII.
pub fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|letter| if matches!(letter, ' '..='~') && !matches!(letter, '"' | '\\' | '%') { letter } else { '_' })
        .collect();
    let mut encoded = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}
