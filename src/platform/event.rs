//! What an event is as a contract: its name, what it means, whom it is for, and the schema of its data.
//!
//! Each capability declares its events as constants in its `events.rs`, and emits them by these. A name with its version is
//! a promise: fields may be added, and none changes its meaning or goes away; for that there is a new version.

use serde_json::{Map, Value as Json, json};

/// A kind of event.
#[derive(Clone, Copy, Debug)]
pub struct EventType {
    /// Versioned name, such as `certificate.suspended.v1`.
    pub name: &'static str,
    /// What has happened, in one sentence.
    pub meaning: &'static str,
    /// Kind of its subject, as in typed ids.
    pub subject: &'static str,
    /// Who may hear of it.
    pub told: Told,
    /// What its data has, all of it always.
    pub data: &'static [Field],
}

/// Declares the events of a capability, and a list of all of them: each with its meaning as the comment, its constant, its
/// name, the kind of its subject, who may hear of it, and its data.
macro_rules! events {
    ($(#[doc = $meaning:literal] $constant:ident = $name:literal, $subject:expr, $told:ident, $data:expr;)+) => {
        $(
            #[doc = $meaning]
            pub const $constant: $crate::platform::event::EventType = $crate::platform::event::EventType {
                name: $name,
                meaning: $meaning.trim_ascii(),
                subject: $subject,
                told: $crate::platform::event::Told::$told,
                data: $data,
            };
        )+

        /// All of them.
        pub const ALL: &[$crate::platform::event::EventType] = &[$($constant,)+];
    };
}

pub(crate) use events;

/// Who may hear of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Everybody whom the instance lets in.
    Everybody,
    /// Whoever may see the record that it is about.
    AsRecord,
    /// The agency of the event alone.
    Agency,
}

impl Told {
    /// The rule, as it is published.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Everybody => "Everybody whom the instance lets in.",
            Self::AsRecord => {
                "Whoever may see the record that it is about: its own agency always, every agency where the record is \
                 PARTNER or PUBLIC, everybody where it is PUBLIC."
            }
            Self::Agency => "The agency that the event names, and nobody else. Each side gets an event of its own.",
        }
    }
}

/// One member of the data of an event.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub about: &'static str,
    /// What it is.
    pub form: Form,
    /// Whether it may be null.
    pub nullable: bool,
}

/// What a member of the data is.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Text.
    Text,
    /// A typed id of this kind.
    Id(&'static str),
    /// A typed id of any kind.
    AnyId,
    /// A calendar date.
    Date,
    /// An instant.
    Instant,
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// One of a set of words.
    Word(fn() -> Vec<&'static str>),
    /// A list of these.
    List(&'static Form),
}

impl Field {
    /// One that always has a value.
    pub const fn new(name: &'static str, form: Form, about: &'static str) -> Self {
        Self { name, about, form, nullable: false }
    }

    /// The same, where it may be null.
    #[must_use]
    pub const fn or_null(self) -> Self {
        Self { nullable: true, ..self }
    }

    fn schema(&self) -> Json {
        let mut schema = self.form.schema();
        if self.nullable {
            let kind = schema.get("type").cloned().unwrap_or_default();
            schema.insert("type".to_owned(), json!([kind, "null"]));
            if let Some(Json::Array(words)) = schema.get_mut("enum") {
                words.push(Json::Null);
            }
        }
        schema.insert("description".to_owned(), self.about.into());
        Json::Object(schema)
    }
}

impl Form {
    fn schema(self) -> Map<String, Json> {
        let schema = match self {
            Self::Text => json!({ "type": "string" }),
            Self::Id(kind) => json!({ "type": "string", "pattern": format!("^{kind}:.") }),
            Self::AnyId => json!({ "type": "string", "pattern": "^[a-z-]+:." }),
            Self::Date => json!({ "type": "string", "format": "date" }),
            Self::Instant => json!({ "type": "string", "format": "date-time" }),
            Self::Number => json!({ "type": "integer" }),
            Self::Flag => json!({ "type": "boolean" }),
            Self::Word(words) => json!({ "type": "string", "enum": words() }),
            Self::List(of) => json!({ "type": "array", "items": of.schema() }),
        };
        match schema {
            Json::Object(members) => members,
            _ => Map::new(),
        }
    }
}

impl EventType {
    /// The schema of its data: JSON Schema, 2020-12. More fields may come in the same version, so that none is forbidden.
    pub fn schema(&self) -> Json {
        let properties: Map<String, Json> =
            self.data.iter().map(|field| (field.name.to_owned(), field.schema())).collect();
        let required: Vec<&str> = self.data.iter().map(|field| field.name).collect();
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": format!("urn:labpact:events:{}", self.name),
            "title": self.name,
            "description": self.meaning,
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": true,
            "x-subject": self.subject,
            "x-told": self.told.rule(),
        })
    }
}
