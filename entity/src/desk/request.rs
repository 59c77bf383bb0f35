//! Requests: what agencies need of others.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::{Placement, Purpose, RequestStatus, Sending, Side, Urgency, WorkArea},
    ids::{AgencyCode, DecisionId, RequestId},
    record::{record, versioned},
};

/// What an agency needs of others, and how far that has come.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "request")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RequestId,
    /// The requesting agency.
    pub agency: AgencyCode,
    /// Number within the agency, such as `R20261123-7K3M9Q`.
    pub code: String,
    /// What it is about, in a line.
    pub title: String,
    /// Where it is in its life.
    pub status: RequestStatus,
    /// What the results serve.
    pub purpose: Purpose,
    /// The work area of the memorandum.
    pub work_area: WorkArea,
    /// How soon answers are due.
    pub urgency: Urgency,
    /// The last date on which the results are of use.
    pub need_by: Date,
    /// Conditions of the requester, free text.
    pub conditions: Option<String>,
    /// How providers are found.
    pub placement: Placement,
    /// Whether providers are asked one after the other.
    pub sending: Sending,
    /// Whether providers are asked for quotes, of which one is then ordered.
    pub for_quotes: bool,
    /// The company whose goods are sampled.
    pub sampled_company: Option<String>,
    /// Whether that company is hidden from the providers.
    pub blind: bool,
    /// When the providers were told of it, after it had been hidden from them.
    pub unblinded_at: Option<DateTimeUtc>,
    /// Codes of the agencies to which it was sent, a list of text: they see it too.
    pub shown_to: Json,
    /// Who wrote it last, as issuer and subject.
    pub author: String,
    /// Who submitted it last, as issuer and subject.
    pub submitted_by: Option<String>,
    /// Who approved it, as issuer and subject.
    pub approved_by: Option<String>,
    /// The decision by rule that is open.
    pub decision_id: Option<DecisionId>,
    /// Counts the submissions.
    pub round: i32,
    /// Digest of what is asked for, by which twins are found.
    pub digest: String,
    /// When it came to its status.
    pub status_at: DateTimeUtc,
    /// When the next step is due; none where it has ended, and in a draft.
    pub due_at: Option<DateTimeUtc>,
    /// Whether the due date lies in a year whose holidays are not known yet.
    pub due_provisional: bool,
    /// Whose step it is.
    pub due_side: Option<Side>,
    /// How often the clock has run out in this status.
    pub lapses: i32,
    /// Code of the reason of the last move that needed one.
    pub reason_code: Option<String>,
    /// Its text.
    pub reason_text: Option<String>,
    /// Whether the clock, and nobody else, made the last move.
    pub moved_by_clock: bool,
    /// Counts the edits, from 1.
    pub version: i32,
    /// When it was drafted.
    pub created_at: DateTimeUtc,
    /// When it was last edited.
    pub updated_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

record!(RequestId::KIND, id, agency);
versioned!(id, Id);
