//! What every mutation of the desk answers.

use async_graphql::{Context, Json, Object, Result, SimpleObject};
use serde_json::Value;

use super::{offer::Offer, referral::Referral, request::Request, words::Side};
use crate::{
    graphql::scalars::Instant,
    platform::fault::{Fault, Outcome},
    request::model::{Done, Move},
};

/// What a command of the desk did; with `dryRun`, what it would do, and all that stands in its way.
pub struct DeskPayload {
    done: Option<Done>,
    blockers: Vec<Blocker>,
    dry_run: bool,
}

/// Something that stands in the way.
#[derive(Clone, Debug, SimpleObject)]
pub struct Blocker {
    /// Code, such as OFFER_LAPSED.
    code: String,
    /// One sentence with the next step.
    message: String,
    /// What is needed to act on it.
    facts: Option<Json<Value>>,
    /// The scope whose holder may go on in spite of it, by naming its code in `despite`; null where nobody may.
    overridable_by: Option<String>,
}

/// One step that a command took, or would take.
#[derive(Clone, Debug, SimpleObject)]
pub struct DeskMove {
    /// Typed id of the request or referral.
    subject: String,
    /// What happened.
    event: String,
    /// Status before.
    from: String,
    /// Status after.
    to: String,
    /// For which side.
    side: Side,
    /// When the step that follows is due.
    due_at: Option<Instant>,
    /// Codes of the agencies that are told.
    told: Vec<String>,
}

impl From<&Move> for DeskMove {
    fn from(one: &Move) -> Self {
        Self {
            subject: one.subject.clone(),
            event: one.event.clone(),
            from: one.from.clone(),
            to: one.to.clone(),
            side: one.side.into(),
            due_at: one.due_at.map(Instant),
            told: one.told.iter().map(|agency| agency.as_str().to_owned()).collect(),
        }
    }
}

impl DeskPayload {
    /// The answer to a command. What stands in the way of a rehearsal is its answer, not an error.
    ///
    /// # Errors
    /// Those of the command; of a rehearsal those that are no blockers.
    pub(super) fn of(outcome: Outcome<Done>, dry_run: bool) -> Result<Self> {
        match outcome {
            Ok(done) => Ok(Self { done: Some(done), blockers: Vec::new(), dry_run }),
            Err(fault) if dry_run => match blockers(&fault) {
                Some(blockers) => Ok(Self { done: None, blockers, dry_run }),
                None => Err(fault.into()),
            },
            Err(fault) => Err(fault.into()),
        }
    }
}

fn blockers(fault: &Fault) -> Option<Vec<Blocker>> {
    let (code, facts) = match fault {
        Fault::Rule { code, facts, .. } | Fault::Conflict { code, facts, .. } => (*code, Some(facts.clone())),
        Fault::Forbidden { .. } => (fault.code(), None),
        _ => return None,
    };
    if let Some(listed) = facts.as_ref().and_then(|facts| facts["blockers"].as_array()) {
        let text = |one: &Value, name: &str| one[name].as_str().map(str::to_owned);
        return Some(
            listed
                .iter()
                .map(|one| Blocker {
                    code: text(one, "code").unwrap_or_default(),
                    message: text(one, "message").unwrap_or_default(),
                    facts: Some(Json(one["facts"].clone())),
                    overridable_by: text(one, "overridableBy"),
                })
                .collect(),
        );
    }
    Some(vec![Blocker {
        code: code.to_owned(),
        message: fault.to_string(),
        facts: facts.map(Json),
        overridable_by: None,
    }])
}

/// What a command of the desk did; with `dryRun`, what it would do, and all that stands in its way.
#[Object]
impl DeskPayload {
    /// The request as it stands now; null where a rehearsal would create it.
    async fn request(&self, ctx: &Context<'_>) -> Result<Option<Request>> {
        match &self.done {
            Some(done) => Request::find(ctx, done.request).await,
            None => Ok(None),
        }
    }

    /// The referral as it stands now, where the command was about one.
    async fn referral(&self, ctx: &Context<'_>) -> Result<Option<Referral>> {
        match self.done.as_ref().and_then(|done| done.referral) {
            Some(id) => Referral::find(ctx, id).await,
            None => Ok(None),
        }
    }

    /// The offer, where the command made, answered or accepted one.
    async fn offer(&self, ctx: &Context<'_>) -> Result<Option<Offer>> {
        match self.done.as_ref().and_then(|done| done.offer) {
            Some(id) => Offer::find(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Every step that was taken, or would be, in order; of other providers you learn nothing.
    async fn moves(&self, ctx: &Context<'_>) -> Result<Vec<DeskMove>> {
        let Some(done) = &self.done else { return Ok(Vec::new()) };
        super::payload_moves(ctx, done).await
    }

    /// Whether this was a rehearsal: nothing was written.
    async fn dry_run(&self) -> bool {
        self.dry_run
    }

    /// All that stands in the way; empty where nothing does. Without `dryRun` blockers are told as an error.
    async fn blockers(&self) -> Vec<Blocker> {
        self.blockers.clone()
    }
}
