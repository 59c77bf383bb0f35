//! Which part of a file is asked for (RFC 9110 §14).

use std::ops::Range;

/// What a `Range` header means for a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it: nothing was asked, or what a server may pass over.
    All,
    /// These bytes.
    Bytes(Range<u64>),
    /// None that there are.
    Outside,
}

/// Reads `bytes=FIRST-LAST`, `bytes=FIRST-` and `bytes=-LENGTH`. Several ranges at once, and other units, are passed over.
pub(super) fn read(header: Option<&str>, size: u64) -> Part {
    let Some(spec) = header.and_then(|text| text.trim().strip_prefix("bytes=")) else { return Part::All };
    let Some((first, last)) = spec.trim().split_once('-') else { return Part::All };
    let number = |text: &str| match text.trim() {
        digits if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(digits.parse().unwrap_or(u64::MAX))
        }
        _ => None,
    };
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first > last => Part::All,
        (Some(first), _) if first >= size && (last.trim().is_empty() || number(last).is_some()) => Part::Outside,
        (Some(first), Some(last)) => Part::Bytes(first..last.saturating_add(1).min(size)),
        (Some(first), None) if last.trim().is_empty() => Part::Bytes(first..size),
        (None, Some(0)) if first.trim().is_empty() => Part::Outside,
        (None, Some(length)) if first.trim().is_empty() => Part::Bytes(size.saturating_sub(length)..size),
        _ => Part::All,
    }
}
