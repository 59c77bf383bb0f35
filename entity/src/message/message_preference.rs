//! How people want to be written to.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    enums::MessageLanguage,
    ids::{AgencyCode, MessagePreferenceId},
};

/// How a person wants to be written to. Not in the change log, which keeps everything for ever: it goes when the person goes.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "message_preference")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessagePreferenceId,
    /// The agency for which the person acts.
    pub agency: AgencyCode,
    /// Issuer and subject.
    pub person: String,
    /// The subject alone.
    pub subject: String,
    /// The language of what is mailed.
    pub language: MessageLanguage,
    /// Where mail goes.
    pub email: Option<String>,
    /// When the address was confirmed; none before.
    pub confirmed_at: Option<DateTimeUtc>,
    /// Why the mail server refused the address for good.
    pub failure: Option<String>,
    /// When that was.
    pub failed_at: Option<DateTimeUtc>,
    /// SHA-256 of the code by which the address is confirmed, hex.
    pub code_hash: Option<String>,
    /// Until when the code is good.
    pub code_until: Option<DateTimeUtc>,
    /// How often a code was tried in vain.
    pub code_tries: i32,
    /// When the last code was drawn.
    pub code_at: Option<DateTimeUtc>,
    /// How many codes were drawn on that day.
    pub codes: i32,
    /// Kind → delivery, where it is not the usual one.
    pub kinds: Json,
    /// The hour of the day, in Asia/Shanghai, from which the mail of the day is sent.
    pub digest_hour: i32,
    /// Whether it is sent on working days only.
    pub digest_workdays: bool,
    /// The last day for which it was made.
    pub digest_day: Option<Date>,
    /// The scopes that the person held when last seen, a list of text.
    pub scopes: Json,
    /// When that was.
    pub seen_at: DateTimeUtc,
    /// By which mail is ended without a token.
    pub unsubscribe: String,
    /// Counts the edits, from 1.
    pub version: i32,
    /// When it was first set.
    pub created_at: DateTimeUtc,
    /// When it was last edited.
    pub updated_at: DateTimeUtc,
}

/// No relations are declared: stores spell out their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl crate::Bookkeeping for Entity {}
