//! Content as it comes: counted, hashed and looked at piece by piece, so that none of it need be kept.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::platform::fault::{Fault, Outcome};

/// What the first bytes of a media type are, as far as they are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Begins with one of these.
    Begins(&'static [&'static [u8]]),
    /// Has no NUL in it.
    Text,
    /// As [`Form::Text`]; begins with `<`, after a byte order mark and blanks.
    Markup,
    /// Not known.
    Any,
}

const PDF: &[&[u8]] = &[b"%PDF-"];
const PNG: &[&[u8]] = &[b"\x89PNG\r\n\x1a\n"];
const JPEG: &[&[u8]] = &[b"\xff\xd8\xff"];
/// A local file header: an archive that has something in it.
const ZIP: &[&[u8]] = &[b"PK\x03\x04"];
/// Compound File Binary: office files before 2007.
const COMPOUND: &[&[u8]] = &[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"];

/// As many bytes of the beginning as it takes to tell any of them apart.
const HEAD: usize = 512;

fn form_of(media_type: &str) -> Form {
    match media_type {
        "application/pdf" => Form::Begins(PDF),
        "image/png" => Form::Begins(PNG),
        "image/jpeg" => Form::Begins(JPEG),
        "application/msword" | "application/vnd.ms-excel" | "application/vnd.ms-powerpoint" => Form::Begins(COMPOUND),
        "application/zip" | "application/ofd" => Form::Begins(ZIP),
        "application/xml" | "text/xml" => Form::Markup,
        other if other.starts_with("application/vnd.openxmlformats-officedocument.") => Form::Begins(ZIP),
        other if other.starts_with("application/vnd.oasis.opendocument.") => Form::Begins(ZIP),
        other if other.starts_with("text/") => Form::Text,
        _ => Form::Any,
    }
}

/// What was announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// Bytes.
    pub size: u64,
    /// SHA-256, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Media type.
    pub media_type: String,
}

/// Content under way, held against what was announced of it.
#[derive(Debug)]
pub struct Incoming {
    announced: Announced,
    form: Form,
    hash: Sha256,
    seen: u64,
    head: Vec<u8>,
}

impl Incoming {
    /// Nothing has come yet.
    pub fn new(announced: Announced) -> Self {
        let form = form_of(&announced.media_type);
        Self { announced, form, hash: Sha256::new(), seen: 0, head: Vec::new() }
    }

    /// The next piece.
    ///
    /// # Errors
    /// `ATTACHMENT_TOO_LONG` beyond the announced size, `MEDIA_TYPE_MISMATCH` as soon as it can be told.
    pub fn take(&mut self, piece: &[u8]) -> Outcome<()> {
        self.seen += piece.len() as u64;
        if self.seen > self.announced.size {
            return Err(too_long(self.announced.size));
        }
        self.hash.update(piece);
        if self.head.len() < HEAD {
            self.head.extend_from_slice(&piece[..piece.len().min(HEAD - self.head.len())]);
            self.look(self.head.len() == HEAD)?;
        }
        let is_text = matches!(self.form, Form::Text | Form::Markup);
        if is_text && piece.contains(&0) {
            return Err(self.mismatch("has bytes that no text in UTF-8 or GB 18030 has"));
        }
        Ok(())
    }

    /// The end: whether all of it was what was announced.
    ///
    /// # Errors
    /// `SIZE_MISMATCH`, `MEDIA_TYPE_MISMATCH` or `SHA256_MISMATCH`, whichever comes first.
    pub fn finish(self) -> Outcome<()> {
        if self.seen != self.announced.size {
            let message = format!(
                "{} bytes came, and {} were announced; send all of the file, or announce it anew.",
                self.seen, self.announced.size
            );
            return Err(Fault::rule(
                "SIZE_MISMATCH",
                message,
                json!({ "came": self.seen, "announced": self.announced.size }),
            ));
        }
        self.look(true)?;
        let came = hex::encode(self.hash.finalize());
        if came != self.announced.sha256 {
            return Err(Fault::rule(
                "SHA256_MISMATCH",
                "What came is not what was announced: its SHA-256 is another. Send the file again, or announce it anew.",
                json!({ "came": came, "announced": self.announced.sha256 }),
            ));
        }
        Ok(())
    }

    /// Looks at the beginning; `is_all` says that no more of it will be kept.
    fn look(&self, is_all: bool) -> Outcome<()> {
        match self.form {
            Form::Begins(any) => {
                let fits = |begin: &&[u8]| {
                    let most = begin.len().min(self.head.len());
                    begin[..most] == self.head[..most] && (most == begin.len() || !is_all)
                };
                if any.iter().any(fits) { Ok(()) } else { Err(self.mismatch("begins otherwise")) }
            }
            Form::Markup => match first_letter(&self.head) {
                Some(b'<') => Ok(()),
                None if !is_all => Ok(()),
                _ => Err(self.mismatch("does not begin with a tag")),
            },
            Form::Text | Form::Any => Ok(()),
        }
    }

    fn mismatch(&self, how: &str) -> Fault {
        let kind = &self.announced.media_type;
        Fault::rule(
            "MEDIA_TYPE_MISMATCH",
            format!("This was announced as {kind}, and {how}; announce it as what it is."),
            json!({ "announced": kind }),
        )
    }
}

/// More came, or is about to come, than was announced.
pub fn too_long(announced: u64) -> Fault {
    let message = format!("More came than the {announced} bytes that were announced; announce the file anew.");
    Fault::rule("ATTACHMENT_TOO_LONG", message, json!({ "announced": announced }))
}

/// The first byte behind a byte order mark and blanks; none where it has not come yet.
fn first_letter(head: &[u8]) -> Option<u8> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    if head.len() < MARK.len() && MARK.starts_with(head) {
        return None;
    }
    head.strip_prefix(MARK).unwrap_or(head).iter().copied().find(|byte| !byte.is_ascii_whitespace())
}
