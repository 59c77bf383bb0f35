//! Recomputing the chain, page by page, and holding it against the checkpoints.

use std::io::BufRead;

use super::super::{
    model::{
        chain::{Break, Chain, Flaw},
        checkpoint::{Checkpoint, Claim},
        line::{Reading, Stop, Told},
    },
    policy, store,
};
use crate::platform::{
    access::{Caller, permit},
    db::Db,
    fault::{Fault, Outcome},
};

/// Which entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub from: i64,
    /// The last; the end of the feed where not given.
    pub to: Option<i64>,
}

impl Span {
    /// All of them.
    pub const WHOLE: Self = Self { from: 1, to: None };

    /// Holds it against the feed; the last entry.
    ///
    /// # Errors
    /// `INVALID` for a span that begins before the first entry or ends before its beginning.
    pub(super) fn checked(self, end: i64) -> Outcome<i64> {
        if self.from < 1 || self.from > end.max(1) {
            let text = format!("The chain has the entries 1 to {end}; begin within them.");
            return Err(Fault::invalid("from", "SPAN", text));
        }
        match self.to {
            Some(to) if to < self.from => {
                Err(Fault::invalid("to", "SPAN", format!("Choose {} or a later entry.", self.from)))
            }
            Some(to) => Ok(to.min(end)),
            None => Ok(end),
        }
    }
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// First entry.
    pub from: i64,
    /// The chain at the last entry that holds.
    pub chain: Chain,
    /// Checkpoints that hold.
    pub checkpoints: u64,
    /// The last entry that a checkpoint covers.
    pub covered: Option<i64>,
    /// The first link that does not hold.
    pub broken: Option<Break>,
}

/// Recomputes a span of the chain, and holds it against the stored checkpoints and those that others have kept. Takes a
/// page into memory at a time.
///
/// # Errors
/// `FORBIDDEN`; `INVALID` for a span that is none; `UNAVAILABLE`. A break is no error.
pub async fn verify(db: &Db, caller: &Caller, span: Span, kept: &[Checkpoint]) -> Outcome<Verdict> {
    permit(caller, policy::VERIFY)?;
    let end = store::end(db).await?.map_or(0, |entry| entry.seq);
    let to = span.checked(end)?;
    let mut walk = Walk { db, from: span.from, chain: Chain::beginning(), checkpoints: 0, covered: None };
    let kept: Vec<_> = kept.iter().map(|each| (each, each.opened())).collect();
    let broken = walk.run(to, end, &kept).await?.err();
    Ok(Verdict { from: span.from, chain: walk.chain, checkpoints: walk.checkpoints, covered: walk.covered, broken })
}

/// Verifies a file that was exported, without a database.
///
/// # Errors
/// `INVALID` for a file that is none; `UNAVAILABLE` where it cannot be read. A break comes with the chain before it.
pub fn verify_file(mut input: impl BufRead) -> Outcome<Result<Told, (Chain, Break)>> {
    let unreadable = |cause: std::io::Error| Fault::Unavailable(format!("The file cannot be read: {cause}."));
    let mut line = String::new();
    input.read_line(&mut line).map_err(unreadable)?;
    let mut reading = Reading::begin(&line)?;
    for n in 2.. {
        line.clear();
        if input.read_line(&mut line).map_err(unreadable)? == 0 {
            break;
        }
        match reading.take(&line, n) {
            Ok(()) => {}
            Err(Stop::Broken(broken)) => return Ok(Err((reading.chain().clone(), *broken))),
            Err(Stop::Unreadable(fault)) => return Err(fault),
        }
    }
    let chain = reading.chain().clone();
    Ok(reading.end().map_err(|broken| (chain, broken)))
}

type Kept<'a> = (&'a Checkpoint, Result<Claim, &'static str>);

struct Walk<'a> {
    db: &'a Db,
    from: i64,
    chain: Chain,
    checkpoints: u64,
    covered: Option<i64>,
}

impl Walk<'_> {
    async fn run(&mut self, to: i64, end: i64, kept: &[Kept<'_>]) -> Outcome<Result<(), Break>> {
        if self.from > 1 {
            let Some(before) = store::entry(self.db, self.from - 1).await? else {
                let text = "This entry is not there.";
                return Ok(Err(Break::new(self.from - 1, Flaw::EntryMissing, text)));
            };
            self.chain = Chain::after(before.seq, before.hash);
        }
        if let Some(why) = kept.iter().find_map(|(_, claim)| claim.as_ref().err()) {
            return Ok(Err(Break::new(self.from, Flaw::Signature, format!("The checkpoint that was kept {why}."))));
        }
        while self.chain.next <= to {
            if let Err(broken) = self.page(to, kept).await? {
                return Ok(Err(broken));
            }
        }
        Ok(if to == end { self.beyond(end, kept).await? } else { Ok(()) })
    }

    async fn page(&mut self, to: i64, kept: &[Kept<'_>]) -> Outcome<Result<(), Break>> {
        let page = store::page(self.db, self.chain.next - 1, to).await?;
        let Some(last) = page.get(store::PAGE - 1).or(page.last()) else {
            let text = "This entry is not there.";
            return Ok(Err(Break::new(self.chain.next, Flaw::EntryMissing, text)));
        };
        let stored = store::checkpoints(self.db, self.chain.next, last.entry.seq).await?;
        let mut stored = stored.into_iter().peekable();
        for (at, seen) in page.iter().enumerate().take(store::PAGE) {
            if let Err(broken) = self.chain.step(seen, page.get(at + 1)) {
                return Ok(Err(broken));
            }
            let here = stored.next_if(|(seq, _)| *seq == seen.entry.seq).map(|(_, checkpoint)| checkpoint);
            let theirs = kept.iter().filter(|(_, claim)| claim.as_ref().is_ok_and(|claim| claim.seq == seen.entry.seq));
            for checkpoint in here.iter().chain(theirs.map(|(checkpoint, _)| *checkpoint)) {
                if let Err(broken) = checkpoint.holds(seen.entry.seq, &seen.entry.hash) {
                    return Ok(Err(broken));
                }
                self.checkpoints += 1;
                self.covered = Some(seen.entry.seq);
            }
        }
        // Every page gives way to those who have work to do.
        tokio::task::yield_now().await;
        Ok(Ok(()))
    }

    /// Whether a checkpoint covers entries behind the last one: then the end of the chain is gone.
    async fn beyond(&self, end: i64, kept: &[Kept<'_>]) -> Outcome<Result<(), Break>> {
        let stored = store::last_checkpoint(self.db).await?.map(|row| row.seq);
        let theirs = kept.iter().filter_map(|(_, claim)| claim.as_ref().ok().map(|claim| claim.seq));
        // What was appended since the end was looked up is behind it too.
        let now = store::end(self.db).await?.map_or(end, |entry| entry.seq);
        Ok(match stored.into_iter().chain(theirs).max() {
            Some(seq) if seq > now => {
                let text = format!("A checkpoint covers entry {seq}, but the chain ends with {end}.");
                Err(Break::new(end + 1, Flaw::EntryMissing, text))
            }
            _ => Ok(()),
        })
    }
}
