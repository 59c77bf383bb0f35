//! Events: who hears of what, from where on, and that nothing is missed.

mod catalogue;
mod envelope;
mod nodes;
mod resume;

use futures_util::StreamExt;
use labpact::{
    identity::config::Anonymous,
    notify::{
        model::{Position, Wanted},
        service::{self, Follow},
    },
    platform::access::Visible,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    api::{institution, lab},
    both,
    http::peer::Peer,
    support::{base::Backend, world::World},
};

/// Resolves once it holds.
pub async fn until(holds: impl Fn() -> bool) {
    let look = async {
        let mut tick = tokio::time::interval(std::time::Duration::from_millis(5));
        while !holds() {
            tick.tick().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), look).await.expect("it holds in time");
}

async fn position(w: &World) -> String {
    let told = w.client("GD", "officer").data("{ eventsPosition }", json!({})).await;
    told["eventsPosition"].as_str().expect("text").to_owned()
}

/// Follows with the arguments as they stand in the document.
async fn follow(peer: &mut Peer, id: &str, arguments: &str) {
    let fields = "id position name subject agency visibility data";
    peer.ask(id, &format!("subscription {{ events({arguments}) {{ {fields} }} }}")).await;
}

async fn event(peer: &mut Peer, id: &str) -> Value {
    let result = peer.result(id).await;
    assert!(result.get("errors").is_none(), "{result:#}");
    result["data"]["events"].clone()
}

both! {
    async fn what_is_committed_is_told(w: World) {
        let start = position(w).await;
        let mut peer = Peer::of(w, "GD", "officer").await;
        follow(&mut peer, "1", &format!("after: \"{start}\"")).await;
        let made = institution(&w.client("GD", "editor"), json!({ "code": "I1", "visibility": "PUBLIC" })).await;
        let told = event(&mut peer, "1").await;
        assert_eq!(told["name"], "institution.changed.v1");
        assert_eq!((&told["subject"], &told["agency"]), (&json!(made), &json!("agency:GD")));
        assert_eq!(told["visibility"], "PUBLIC");
        assert_eq!(told["data"]["institutionId"], json!(made));
    }

    async fn who_comes_back_misses_nothing_and_hears_nothing_twice(w: World) {
        let gd = w.client("GD", "editor");
        let mut last = position(w).await;
        let mut heard = Vec::new();
        let mut made = Vec::new();
        for round in 0..3 {
            // One while nobody listens, one while somebody does.
            made.push(institution(&gd, json!({ "code": format!("A{round}") })).await);
            let mut peer = Peer::of(w, "GD", "officer").await;
            follow(&mut peer, "1", &format!("after: \"{last}\"")).await;
            made.push(institution(&gd, json!({ "code": format!("B{round}") })).await);
            for _ in 0..2 {
                let told = event(&mut peer, "1").await;
                last = told["position"].as_str().expect("text").to_owned();
                heard.push(told["subject"].as_str().expect("text").to_owned());
            }
        }
        assert_eq!(heard, made);
    }

    async fn each_hears_what_it_may_see(w: World) {
        let start = position(w).await;
        let gd = w.client("GD", "editor");
        for visibility in ["OWN", "PARTNER", "PUBLIC"] {
            institution(&gd, json!({ "code": visibility, "visibility": visibility })).await;
        }
        for (agency, expected) in [("GD", &["OWN", "PARTNER", "PUBLIC"][..]), ("SD", &["PARTNER", "PUBLIC"])] {
            let mut peer = Peer::of(w, agency, "officer").await;
            follow(&mut peer, "1", &format!("after: \"{start}\"")).await;
            for visibility in expected {
                assert_eq!(event(&mut peer, "1").await["visibility"], **visibility, "{agency}");
            }
        }
        // Live as well: the first that the other agency hears of is the second that is made.
        let mut peer = Peer::of(w, "SD", "officer").await;
        follow(&mut peer, "1", &format!("after: \"{}\"", position(w).await)).await;
        institution(&gd, json!({ "code": "O2", "visibility": "OWN" })).await;
        let made = institution(&gd, json!({ "code": "P2", "visibility": "PARTNER" })).await;
        assert_eq!(event(&mut peer, "1").await["subject"], json!(made));
    }

    async fn only_what_is_asked_for_comes(w: World) {
        let start = position(w).await;
        let gd = w.client("GD", "editor");
        let first = institution(&gd, json!({ "code": "I1" })).await;
        let second = institution(&gd, json!({ "code": "I2" })).await;
        let made = lab(&gd, &second, json!({ "code": "L1" })).await;
        let other = institution(&w.client("SD", "editor"), json!({ "code": "I1", "region": "370100" })).await;
        let mut peer = Peer::of(w, "GD", "officer").await;
        let cases = [
            ("{ names: [\"lab.changed.v1\", \"lab.retired.v1\"] }".to_owned(), &made),
            (format!("{{ subject: \"{second}\" }}"), &second),
            ("{ agency: \"agency:SD\" }".to_owned(), &other),
            ("{ names: [\"institution.changed.v1\"], agency: \"agency:GD\" }".to_owned(), &first),
        ];
        for (at, (filter, expected)) in cases.iter().enumerate() {
            follow(&mut peer, &at.to_string(), &format!("after: \"{start}\", where: {filter}")).await;
            assert_eq!(event(&mut peer, &at.to_string()).await["subject"], json!(expected), "{filter}");
            peer.say(json!({ "type": "complete", "id": at.to_string() })).await;
            // Drains what the last one may still have said.
            peer.say(json!({ "type": "ping" })).await;
            while peer.hear().await["type"] != "pong" {}
        }
    }

    async fn an_unknown_position_is_told_as_such(w: World) {
        let mut peer = Peer::of(w, "GD", "officer").await;
        for unknown in [Position::new(1_000_000, b"12345678"), Position::new(1, b"12345678")] {
            follow(&mut peer, "1", &format!("after: \"{unknown}\"")).await;
            assert_eq!(peer.error("1").await, "POSITION_UNKNOWN");
        }
        follow(&mut peer, "1", "after: \"nonsense\"").await;
        assert_eq!(peer.error("1").await, "INVALID");
        for unknown in ["{ agency: \"lab:x\" }", "{ names: [\"lab.changed.v1\", \"lab.chnaged.v1\"] }"] {
            follow(&mut peer, "1", &format!("where: {unknown}")).await;
            assert_eq!(peer.error("1").await, "INVALID", "{unknown}");
        }
    }
}

#[test]
fn the_anonymous_hear_what_is_public() {
    let opened = |config: &mut labpact::config::Config| config.identity.anonymous = Anonymous::PublicDirectory;
    World::run_with(Backend::Sqlite, opened, async |w| {
        let start = position(w).await;
        let gd = w.client("GD", "editor");
        institution(&gd, json!({ "code": "A", "visibility": "PARTNER" })).await;
        let public = institution(&gd, json!({ "code": "B", "visibility": "PUBLIC" })).await;
        let mut peer = Peer::open(w).await;
        peer.say(json!({ "type": "connection_init" })).await;
        peer.hear().await;
        follow(&mut peer, "1", &format!("after: \"{start}\"")).await;
        assert_eq!(event(&mut peer, "1").await["subject"], json!(public));
    });
}

#[test]
fn who_falls_behind_is_cut_off_and_told_where_to_go_on() {
    World::run_with(
        Backend::Sqlite,
        |config| config.notify.buffer = 1,
        async |w| {
            let follow = || Follow {
                db: w.db.clone(),
                hub: w.app.events.clone(),
                visible: Visible::All,
                wanted: Wanted::default(),
            };
            let mut slow = Box::pin(service::events(follow(), None).await.expect("follows").1);
            for at in 0..3 {
                let mut peer = Box::pin(service::events(follow(), None).await.expect("follows").1);
                institution(&w.client("GD", "editor"), json!({ "code": format!("I{at}") })).await;
                assert!(peer.next().await.expect("an event").is_ok(), "who reads in time is told");
            }
            let kept = slow.next().await.expect("what is in its queue").expect("is told");
            let fault = slow.next().await.expect("an end").expect_err("cut off");
            assert_eq!(fault.code(), "EVENTS_LAGGED");
            assert!(format!("{fault:?}").contains(&kept.position.to_string()), "{fault:?}");
            assert!(slow.next().await.is_none());
        },
    );
}

proptest! {
    #[test]
    fn positions_are_read_as_they_were_written(seq in 0..i64::MAX, hash in any::<[u8; 32]>()) {
        let position = Position::new(seq, &hash);
        prop_assert_eq!(Position::parse(&position.to_string(), "after").expect("reads"), position);
    }

    #[test]
    fn other_text_is_no_position(text in "\\PC{0,40}") {
        if let Ok(position) = Position::parse(&text, "after") {
            prop_assert_eq!(position.to_string(), text);
        }
    }
}
