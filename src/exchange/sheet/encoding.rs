//! Bytes to text: UTF-8 with or without byte order mark, and GB18030, told apart by the bytes themselves.

use std::io::Read;

use encoding_rs::{Decoder, DecoderResult, GB18030};

use super::broken;
use crate::platform::fault::{Fault, Outcome};

/// How a text file writes its characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8; a byte order mark at the beginning is dropped.
    Utf8,
    /// GB18030, and with it GBK and GB2312.
    Gb18030,
}

impl Encoding {
    /// Reads a name as people write it: `utf-8`, `gb18030`, `gbk`, `gb2312`.
    pub fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().replace(['-', '_', ' '], "").as_str() {
            "utf8" | "utf8bom" => Some(Self::Utf8),
            "gb18030" | "gbk" | "gb2312" | "cp936" => Some(Self::Gb18030),
            _ => None,
        }
    }
}

/// Bytes read at once.
const CHUNK: usize = 64 << 10;

enum State {
    /// Nothing but ASCII so far, which reads alike in both.
    Undecided,
    Utf8,
    Gb18030(Box<Decoder>),
}

/// A stream of text pieces that never cut a character in two.
pub(super) struct Decoded<R> {
    file: String,
    source: R,
    raw: Vec<u8>,
    /// Position in the file of the first byte of `raw`.
    from: u64,
    state: State,
    ended: bool,
}

impl<R: Read> Decoded<R> {
    /// Reads `source`; `file` is for messages, `encoding` where it is known beforehand.
    pub(super) fn new(file: &str, source: R, encoding: Option<Encoding>) -> Self {
        let state = match encoding {
            None => State::Undecided,
            Some(Encoding::Utf8) => State::Utf8,
            Some(Encoding::Gb18030) => State::Gb18030(Box::new(GB18030.new_decoder_without_bom_handling())),
        };
        Self { file: file.to_owned(), source, raw: Vec::with_capacity(CHUNK), from: 0, state, ended: false }
    }

    /// Puts the next piece into `out`; false at the end of the file.
    pub(super) fn next(&mut self, out: &mut String) -> Outcome<bool> {
        out.clear();
        self.fill()?;
        if self.from == 0 {
            self.skip_mark()?;
        }
        if self.raw.is_empty() {
            return Ok(false);
        }
        if let Some(at) = memchr::memchr(0, &self.raw) {
            return Err(self.at(
                at,
                "NUL_BYTE",
                "is a NUL byte, which no text file has; save the table as CSV UTF-8 or XLSX",
            ));
        }
        if matches!(self.state, State::Undecided) && !self.raw.is_ascii() {
            self.state = if looks_utf8(&self.raw, self.ended) {
                State::Utf8
            } else {
                State::Gb18030(Box::new(GB18030.new_decoder_without_bom_handling()))
            };
        }
        if matches!(self.state, State::Gb18030(_)) {
            self.take_gb18030(out)?
        } else {
            self.take_utf8(out)?
        }
        Ok(true)
    }

    fn fill(&mut self) -> Outcome<()> {
        while !self.ended && self.raw.len() < CHUNK {
            let held = self.raw.len();
            self.raw.resize(CHUNK, 0);
            let got = self.source.read(&mut self.raw[held..]).map_err(Fault::internal)?;
            self.raw.truncate(held + got);
            self.ended = got == 0;
        }
        Ok(())
    }

    fn skip_mark(&mut self) -> Outcome<()> {
        if self.raw.starts_with(&[0xef, 0xbb, 0xbf]) {
            self.raw.drain(..3);
            self.from = 3;
            self.state = State::Utf8;
        } else if self.raw.starts_with(&[0xff, 0xfe]) || self.raw.starts_with(&[0xfe, 0xff]) {
            return Err(broken(&self.file, "UTF_16", "The file is UTF-16 text; save it as CSV UTF-8 or XLSX."));
        }
        Ok(())
    }

    fn take_utf8(&mut self, out: &mut String) -> Outcome<()> {
        let valid = match std::str::from_utf8(&self.raw) {
            Ok(text) => {
                out.push_str(text);
                self.raw.len()
            }
            Err(e) if e.error_len().is_none() && !self.ended => {
                out.push_str(std::str::from_utf8(&self.raw[..e.valid_up_to()]).map_err(Fault::internal)?);
                e.valid_up_to()
            }
            Err(e) => return Err(self.unreadable(e.valid_up_to(), "UTF-8")),
        };
        self.consume(valid);
        Ok(())
    }

    fn take_gb18030(&mut self, out: &mut String) -> Outcome<()> {
        let State::Gb18030(decoder) = &mut self.state else { return Ok(()) };
        let room = decoder.max_utf8_buffer_length_without_replacement(self.raw.len()).unwrap_or(CHUNK * 4);
        out.reserve(room);
        let (result, read) = decoder.decode_to_string_without_replacement(&self.raw, out, self.ended);
        if let DecoderResult::Malformed(length, after) = result {
            let at = read.saturating_sub(usize::from(length) + usize::from(after));
            return Err(self.unreadable(at, "GB18030"));
        }
        self.consume(read);
        Ok(())
    }

    fn consume(&mut self, bytes: usize) {
        self.raw.drain(..bytes);
        self.from += bytes as u64;
    }

    fn unreadable(&self, at: usize, name: &str) -> Fault {
        let what = format!(
            "is not {name}, as the text before it is; save the table as CSV UTF-8 or XLSX, or name the encoding"
        );
        self.at(at, "INVALID_ENCODING", &what)
    }

    fn at(&self, at: usize, code: &'static str, what: &str) -> Fault {
        broken(&self.file, code, format!("Byte {} {what}.", self.from + at as u64 + 1))
    }
}

/// Whether bytes that are not all ASCII are UTF-8, perhaps with a few broken places. Chinese text in GB18030 hardly
/// ever forms whole UTF-8 characters, so their number against that of the broken places decides.
fn looks_utf8(raw: &[u8], ended: bool) -> bool {
    let (mut whole, mut broken, mut rest) = (0usize, 0usize, raw);
    loop {
        match std::str::from_utf8(rest) {
            Ok(text) => {
                whole += text.chars().filter(|c| !c.is_ascii()).count();
                break;
            }
            Err(e) => {
                let valid = std::str::from_utf8(&rest[..e.valid_up_to()]).unwrap_or_default();
                whole += valid.chars().filter(|c| !c.is_ascii()).count();
                let Some(length) = e.error_len() else {
                    broken += usize::from(ended);
                    break;
                };
                broken += 1;
                rest = &rest[e.valid_up_to() + length..];
            }
        }
    }
    broken == 0 || whole > broken * 8
}
