//! Looking back: the chain, its checkpoints and files, the past of objects, and what is erased or let go.

mod chain;
mod checkpoint;
mod erase;
mod file;
mod history;
mod links;
mod protected;
mod retention;

use labpact::{
    audit::service::verify::{Span, Verdict, verify},
    platform::{
        access::{Actor, Caller},
        db::Event,
    },
};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::{
    api::{Desk, signatory},
    platform::act,
    support::{contract, world::World},
};

/// The operator at the console.
pub fn operator() -> Caller {
    Caller::new(Actor::system(None, "cli:audit"), "cli:audit")
}

/// The verdict on the whole chain.
pub async fn whole(w: &World) -> Verdict {
    w.advance_feed().await;
    verify(&w.db, &operator(), Span::WHOLE, &[]).await.expect("verified")
}

/// The first break, as entry and code.
pub async fn broken(w: &World) -> Option<(i64, &'static str)> {
    whole(w).await.broken.map(|broken| (broken.seq, broken.flaw.code()))
}

/// Changes the database behind the program's back.
#[expect(clippy::disallowed_methods, reason = "this is what the program must notice")]
pub async fn by_hand(w: &World, statement: &str) {
    let db = sea_orm::Database::connect(w.app.config.database.url.as_str()).await.expect("the database opens");
    db.execute_unprepared(statement).await.expect("the statement is valid");
    db.close().await.expect("the connections close");
}

/// Events about nothing in particular.
pub async fn events(w: &World, count: usize) {
    w.db.write(&act(), async |tx| {
        for at in 0..count {
            tx.emit(Event {
                name: "institution.changed.v1",
                subject: format!("institution:{at}"),
                agency: "GD".into(),
                visibility: entity::enums::Visibility::Partner,
                data: contract::whole("institution.changed.v1", json!({ "code": at.to_string() })),
            });
        }
        Ok(())
    })
    .await
    .expect("committed");
    w.advance_feed().await;
}

/// A desk with a signatory of GD, whose name was edited once.
pub async fn person(w: &World) -> (Desk, String) {
    let desk = Desk::new(w).await;
    let person = signatory(&desk.gd, &desk.lab, json!({ "visibility": "PARTNER" })).await;
    let edit = "mutation($id: ID!) { signatoryEdit(id: $id, input: { name: \"陈晓明明\", title: \"高级工程师\" }) { signatory { id } } }";
    desk.gd.data(edit, json!({ "id": person })).await;
    w.advance_feed().await;
    (desk, person)
}
