//! CSV as a stream (RFC 4180, read with tolerance): LF, CRLF and CR end a row, a quotation mark inside an unquoted
//! cell is a character like any other, text after a closing quotation mark belongs to the cell.
//!
//! The state machine is our own because a reader that collects cells of any length cannot refuse one of a gigabyte,
//! and one that skips empty lines cannot say on which row a cell stands.

use std::io::Read;

use super::{Options, RawRow, broken, delimiter, encoding::Decoded, limits};
use crate::platform::fault::Outcome;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first byte of a cell.
    Start,
    /// Inside a cell without quotation marks.
    Bare,
    /// Between quotation marks.
    Quoted,
    /// Just after a quotation mark inside a quoted cell: the closing one, or the first of two.
    Quote,
}

/// A CSV file that is being read.
pub(super) struct Csv<R> {
    file: String,
    source: Decoded<R>,
    chunk: String,
    at: usize,
    mark: u8,
    number: u64,
    after_return: bool,
}

/// Bytes of one cell that are kept at most: more cannot be within [`limits::CELL_CHARS`].
const CELL_BYTES: usize = limits::CELL_CHARS * 4 + 4;

impl<R: Read> Csv<R> {
    /// Reads the beginning and settles encoding and delimiter.
    pub(super) fn open(file: &str, source: R, options: &Options) -> Outcome<Self> {
        let mut source = Decoded::new(file, source, options.encoding);
        let mut chunk = String::new();
        source.next(&mut chunk)?;
        let (mut at, mut number) = (0, 0);
        let mut mark = options.delimiter;
        if let Some((named, bytes)) = delimiter::named(&chunk) {
            mark = mark.or(Some(named));
            (at, number) = (bytes, 1);
        }
        let mark = mark.unwrap_or_else(|| delimiter::detect(&chunk));
        Ok(Self { file: file.to_owned(), source, chunk, at, mark, number, after_return: false })
    }

    /// Reads the next row; false at the end. Empty lines are rows.
    pub(super) fn next(&mut self, row: &mut RawRow) -> Outcome<bool> {
        row.clear();
        self.number += 1;
        row.number = self.number;
        let mut state = State::Start;
        let mut begun = false;
        loop {
            if self.at == self.chunk.len() {
                self.at = 0;
                if !self.source.next(&mut self.chunk)? {
                    self.chunk.clear();
                    return self.finish(row, state, begun);
                }
                continue;
            }
            if self.after_return && !begun {
                self.after_return = false;
                if self.chunk.as_bytes()[self.at] == b'\n' {
                    self.at += 1;
                    continue;
                }
            }
            begun = true;
            if self.step(row, &mut state)? {
                return Ok(true);
            }
        }
    }

    /// The last row, which needs no line break.
    fn finish(&mut self, row: &mut RawRow, state: State, begun: bool) -> Outcome<bool> {
        if state == State::Quoted {
            let message = format!(
                "The quotation mark that opens a cell in row {} is never closed; add the closing one or double it.",
                self.number
            );
            return Err(broken(&self.file, "UNTERMINATED_QUOTE", message));
        }
        if begun {
            row.end_cell();
        }
        Ok(begun)
    }

    /// Takes one run of bytes that belong together; true when the row is complete.
    fn step(&mut self, row: &mut RawRow, state: &mut State) -> Outcome<bool> {
        let bytes = &self.chunk.as_bytes()[self.at..];
        match *state {
            State::Start if bytes[0] == b'"' => {
                self.at += 1;
                *state = State::Quoted;
            }
            State::Start | State::Bare => {
                let run = memchr::memchr3(self.mark, b'\n', b'\r', bytes);
                let length = run.unwrap_or(bytes.len());
                self.keep(row, length);
                *state = State::Bare;
                if run.is_some() {
                    return self.end_cell(row, state);
                }
            }
            State::Quoted => {
                let run = memchr::memchr(b'"', bytes);
                let length = run.unwrap_or(bytes.len());
                self.keep(row, length);
                if run.is_some() {
                    self.at += 1;
                    *state = State::Quote;
                }
            }
            State::Quote if bytes[0] == b'"' => {
                self.keep(row, 1);
                *state = State::Quoted;
            }
            State::Quote => *state = State::Bare,
        }
        Ok(false)
    }

    /// Moves over `length` bytes and keeps them in the cell, unless the cell is past all limits already.
    fn keep(&mut self, row: &mut RawRow, length: usize) {
        let room = CELL_BYTES.saturating_sub(row.open_bytes());
        let piece = &self.chunk[self.at..self.at + length];
        if length <= room {
            row.extend(piece);
        } else {
            row.extend(&piece[..piece.floor_char_boundary(room)]);
        }
        self.at += length;
    }

    /// At a delimiter or a line break: ends the cell; true when the row ends too.
    fn end_cell(&mut self, row: &mut RawRow, state: &mut State) -> Outcome<bool> {
        row.end_cell();
        let byte = self.chunk.as_bytes()[self.at];
        self.at += 1;
        *state = State::Start;
        if byte != self.mark {
            self.after_return = byte == b'\r';
            return Ok(true);
        }
        if row.len() >= limits::COLUMNS {
            let message = format!("Row {} has more than {} columns.", self.number, limits::COLUMNS);
            return Err(broken(&self.file, "TOO_MANY_COLUMNS", message));
        }
        if row.bytes() > limits::ROW_BYTES {
            let message = format!("Row {} holds more than {} bytes of text.", self.number, limits::ROW_BYTES);
            return Err(broken(&self.file, "ROW_TOO_LONG", message));
        }
        Ok(false)
    }
}
