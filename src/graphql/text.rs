//! The text of a document before it is parsed: how many tokens it has, and how deep its brackets nest.
//!
//! The parser calls itself for each bracket in a value or a type, as deep as the text goes, and a stack that overflows
//! ends the whole process. So nothing is parsed that was not walked through here, byte by byte, without recursion.

/// What a text amounts to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Names, numbers, strings and punctuators (GraphQL specification, section 2.1.6).
    pub tokens: u64,
    /// The deepest nesting of `{`, `[` and `(`.
    pub nesting: u64,
}

/// Walks through a document. What is no GraphQL is walked through as well; the parser refuses it later.
pub fn extent(document: &str) -> Extent {
    let bytes = document.as_bytes();
    let (mut found, mut open, mut at) = (Extent::default(), 0_u64, 0);
    while at < bytes.len() {
        let next = match bytes[at] {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at = bytes[at..]
                    .iter()
                    .position(|byte| matches!(byte, b'\n' | b'\r'))
                    .map_or(bytes.len(), |len| at + len);
                continue;
            }
            b'"' => after_string(bytes, at),
            b'{' | b'[' | b'(' => {
                open += 1;
                found.nesting = found.nesting.max(open);
                at + 1
            }
            b'}' | b']' | b')' => {
                open = open.saturating_sub(1);
                at + 1
            }
            byte if is_word(byte) => {
                bytes[at..].iter().position(|byte| !is_word(*byte)).map_or(bytes.len(), |len| at + len)
            }
            _ => at + 1,
        };
        found.tokens += 1;
        at = next;
    }
    found
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'.') || !byte.is_ascii()
}

/// The place behind a string or a block string that begins at `at`; the end where it is never closed.
fn after_string(bytes: &[u8], at: usize) -> usize {
    let is_block = bytes[at..].starts_with(b"\"\"\"");
    let mut at = at + if is_block { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if is_block && bytes[at..].starts_with(b"\\\"\"\"") => at += 4,
            b'\\' if !is_block => at += 2,
            b'"' if !is_block => return at + 1,
            b'"' if bytes[at..].starts_with(b"\"\"\"") => return at + 3,
            b'\n' | b'\r' if !is_block => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}
