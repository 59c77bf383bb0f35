//! Events in the schema.

use async_graphql::{Context, ID, InputObject, Json, Object, Result, Subscription};
use entity::ids::AgencyCode;
use futures_util::{Stream, TryStreamExt};

use super::{
    hub::Hub,
    model::{Placed, Position, Wanted},
    policy, service,
};
use crate::{
    graphql::{
        access::{OPEN, access},
        context::{catalogue, reads},
        scalars::{Instant, parse_optional_id, show_id},
        streams::Resume,
        visibility::Visibility,
    },
    platform::{
        event,
        fault::{Fault, Outcome},
    },
};

/// Something that happened.
pub struct Event(Placed);

/// Something that happened.
#[Object]
impl Event {
    /// Its own id: an event that comes twice has the same.
    async fn id(&self) -> String {
        self.0.event.id.to_string()
    }

    /// Its place in the feed; pass it as `after` to go on behind it. Opaque.
    async fn position(&self) -> String {
        self.0.position.to_string()
    }

    /// Versioned name, such as `certificate.suspended.v1`.
    async fn name(&self) -> &str {
        &self.0.event.name
    }

    /// When it was committed.
    async fn at(&self) -> Instant {
        Instant(self.0.event.at)
    }

    /// Typed id of what it is about; ask `node` for it.
    async fn subject(&self) -> ID {
        ID(self.0.event.subject.clone())
    }

    /// Typed id of the agency that owns the subject.
    async fn agency(&self) -> ID {
        show_id(&self.0.event.agency)
    }

    /// Who may hear of it.
    async fn visibility(&self) -> Visibility {
        self.0.event.visibility.into()
    }

    /// The payload, by the schema of its name.
    async fn data(&self) -> Json<&serde_json::Value> {
        Json(&self.0.event.data)
    }
}

/// Which events. Every condition that is given must hold.
#[derive(Debug, Default, InputObject)]
pub struct EventWhere {
    /// Of one of these names, to the letter; at most 100.
    #[graphql(validator(max_items = 100))]
    pub names: Option<Vec<String>>,
    /// About this.
    pub subject: Option<ID>,
    /// Of this agency.
    pub agency: Option<ID>,
}

impl EventWhere {
    fn read(self, ctx: &Context<'_>) -> Result<Wanted> {
        let agency = parse_optional_id::<AgencyCode>(self.agency.as_ref(), "where.agency")?;
        let names = catalogue(ctx)?.known("where.names", self.names)?;
        Ok(Wanted { names, subject: self.subject.map(|id| id.0), agency })
    }
}

/// A kind of event.
pub struct EventType(&'static event::EventType);

/// A kind of event: a name with its version is a promise. Fields may be added to its data; none goes away or changes its
/// meaning.
#[Object]
impl EventType {
    /// Versioned name, such as `certificate.suspended.v1`.
    async fn name(&self) -> &str {
        self.0.name
    }

    /// What has happened, in one sentence.
    async fn meaning(&self) -> &str {
        self.0.meaning
    }

    /// Kind of its subject, as in typed ids.
    async fn subject(&self) -> &str {
        self.0.subject
    }

    /// Who may hear of it, in words.
    async fn told(&self) -> &str {
        self.0.told.rule()
    }

    /// The schema of its data: JSON Schema, 2020-12.
    async fn schema(&self) -> Json<serde_json::Value> {
        Json(self.0.schema())
    }
}

/// Asking where the events stand.
#[derive(Default)]
pub struct EventQuery;

#[Object]
impl EventQuery {
    /// The end of the feed. Take it before you read what you keep a copy of, and then follow `events` after it: nothing
    /// is missed.
    #[graphql(directive = access::apply(policy::READ))]
    async fn events_position(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(service::position(&reads(ctx)?.db).await?.to_string())
    }

    /// The catalogue of events, by name; the same as `GET /events`.
    #[graphql(directive = access::apply(OPEN))]
    async fn event_types(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of these names only; at most 100.", validator(max_items = 100))] names: Option<Vec<String>>,
    ) -> Result<Vec<EventType>> {
        let catalogue = catalogue(ctx)?;
        let asked = |name: &str| names.as_ref().is_none_or(|names| names.iter().any(|each| each == name));
        Ok(catalogue.all().filter(|kind| asked(kind.name)).map(EventType).collect())
    }
}

/// Hearing of events.
#[derive(Default)]
pub struct EventSubscription;

#[Subscription]
impl EventSubscription {
    /// Events in the order of the feed, as far as you may hear of them: those of your agency, and of others what is
    /// not `OWN`. Each comes at least once. An event stream can be resumed by `Last-Event-ID` where `after` is not given.
    #[graphql(directive = access::apply(policy::READ))]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which events; all where it is left out.")] filter: Option<EventWhere>,
        #[graphql(desc = "Begin behind this position; with what happens from now on where it is left out.")]
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<Event>>> {
        let reads = reads(ctx)?;
        let resume = ctx.data_opt::<Resume>().cloned().unwrap_or_default();
        let after = match (after, resume.after()) {
            (Some(text), _) => Some(Position::parse(&text, "after")?),
            (None, Some(text)) => Some(Position::parse(text, "Last-Event-ID")?),
            (None, None) => None,
        };
        let wanted = filter.unwrap_or_default().read(ctx)?;
        let visible = reads.visible.clone();
        let follow = service::Follow { db: reads.db.clone(), hub: hub(ctx)?.clone(), visible, wanted };
        let (begin, events) = service::events(follow, after).await?;
        resume.begins(&begin.to_string());
        let note = move |placed: &Placed| resume.delivers(&placed.position.to_string());
        Ok(events.inspect_ok(note).map_ok(Event).map_err(Into::into))
    }
}

/// Where events come from.
///
/// # Errors
/// `INTERNAL` outside the schema.
pub fn hub<'a>(ctx: &Context<'a>) -> Outcome<&'a Hub> {
    ctx.data::<Hub>().map_err(|error| Fault::internal(error.message))
}
