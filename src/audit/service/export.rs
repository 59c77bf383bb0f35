//! Taking a span of the chain out as a file that can be verified alone.

use std::io::Write;

use serde::Serialize;

use super::{
    super::{
        model::line::{Entry, FORMAT, Header, Line},
        policy, store,
    },
    verify::Span,
};
use crate::platform::{
    access::{Caller, permit},
    access_log::{Access, Accesses},
    db::Db,
    fault::{Fault, Outcome},
    feed::BEGINNING,
};

/// Writes a span, a page at a time, and notes who did; how many entries.
///
/// # Errors
/// `FORBIDDEN`; `INVALID` for a span that is none; `UNAVAILABLE`, also where entries are missing or the file cannot be
/// written.
pub async fn export(
    (db, accesses): (&Db, &Accesses),
    caller: &Caller,
    span: Span,
    mut out: impl Write,
) -> Outcome<u64> {
    permit(caller, policy::EXPORT)?;
    let end = store::end(db).await?.map_or(0, |entry| entry.seq);
    let to = span.checked(end)?;
    let object = format!("feed:{}-{to}", span.from);
    accesses.note(db.clock(), caller, Access { what: "AUDIT_EXPORT", object, owner: None });
    accesses.flush(db).await?;
    let before = match span.from {
        1 => BEGINNING.to_vec(),
        from => store::entry(db, from - 1).await?.ok_or_else(|| gap(from - 1))?.hash,
    };
    let (format, at) = (FORMAT.to_owned(), db.clock().now());
    write(&mut out, &Header { format, from: span.from, to, before: hex::encode(before), at })?;
    let mut next = span.from;
    while next <= to {
        let page = store::page(db, next - 1, to).await?;
        let last = page.len().min(store::PAGE);
        let Some(end) = last.checked_sub(1).map(|at| page[at].entry.seq) else { return Err(gap(next)) };
        let mut checkpoints = store::checkpoints(db, next, end).await?.into_iter().peekable();
        for seen in &page[..last] {
            write(&mut out, &Entry::of(seen))?;
            if let Some((_, checkpoint)) = checkpoints.next_if(|(seq, _)| *seq == seen.entry.seq) {
                write(&mut out, &Line::Checkpoint { checkpoint })?;
            }
        }
        next = end + 1;
    }
    out.flush().map_err(unwritable)?;
    Ok((to + 1 - span.from).max(0).cast_unsigned())
}

fn write<T: Serialize>(out: &mut impl Write, line: &T) -> Outcome<()> {
    let text = serde_json::to_string(line).map_err(Fault::internal)?;
    writeln!(out, "{text}").map_err(unwritable)
}

fn unwritable(cause: std::io::Error) -> Fault {
    Fault::Unavailable(format!("The file cannot be written: {cause}."))
}

fn gap(seq: i64) -> Fault {
    Fault::Unavailable(format!("Entry {seq} is not there; run `labpact audit verify`."))
}
