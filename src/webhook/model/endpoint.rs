//! Endpoints as their agencies write them.

use chrono::{DateTime, Utc};
use entity::{
    enums::{WebhookSigning, WebhookStatus},
    ids::{AgencyCode, WebhookId},
    webhook::Model,
};
use serde_json::json;

use super::guard::Guard;
use crate::{
    notify::model::Wanted,
    platform::{
        access::Visible,
        fault::{Fault, Outcome, Problems},
        patch::Patch,
    },
};

/// Longest description and longest reason, in characters.
pub const TEXT: usize = 500;
/// Most names of events of one endpoint.
pub const NAMES: usize = 100;

/// An endpoint to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEndpoint {
    /// Where it is.
    pub url: String,
    /// What it is for.
    pub description: Option<String>,
    /// Names of the events that it is told of; none for all.
    pub names: Option<Vec<String>>,
    /// How its messages are signed.
    pub signing: WebhookSigning,
}

/// An edit of an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointEdit {
    /// Where it is.
    pub url: Option<String>,
    /// What it is for.
    pub description: Patch<String>,
    /// Names of the events that it is told of.
    pub names: Patch<Vec<String>>,
}

/// What a new row has that nobody writes.
#[derive(Clone, Debug)]
pub struct Blank {
    /// Key.
    pub id: WebhookId,
    /// Owner.
    pub agency: AgencyCode,
    /// End of the feed.
    pub heard_from: i64,
    /// Who makes it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl NewEndpoint {
    /// The row.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn entered(self, blank: Blank, guard: &Guard) -> Outcome<Model> {
        let mut problems = Problems::default();
        let url = url(&mut problems, guard, &self.url);
        let description = text(&mut problems, "input.description", self.description);
        let names = self.names.map(|names| named(&mut problems, names));
        problems.finish()?;
        Ok(Model {
            id: blank.id,
            agency: blank.agency,
            url,
            description,
            names,
            status: WebhookStatus::Active,
            stop: None,
            reason: None,
            signing: self.signing,
            heard_from: blank.heard_from,
            created_by: blank.by,
            version: 1,
            created_at: blank.at,
            updated_at: blank.at,
        })
    }
}

impl EndpointEdit {
    /// The row after the edit.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn over(self, row: &Model, at: DateTime<Utc>, guard: &Guard) -> Outcome<Model> {
        let mut problems = Problems::default();
        let url = self.url.map_or_else(|| row.url.clone(), |text| url(&mut problems, guard, &text));
        let description = match self.description {
            Patch::Set(set) => text(&mut problems, "input.description", Some(set)),
            patch => patch.over(row.description.clone()),
        };
        let names = match self.names {
            Patch::Keep => row.names.clone(),
            Patch::Clear => None,
            Patch::Set(names) => Some(named(&mut problems, names)),
        };
        problems.finish()?;
        Ok(Model { url, description, names, updated_at: at, ..row.clone() })
    }
}

/// What an endpoint hears of: what its agency may see, of the names that it asks for.
pub fn hears(row: &Model) -> (Visible, Wanted) {
    let names = row.names.as_ref().map(names_of);
    (Visible::Partner(row.agency.clone()), Wanted { names, ..Wanted::default() })
}

/// Stored names as texts.
pub fn names_of(stored: &serde_json::Value) -> Vec<String> {
    stored.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// A reason for an act.
///
/// # Errors
/// `INVALID` at `reason`.
pub fn reason(given: Option<String>) -> Outcome<Option<String>> {
    let mut problems = Problems::default();
    let reason = text(&mut problems, "reason", given);
    problems.finish()?;
    Ok(reason)
}

/// The refusal of an agency that has as many as it may.
pub fn full(most: u64) -> Fault {
    let message = format!("An agency has at most {most} webhooks; delete one that is not used.");
    Fault::rule("WEBHOOKS_FULL", message, json!({ "most": most }))
}

fn url(problems: &mut Problems, guard: &Guard, text: &str) -> String {
    match guard.url(text.trim()) {
        Ok(url) => url.into(),
        Err(message) => {
            problems.add("input.url", "WEBHOOK_URL", message);
            String::new()
        }
    }
}

fn text(problems: &mut Problems, path: &str, text: Option<String>) -> Option<String> {
    let text = text?;
    let text = text.trim();
    if text.chars().count() > TEXT {
        problems.add(path, "TOO_LONG", format!("Write at most {TEXT} characters."));
    }
    (!text.is_empty()).then(|| text.to_owned())
}

fn named(problems: &mut Problems, mut names: Vec<String>) -> serde_json::Value {
    names.sort();
    names.dedup();
    if names.is_empty() || names.len() > NAMES {
        let message = format!("Name 1 to {NAMES} events, or leave it out for all.");
        problems.add("input.names", "NAMES", message);
    }
    names.into()
}
