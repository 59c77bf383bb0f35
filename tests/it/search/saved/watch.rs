//! Saved searches that are asked again: their agency hears of what is new, once.

use chrono::TimeDelta;
use entity::{outbox, saved_search_match};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::{DELETE, done, lead, saved};
use crate::{
    api::{Desk, annex, lab, line},
    both,
    request::lasting,
    support::{base::Backend, world::World},
};

/// Lets the minutes pass that a search is left in peace, and asks what is due.
async fn asked(w: &World) -> u64 {
    w.indexed().await;
    w.clock.advance(TimeDelta::minutes(16));
    let watcher = w.app.search_watcher();
    let told = watcher.run().await.expect("asked");
    assert_eq!(watcher.run().await.expect("asked"), 0, "not again at once");
    told
}

/// The payloads of what was told, in order.
async fn told(w: &World) -> Vec<Value> {
    let select = outbox::Entity::find()
        .filter(outbox::Column::Name.eq("savedSearch.matched.v1"))
        .order_by_asc(outbox::Column::Id);
    let rows = w.db.all(select).await.expect("read");
    assert!(rows.iter().all(|row| row.agency.as_str() == "SD" && row.visibility == entity::enums::Visibility::Own));
    rows.into_iter().map(|row| row.data).collect()
}

both! {
    async fn what_is_new_is_told_once(w: World) {
        let desk = Desk::new(w).await;
        let (gd, sd) = (lasting(w, "GD", "editor"), lasting(w, "SD", "officer"));
        let search = saved(&sd, lead("铅", json!({ "notify": true }))).await;
        saved(&sd, lead("silent", json!({}))).await;
        assert_eq!(asked(w).await, 0, "what it finds at first is not news");
        assert_eq!(asked(w).await, 0, "nothing has changed");
        let more = (0..12).map(|at| line(&format!("8.{at:02}"), json!({}))).collect();
        let (_, lines) = annex(&gd, &desk.certificate, &desk.lab, more).await;
        assert_eq!(asked(w).await, 1);
        let news = told(w).await;
        assert_eq!((news.len(), &news[0]["newMatches"], &news[0]["name"]), (1, &json!(12), &json!("铅")));
        let first = news[0]["first"].as_array().expect("ids");
        assert!(first.len() == 10 && first.iter().all(|id| lines.iter().any(|line| json!(line) == *id)));
        // One goes and comes back: it is no news.
        let show = "mutation($id: ID!) { scopeShow(id: $id, visibility: OWN) { scope { id } } }";
        gd.data(show, json!({ "id": lines[0] })).await;
        assert_eq!(asked(w).await, 0);
        gd.data(&show.replace("OWN", "PUBLIC"), json!({ "id": lines[0] })).await;
        assert_eq!(asked(w).await, 0);
        // Of another question the first answer is no news either.
        done(&sd, &search, json!({ "text": "婴幼儿" })).await;
        assert_eq!(asked(w).await, 0);
        sd.data(DELETE, json!({ "id": search })).await;
        assert_eq!(asked(w).await, 0);
        let kept = w.db.all(saved_search_match::Entity::find()).await.expect("read");
        assert_eq!(kept.len(), 0, "what it found goes with it");
    }

    async fn it_is_left_in_peace_between_two_times(w: World) {
        let desk = Desk::new(w).await;
        let sd = w.client("SD", "officer");
        saved(&sd, json!({ "name": "labs", "kind": "LAB", "text": "铅", "notify": true })).await;
        w.indexed().await;
        let watcher = w.app.search_watcher();
        assert_eq!(watcher.run().await.expect("asked"), 0);
        let second = lab(&desk.gd, &desk.institution, json!({ "code": "L2" })).await;
        let cover = "mutation($c: ID!, $l: ID!) { certificateCover(id: $c, lab: $l) { certificate { id } } }";
        desk.gd.data(cover, json!({ "c": desk.certificate, "l": second })).await;
        annex(&desk.gd, &desk.certificate, &second, vec![line("1", json!({}))]).await;
        w.indexed().await;
        w.clock.advance(TimeDelta::minutes(14));
        assert_eq!(watcher.run().await.expect("asked"), 0, "a minute is left");
        w.clock.advance(TimeDelta::minutes(2));
        // Whichever of two nodes takes it.
        let other = w.app.search_watcher();
        let (one, two) = tokio::join!(watcher.run(), other.run());
        assert_eq!(one.expect("asked") + two.expect("asked"), 1);
        assert_eq!(told(w).await[0]["first"], json!([second]));
    }

    async fn items_are_watched_as_well(w: World) {
        let desk = Desk::new(w).await;
        let sd = w.client("SD", "officer");
        saved(&sd, json!({ "name": "items", "kind": "EQUIPMENT", "text": "石墨炉", "notify": true })).await;
        assert_eq!(asked(w).await, 0);
        let item = desk.item("E1").await;
        assert_eq!(asked(w).await, 1);
        assert_eq!(told(w).await[0]["first"], json!([item]));
    }
}

#[test]
fn what_finds_too_much_is_not_watched_until_it_finds_less() {
    World::run_with(
        Backend::Sqlite,
        |config| config.watch.search_matches = 3,
        async |w| {
            let desk = Desk::new(w).await;
            let (gd, sd) = (lasting(w, "GD", "editor"), lasting(w, "SD", "officer"));
            saved(&sd, lead("wide", json!({ "notify": true }))).await;
            assert_eq!(asked(w).await, 0);
            let more = |from: usize| -> Vec<Value> {
                (from..from + 3).map(|at| line(&format!("8.{at}"), json!({}))).collect()
            };
            let (_, lines) = annex(&gd, &desk.certificate, &desk.lab, more(0)).await;
            assert_eq!(asked(w).await, 0, "four are too many");
            let withdraw = "mutation($id: ID!) { scopeWithdraw(id: $id, reason: \"x\") { id } }";
            for id in &lines[..2] {
                gd.data(withdraw, json!({ "id": id })).await;
            }
            assert_eq!(asked(w).await, 0, "this is where it begins again");
            let (_, last) = annex(&gd, &desk.certificate, &desk.lab, more(5).into_iter().take(1).collect()).await;
            assert_eq!(asked(w).await, 1);
            assert_eq!(told(w).await[0]["first"], json!(last));
        },
    );
}
