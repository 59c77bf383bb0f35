//! A column of a kind and the headings under which people put it.

use unicode_normalization::UnicodeNormalization;

/// A column that a kind of record has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name in our own files, in mapping files and in the API, such as `name_zh`.
    pub key: &'static str,
    /// Headings that mean it; the first is the Chinese one that is shown in messages.
    pub headings: &'static [&'static str],
    /// Whether a file without it cannot be read.
    pub needed: bool,
    /// Whether our own files have it; the others are read only, because they repeat what stands elsewhere.
    pub written: bool,
}

impl Column {
    /// Whether a heading in the form of [`plain`] means this column.
    pub(super) fn means(&self, plain_heading: &str) -> bool {
        plain(self.key) == plain_heading || self.headings.iter().any(|heading| plain(heading) == plain_heading)
    }

    /// Key and Chinese heading, for messages.
    pub(super) fn shown(&self) -> String {
        self.headings.first().map_or_else(|| self.key.to_owned(), |zh| format!("{zh} ({})", self.key))
    }
}

/// A heading as it is compared: NFKC, upper case, letters and digits only, so that `证书编号*`, `证书 编号` and
/// `Certificate_Number` compare as meant.
pub(super) fn plain(heading: &str) -> String {
    heading.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Declares the columns of a kind: an enum whose variants index the table `COLUMNS`.
/// `needed`: a file must have it; `read`: never written.
macro_rules! columns {
    ($($name:ident $key:literal [$($heading:literal),*] $($flag:ident)*;)+) => {
        #[derive(Clone, Copy)]
        enum C { $($name,)+ }

        impl From<C> for usize {
            fn from(column: C) -> usize {
                column as usize
            }
        }

        /// The columns, in the order in which they are written.
        pub(in crate::exchange::format) const COLUMNS: &[$crate::exchange::format::Column] = &[$(
            $crate::exchange::format::Column {
                key: $key,
                headings: &[$($heading),*],
                needed: $crate::exchange::format::column::has(&[$(stringify!($flag)),*], b'n'),
                written: !$crate::exchange::format::column::has(&[$(stringify!($flag)),*], b'r'),
            },
        )+];
    };
}
pub(super) use columns;

/// Whether one of the flags begins with a letter.
pub(super) const fn has(flags: &[&str], letter: u8) -> bool {
    let mut at = 0;
    while at < flags.len() {
        if flags[at].as_bytes()[0] == letter {
            return true;
        }
        at += 1;
    }
    false
}
