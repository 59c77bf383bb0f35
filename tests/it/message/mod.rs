//! Messages to people, over HTTP as they read them, and over SMTP as they get them.

mod digest;
mod inbox;
mod mail;
mod prefer;
mod remind;
mod rules;
mod smtp;

use entity::{enums::Visibility, ids::AgencyCode};
use labpact::{
    config::Config,
    message::{deadline::Surroundings, follower, reminder},
    platform::db::{Event, Tx},
    request,
};
use serde_json::{Value, json};

use self::smtp::Post;
use crate::{
    platform::act,
    support::{
        base::Backend,
        contract,
        world::{Client, World},
    },
};

/// Runs each test on both databases, in a world that mails to a server of the test.
macro_rules! mailed {
    ($(async fn $name:ident($world:ident: World, $post:ident: Post $(, $change:expr)?) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn body($world: &$crate::support::world::World, $post: &$crate::message::smtp::Post) $body

            #[test]
            fn sqlite() {
                let changes: &[fn(&mut labpact::config::Config)] = &[$($change)?];
                $crate::message::run($crate::support::base::Backend::Sqlite, changes, async |w, p| body(w, p).await);
            }

            #[test]
            fn postgres() {
                let changes: &[fn(&mut labpact::config::Config)] = &[$($change)?];
                $crate::message::run($crate::support::base::Backend::Postgres, changes, async |w, p| body(w, p).await);
            }
        }
    )*};
}
pub(crate) use mailed;

/// A test in a world that mails to a server of the test.
fn run(backend: Backend, changes: &[fn(&mut Config)], test: impl AsyncFnOnce(&World, &Post)) {
    let (listener, address) = smtp::listener();
    let configure = |config: &mut Config| {
        (config.message.poll_milliseconds, config.message.look_milliseconds) = (20, 20);
        (config.mail.host, config.mail.port) = (address.ip().to_string(), address.port());
        config.mail.tls = labpact::message::settings::MailTls::None;
        config.mail.from = "labpact@example.gov.cn".to_owned();
        config.mail.base_url = "https://labpact.example.gov.cn/".to_owned();
        config.mail.link = "https://desk.example.gov.cn/open?id={id}".to_owned();
        for change in changes {
            change(config);
        }
    };
    World::run_with(backend, configure, async |w| {
        let post = Post::open(listener);
        test(w, &post).await;
    });
}

/// Takes the feed, and messages behind it, to their end.
async fn followed(w: &World) {
    w.advance_feed().await;
    follower::follow(&w.db, w.app.messages.settings()).await.expect("followed");
}

/// What the loop does that looks at what is due.
async fn reminded(w: &World) {
    let around = Surroundings {
        deadlines: request::deadline::all(),
        calendar: |db| Box::pin(labpact::directory::calendar::store::calendar(db)),
    };
    reminder::remind(&w.db, w.app.messages.settings(), &around).await.expect("reminded");
}

/// Something happens.
async fn happens(w: &World, name: &'static str, agency: &str, data: Value) {
    let agency: AgencyCode = agency.into();
    let (subject, data) = (contract::subject(name, 1), contract::whole(name, data));
    let event = Event { name, subject, agency, visibility: Visibility::Own, data };
    w.db.write(&act(), async |tx: &mut Tx| {
        tx.emit(event);
        Ok(())
    })
    .await
    .expect("written");
    followed(w).await;
}

const FIELDS: &str = "id kind name title text subject eventId toYouAlone scope at dueAt readAt";

/// The messages of somebody, the newest first.
async fn messages(of: &Client, filter: Value) -> Vec<Value> {
    let query = format!("query($w: MessageWhere) {{ messages(where: $w, first: 200) {{ nodes {{ {FIELDS} }} }} }}");
    let data = of.data(&query, json!({ "w": filter })).await;
    data["messages"]["nodes"].as_array().expect("a list").clone()
}

/// The names of the messages of somebody, the newest first.
async fn names(of: &Client) -> Vec<String> {
    messages(of, json!({})).await.iter().map(|row| row["name"].as_str().expect("text").to_owned()).collect()
}

/// Chooses how somebody is written to.
async fn choose(of: &Client, input: Value) -> Value {
    let query = "mutation($i: MessagePreferencesInput!) { messagePreferencesSet(input: $i) { messagePreferences {
        version email emailConfirmedAt emailFailure language digestHour digestWorkdays kinds { kind delivery } } } }";
    of.data(query, json!({ "i": input })).await["messagePreferencesSet"]["messagePreferences"].clone()
}

/// Confirms an address by the code in the last mail to it.
async fn confirmed(post: &Post, of: &Client, email: &str, more: Value) {
    let before = post.mails().len();
    choose(of, crate::api::over(json!({ "email": email }), more)).await;
    let mails = post.wait(before + 1).await;
    let mail = mails.iter().rev().find(|mail| mail.to == [email]).expect("a code");
    let confirm = "mutation($c: String!) { emailConfirm(code: $c) { messagePreferences { emailConfirmedAt } } }";
    let data = of.data(confirm, json!({ "c": mail.code() })).await;
    assert!(data["emailConfirm"]["messagePreferences"]["emailConfirmedAt"].is_string());
}

/// The last mails to somebody as they see them, the newest first.
async fn mails(of: &Client) -> Vec<Value> {
    let query = "{ messagePreferences { mails { purpose address status attempts answer sentAt nextAt } } }";
    let data = of.data(query, json!({})).await;
    data["messagePreferences"]["mails"].as_array().expect("a list").clone()
}

/// Resolves once the last mail to somebody has come so far; it.
async fn last_mail(of: &Client, status: &str) -> Value {
    let looked = async {
        loop {
            if let Some(last) = mails(of).await.into_iter().next().filter(|last| last["status"] == status) {
                return last;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), looked).await.unwrap_or_else(|_| panic!("never {status}"))
}
