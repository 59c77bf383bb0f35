//! Deadlines are announced before they are due, and told of after they have passed: once for each, as long as it does not move.

use chrono::{DateTime, Utc};
use entity::{enums::MessageKind, ids::MessageId, message_note};

use super::{
    deadline::{Deadline, Deadlines, Span, Surroundings},
    follower,
    model::{rule::Audience, stage::Stage},
    settings::Settings,
    store,
};
use crate::platform::{
    db::{Books, Db},
    fault::Outcome,
    workday::Calendar,
};

/// Deadlines looked at together.
const PAGE: u64 = 200;

/// Looks at everything that is due soon or was due of late; how many messages that made.
///
/// # Errors
/// `UNAVAILABLE`; what was told stays so.
pub async fn remind(db: &Db, settings: &Settings, around: &Surroundings) -> Outcome<u64> {
    let calendar = (around.calendar)(db).await?;
    let mut made = 0;
    for deadlines in around.deadlines.iter() {
        made += remind_of(db, settings, (deadlines.as_ref(), &calendar)).await?;
    }
    Ok(made)
}

async fn remind_of(db: &Db, settings: &Settings, (deadlines, calendar): (&dyn Deadlines, &Calendar)) -> Outcome<u64> {
    let now = db.clock().now();
    let (from, to) = settings.notice.span(calendar, now);
    let (mut after, mut made) = (None, 0);
    loop {
        let page = deadlines.due(db, Span { from, to, after }, PAGE).await?;
        let mut notes = Vec::new();
        for deadline in &page {
            for stage in settings.notice.stages(calendar, (deadline.since, deadline.place.0), now) {
                notes.extend(messages(db, deadline, stage, now));
            }
        }
        made += tell_new(db, settings, notes).await?;
        match page.last() {
            Some(last) if page.len() as u64 == PAGE => after = Some(last.place),
            _ => return Ok(made),
        }
    }
}

/// What was told before is left out before anything is written: most of what is due was told long ago.
async fn tell_new(db: &Db, settings: &Settings, mut notes: Vec<message_note::Model>) -> Outcome<u64> {
    if notes.is_empty() {
        return Ok(0);
    }
    let told = store::notes::told_before(db, notes.iter().map(|note| note.once.clone()).collect()).await?;
    notes.retain(|note| !told.contains(&note.once));
    if notes.is_empty() {
        return Ok(0);
    }
    db.keep_books(async |books: &Books<'_>| follower::tell(books, settings, notes).await).await
}

fn messages(db: &Db, deadline: &Deadline, stage: Stage, now: DateTime<Utc>) -> Vec<message_note::Model> {
    let audiences: &[Audience] = if stage == Stage::Over { &deadline.over } else { &deadline.holders };
    let due = deadline.place.0;
    let message = |audience: &Audience| message_note::Model {
        id: MessageId(db.clock().id()),
        agency: audience.agency.clone(),
        person: audience.person.clone(),
        scope: audience.scope.clone(),
        kind: MessageKind::Deadline,
        name: stage.name().to_owned(),
        subject: deadline.subject.clone(),
        event_id: None,
        once: format!("due/{}/{}/{}/{}", deadline.subject, due.timestamp(), stage.word(), audience.word()),
        params: deadline.params.clone(),
        at: now,
        due_at: Some(due),
    };
    audiences.iter().map(message).collect()
}
