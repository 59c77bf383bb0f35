//! The chain and its checkpoints.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use entity::checkpoint;

use super::super::{
    model::chain::Flaw,
    policy,
    service::{
        seal,
        verify::{self, Span, Verdict},
    },
};
use crate::{
    graphql::{
        access::access,
        context::{apart, reads},
        scalars::Instant,
    },
    platform::fault::{Fault, Outcome},
};

/// Entries that one call recomputes at most.
const MOST: i64 = 100_000;
/// Checkpoints of one answer at most.
const CHECKPOINTS: u64 = 200;

/// What is wrong with a link of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Flaw")]
pub enum AuditFlaw {
    /// The content is not what was put into the chain.
    ContentChanged,
    /// The content is gone, and nothing says that it may be.
    ContentMissing,
    /// The entry itself is gone.
    EntryMissing,
    /// The hash does not follow from the hash before and the entry.
    HashWrong,
    /// Entries have changed places.
    Order,
    /// A checkpoint says that the chain was another one.
    Checkpoint,
    /// A checkpoint does not bear the signature of its key.
    Signature,
}

/// The first link that does not hold.
#[derive(Clone, Debug, SimpleObject)]
pub struct AuditBreak {
    /// Number of the entry.
    seq: String,
    /// What is wrong.
    flaw: AuditFlaw,
    /// The same in a sentence.
    text: String,
}

/// What recomputing a span of the chain has found. Numbers of entries are text: they grow beyond what an Int holds.
pub struct AuditVerdict(Verdict);

/// What recomputing a span of the chain has found. Numbers of entries are text: they grow beyond what an Int holds.
#[Object]
impl AuditVerdict {
    /// Whether every link holds.
    async fn holds(&self) -> bool {
        self.0.broken.is_none()
    }

    /// First entry of the span.
    async fn from(&self) -> String {
        self.0.from.to_string()
    }

    /// The last entry that holds; go on behind it where the chain is longer.
    async fn to(&self) -> String {
        (self.0.chain.next - 1).to_string()
    }

    /// The hash of that entry, in hex.
    async fn hash(&self) -> String {
        hex::encode(&self.0.chain.hash)
    }

    /// How many entries hold.
    async fn entries(&self) -> i32 {
        count(self.0.chain.entries)
    }

    /// Of those, how many whose content was let go when its time was over.
    async fn pruned(&self) -> i32 {
        count(self.0.chain.pruned)
    }

    /// Of those, how many of whose content the data of a person was erased.
    async fn erased(&self) -> i32 {
        count(self.0.chain.erased)
    }

    /// How many checkpoints in the span hold.
    async fn checkpoints(&self) -> i32 {
        count(self.0.checkpoints)
    }

    /// The last entry that a checkpoint in the span covers.
    async fn covered(&self) -> Option<String> {
        self.0.covered.map(|seq| seq.to_string())
    }

    /// The first link that does not hold; null where all of them do.
    async fn broken(&self) -> Option<AuditBreak> {
        let broken = self.0.broken.as_ref()?;
        let (seq, flaw) = (broken.seq.to_string(), broken.flaw.into());
        Some(AuditBreak { seq, flaw, text: broken.text.clone() })
    }
}

/// A signed checkpoint: what the instance says the chain was. Keep `jws` and `jwk` together, as a JSON object, where the
/// operator of this instance cannot reach them.
#[derive(Clone)]
pub struct AuditCheckpoint(checkpoint::Model);

/// A signed checkpoint: what the instance says the chain was. Keep `jws` and `jwk` together, as a JSON object, where the
/// operator of this instance cannot reach them.
#[Object]
impl AuditCheckpoint {
    /// The last entry that it covers.
    async fn seq(&self) -> String {
        self.0.seq.to_string()
    }

    /// The hash of that entry, in hex.
    async fn hash(&self) -> String {
        hex::encode(&self.0.hash)
    }

    /// When it was signed.
    async fn at(&self) -> Instant {
        Instant(self.0.at)
    }

    /// How many entries there are since the checkpoint before.
    async fn entries(&self) -> String {
        (self.0.seq - self.0.after_seq).to_string()
    }

    /// Name of the key: its SHA-256 thumbprint (RFC 7638).
    async fn kid(&self) -> &str {
        &self.0.kid
    }

    /// The public key (JWK, RFC 7517).
    async fn jwk(&self) -> async_graphql::Json<&serde_json::Value> {
        async_graphql::Json(&self.0.jwk)
    }

    /// All of it, signed with Ed25519: a compact JWS (RFC 7515), which any JOSE library verifies.
    async fn jws(&self) -> &str {
        &self.0.jws
    }
}

/// Asking whether the chain holds.
#[derive(Default)]
pub struct ChainQuery;

#[Object]
impl ChainQuery {
    /// Recomputes a span of the chain of changes and events, and holds it against the stored checkpoints. At most 100,000
    /// entries at a time; go on behind `to`.
    #[graphql(directive = access::apply(policy::VERIFY))]
    async fn audit_verify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of the first entry; 1 where it is left out.")] from: Option<String>,
        #[graphql(desc = "Number of the last entry; as many as one call may where it is left out.")] to: Option<String>,
    ) -> Result<AuditVerdict> {
        apart(verified(ctx, from, to)).await
    }

    /// Signed checkpoints, the oldest first, at most 200 at a time.
    #[graphql(directive = access::apply(policy::CHECKPOINTS))]
    async fn audit_checkpoints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that cover more than this entry.")] after: Option<String>,
    ) -> Result<Vec<AuditCheckpoint>> {
        let reads = reads(ctx)?;
        let after = after.map(|text| number(&text, "after")).transpose()?.unwrap_or(0);
        let rows = seal::after(&reads.db, &reads.caller, after, CHECKPOINTS).await?;
        Ok(rows.into_iter().map(AuditCheckpoint).collect())
    }
}

async fn verified(ctx: &Context<'_>, from: Option<String>, to: Option<String>) -> Result<AuditVerdict> {
    let reads = reads(ctx)?;
    let from = from.map(|text| number(&text, "from")).transpose()?.unwrap_or(1);
    let most = from.saturating_add(MOST - 1);
    let to = to.map(|text| number(&text, "to")).transpose()?.unwrap_or(most);
    if to > most {
        let text = format!("Ask for at most {MOST} entries at a time: to {most}, then from the next one on.");
        return Err(Fault::invalid("to", "SPAN", text).into());
    }
    let span = Span { from, to: Some(to) };
    Ok(AuditVerdict(verify::verify(&reads.db, &reads.caller, span, &[]).await?))
}

fn number(text: &str, path: &str) -> Outcome<i64> {
    let read = text.parse().ok().filter(|number| *number >= 0);
    read.ok_or_else(|| Fault::invalid(path, "NUMBER", "Pass the number of an entry, such as \"1\"."))
}

fn count(number: u64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
