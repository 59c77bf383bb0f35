//! Letting go of what has had its time: in small batches, and the chain says so.

use std::time::Duration;

use chrono::TimeDelta;
use entity::{feed, outbox};
use labpact::{
    audit::retention::{Plan, Rule, run_once},
    config::{Config, RetentionConfig},
    platform::{
        fault::Fault,
        retention::{Kept, OWN},
    },
};
use sea_orm::EntityTrait;
use serde_json::json;

use super::{broken, by_hand, events, person, whole};
use crate::{both, platform::act, support::world::World};

fn plan(rules: Vec<Rule>, batch: u64) -> Plan {
    Plan { rules, batch, pause: Duration::ZERO, every: None }
}

async fn contents(w: &World) -> u64 {
    w.db.count(outbox::Entity::find()).await.expect("counted")
}

both! {
    async fn old_events_go_and_the_chain_says_so(w: World) {
        events(w, 25).await;
        let old = contents(w).await;
        w.clock.advance(TimeDelta::days(40));
        events(w, 7).await;
        let entries = w.db.count(feed::Entity::find()).await.expect("counted");
        let plan = plan(vec![Rule::events(30)], 10);
        assert_eq!(run_once(&w.db, &plan).await.expect("let go"), [("outbox", old)]);
        assert_eq!(contents(w).await, 7);
        let verdict = whole(w).await;
        assert_eq!((verdict.broken, verdict.chain.pruned), (None, old));
        assert_eq!(verdict.chain.entries, entries + 1, "the act itself is an entry");
        assert_eq!(run_once(&w.db, &plan).await.expect("nothing to do"), []);

        // What is gone beyond that is found, also where somebody only says that it may.
        let last = verdict.chain.next - 2;
        by_hand(w, &format!("DELETE FROM outbox WHERE id = (SELECT ref_id FROM feed WHERE seq = {last})")).await;
        assert_eq!(broken(w).await, Some((last, "CONTENT_MISSING")));
        by_hand(w, &format!("UPDATE pruned SET to_seq = {last}")).await;
        assert!(broken(w).await.is_some());
    }

    async fn the_next_round_goes_on_where_the_last_one_ended(w: World) {
        for _ in 0..3 {
            events(w, 12).await;
            w.clock.advance(TimeDelta::days(10));
        }
        let plan = plan(vec![Rule::events(15)], 5);
        run_once(&w.db, &plan).await.expect("let go");
        assert_eq!(contents(w).await, 12);
        w.clock.advance(TimeDelta::days(10));
        events(w, 1).await;
        assert_eq!(run_once(&w.db, &plan).await.expect("let go"), [("outbox", 12)]);
        let verdict = whole(w).await;
        assert_eq!((verdict.broken, contents(w).await), (None, 1));
    }

    async fn changes_go_where_they_are_told_to_and_the_acts_stay(w: World) {
        let (_, person) = person(w).await;
        let erase = "mutation($id: ID!) { personalDataErase(id: $id, reason: \"x\") { id } }";
        w.client("GD", "administrator").data(erase, json!({ "id": person })).await;
        w.advance_feed().await;
        w.clock.advance(TimeDelta::days(400));
        events(w, 1).await;
        run_once(&w.db, &plan(vec![Rule::events(365), Rule::changes(365)], 10)).await.expect("let go");
        w.clock.advance(TimeDelta::days(400));
        run_once(&w.db, &plan(vec![Rule::events(365), Rule::changes(365)], 10)).await.expect("let go");
        let left: Vec<Left> = w.db.sql("SELECT DISTINCT entity FROM change ORDER BY entity", Vec::new()).await.expect("read");
        assert_eq!(left.into_iter().map(|row| row.entity).collect::<Vec<_>>(), ["erasure", "pruned"]);
        let verdict = whole(w).await;
        assert_eq!(verdict.broken, None);
        assert!(verdict.chain.pruned > 10);
        let history = "query($id: ID!) { history(id: $id) { totalCount } }";
        let told = w.client("GD", "auditor").data(history, json!({ "id": person })).await;
        assert_eq!(told["history"]["totalCount"], 0);
    }

    async fn spans_of_nothing_keep_for_ever(w: World) {
        person(w).await;
        w.clock.advance(TimeDelta::days(10_000));
        let plan = plan(vec![Rule::events(0), Rule::changes(0), Rule::rows(OWN[0], 0)], 10);
        assert_eq!(run_once(&w.db, &plan).await.expect("nothing to do"), []);
    }

    async fn first_answers_and_readings_have_their_time(w: World) {
        let make = "mutation($i: InstitutionCreateInput!, $k: String) { institutionCreate(input: $i, idempotencyKey: $k) { institution { id } } }";
        for at in 0..12 {
            let input = json!({ "code": format!("I{at}"), "nameZh": "机构", "region": "440100" });
            w.client("GD", "editor").data(make, json!({ "i": input, "k": format!("k{at}") })).await;
            w.clock.advance(TimeDelta::days(1));
        }
        let plan = plan(OWN.iter().map(|kept| Rule::rows(*kept, 6)).collect(), 4);
        assert_eq!(run_once(&w.db, &plan).await.expect("let go"), [("idempotency", 6)]);
        assert_eq!(whole(w).await.broken, None);
    }

    /// The writer asks while a long letting-go is under way, and finds that one batch more has gone at most.
    async fn a_writer_waits_for_one_batch_at_most(w: World) {
        events(w, 400).await;
        let old = contents(w).await;
        w.clock.advance(TimeDelta::days(40));
        let plan = plan(vec![Rule::events(30)], 20);
        let letting_go = async {
            run_once(&w.db, &plan).await.expect("let go");
            contents(w).await
        };
        let writing = async {
            let mut seen = Vec::new();
            while contents(w).await > 0 {
                let before = contents(w).await;
                let during = w.db.write(&act(), async |tx| {
                    let row = crate::platform::institution(tx, &format!("W{}", seen.len()));
                    tx.insert(row).await?;
                    let rows: Vec<Count> = tx.sql("SELECT COUNT(*) AS count FROM outbox", Vec::new()).await?;
                    Ok(rows[0].count.unsigned_abs())
                }).await.expect("written");
                seen.push((before, during));
            }
            seen
        };
        let (left, seen) = tokio::join!(letting_go, writing);
        assert_eq!(left, 0);
        assert!(seen.len() > 2, "the writer had its turns in between: {seen:?}");
        if w.db.dialect() == labpact::platform::db::Dialect::Sqlite {
            // Between asking and its turn lies what was under way when it asked, and the next batch where the two crossed.
            assert!(seen.iter().all(|(before, during)| before - during <= 40), "{old}: {seen:?}");
        }
    }

    async fn two_nodes_do_it_once(w: World) {
        events(w, 50).await;
        let old = contents(w).await;
        w.clock.advance(TimeDelta::days(40));
        let plan = plan(vec![Rule::events(30)], 10);
        let both = futures_util::future::join_all((0..3).map(|_| run_once(&w.db, &plan))).await;
        let gone: u64 = both.into_iter().flat_map(|told| told.expect("let go")).map(|(_, count)| count).sum();
        assert_eq!((gone, contents(w).await), (old, 0));
        let spans: Vec<Count> = w.db.sql("SELECT COUNT(*) AS count FROM pruned", Vec::new()).await.expect("read");
        assert_eq!(spans[0].count, 1);
        assert_eq!(whole(w).await.broken, None);
    }
}

#[test]
fn spans_of_other_tables_are_named_in_the_configuration() {
    let other = Kept { table: "delivery", time: "at", span: "deliveries_days", days: 30 };
    let mut config = RetentionConfig::default();
    config.more.insert("deliveries_days".to_owned(), 7);
    let plan = config.plan(&[OWN[0], OWN[1], other]).expect("a plan");
    assert_eq!(plan.rules.len(), 5);
    config.more.insert("deliverys".to_owned(), 7);
    let Err(Fault::Invalid(problems)) = config.plan(&[OWN[0], other]) else { panic!("an unknown key is refused") };
    assert_eq!(problems[0].path, "retention.more.deliverys");
    assert!(problems[0].message.contains("deliveries_days"), "{problems:?}");
    assert_eq!(Config::default().retention.plan(&OWN).expect("a plan").every, Some(Duration::from_secs(3_600)));
}

#[derive(sea_orm::FromQueryResult)]
struct Left {
    entity: String,
}

#[derive(sea_orm::FromQueryResult)]
struct Count {
    count: i64,
}
