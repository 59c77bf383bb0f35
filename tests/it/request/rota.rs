//! The rota: who is asked first, and why.

use entity::ids::OfferingId;
use labpact::request::model::rota::{Fit, Match, Standing, ranked};
use serde_json::json;
use uuid::Uuid;

use super::{Sides, lasting};
use crate::{
    api::{annex, certificate, column, institution, lab, line, signatory, text},
    both,
    capacity::{opened, testing},
    support::world::World,
};

fn standing(id: u128, items: &[usize], how: Match, km: f64) -> Standing {
    let fits = items.iter().map(|item| Fit { item: *item, how, limited: false }).collect();
    Standing { offering: OfferingId(Uuid::from_u128(id)), fits, km: Some(km), days: Some(10), load: 0, lately: 0 }
}

fn order(standings: &[Standing], count: usize) -> Vec<(u128, Vec<usize>)> {
    ranked(standings, count).into_iter().map(|one| (one.offering.0.as_u128(), one.items)).collect()
}

#[test]
fn the_match_weighs_most_then_distance_load_and_balance() {
    let far = standing(1, &[0], Match::Exact, 1_500.0);
    let near = standing(2, &[0], Match::SameParameter, 10.0);
    assert_eq!(order(&[near.clone(), far.clone()], 1), [(1, vec![0]), (2, vec![0])]);
    let nearer = standing(3, &[0], Match::Exact, 100.0);
    assert_eq!(order(&[far.clone(), nearer.clone()], 1)[0].0, 3);
    let busy = Standing { load: 9, ..nearer.clone() };
    let also = standing(4, &[0], Match::Exact, 500.0);
    assert_eq!(order(&[busy, also.clone()], 1)[0].0, 4);
    let favoured = Standing { lately: 9, ..nearer };
    assert_eq!(order(&[favoured, also], 1)[0].0, 4);
    let grounds = &ranked(&[far], 1)[0].grounds;
    assert_eq!(column(grounds, "factor"), ["MATCH", "ITEMS", "DISTANCE", "TURNAROUND", "LOAD", "BALANCE"]);
    assert_eq!(grounds[2], json!({ "factor": "DISTANCE", "value": 5.0, "text": "1500 km" }));
}

#[test]
fn items_are_split_where_nobody_takes_all() {
    let both = standing(1, &[0, 1], Match::Exact, 10.0);
    let last = standing(2, &[1, 2], Match::Exact, 10.0);
    let lone = standing(3, &[0], Match::Exact, 0.0);
    assert_eq!(order(&[both, last, lone], 3), [(1, vec![0, 1]), (2, vec![2]), (3, vec![0])]);
    assert!(order(&[], 3).is_empty());
}

/// An offering of an agency whose lab tests lead by a method.
async fn provider(w: &World, agency: &str, method: &str) -> String {
    let editor = w.client(agency, "editor");
    let uscc = json!({ "code": "I1", "visibility": "PUBLIC", "region": "350100", "nameZh": format!("{agency}检测院") });
    let owner = institution(&editor, uscc).await;
    let site = lab(&editor, &owner, json!({ "code": "L1", "visibility": "PUBLIC", "region": "350100" })).await;
    let held =
        certificate(&editor, &owner, &[&site], json!({ "visibility": "PUBLIC", "number": "201300000009" })).await;
    let row = line("1", json!({ "visibility": "PUBLIC", "method": format!("食品中铅的测定 {method}") }));
    annex(&editor, &held, &site, vec![row]).await;
    signatory(&editor, &site, json!({})).await;
    opened(&editor, testing("O1", &site, json!({}))).await
}

both! {
    async fn providers_are_ranked_when_a_draft_is_submitted(w: World) {
        let s = Sides::new(w).await;
        let fj = provider(w, "FJ", "GB 5009.12-2010").await;
        w.indexed().await;
        let rota = json!({ "placement": "ROTA" });
        let request = s.draft(&[], rota.clone()).await;
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        let see = "query($id: ID!) { request(id: $id) { referrals { rank offering { id } status grounds { factor value text } } } }";
        let rows = s.officer.data(see, json!({ "id": request })).await["request"]["referrals"].clone();
        let offered: Vec<String> = rows.as_array().expect("rows").iter().map(|row| text(&row["offering"]["id"])).collect();
        assert_eq!(offered, [s.offering.clone(), fj.clone()]);
        let matched = |at: usize| rows[at]["grounds"][0].clone();
        assert_eq!((matched(0)["text"].clone(), matched(1)["text"].clone()), (json!("EXACT"), json!("OTHER_EDITION")));
        s.approver.done("requestApprove", json!({ "id": request })).await;
        let referral = s.referral(&request, 0).await;
        let theirs = "query($id: ID!) { referral(id: $id) { rank grounds { factor } lastResort } }";
        let seen = s.manager.data(theirs, json!({ "id": referral })).await["referral"].clone();
        assert_eq!(seen, json!({ "rank": null, "grounds": null, "lastResort": null }), "a provider does not see its rank");
        s.manager.done("referralDecline", json!({ "id": referral, "code": "RECUSAL" })).await;
        let next = s.draft(&[], crate::api::over(rota, json!({ "sampledCompany": "另一家" }))).await;
        s.officer.done("requestSubmit", json!({ "id": next })).await;
        let rows = s.officer.data(see, json!({ "id": next })).await["request"]["referrals"].clone();
        let offered: Vec<String> = rows.as_array().expect("rows").iter().map(|row| text(&row["offering"]["id"])).collect();
        assert_eq!(offered, [fj], "whoever has recused itself is left out for a while");
    }

    async fn where_nobody_is_found_the_author_hears_of_it(w: World) {
        let s = Sides::new(w).await;
        w.indexed().await;
        let item = json!({ "parameter": "二噁英", "object": "大米", "quantity": 1, "unit": "样品" });
        let request = s.draft(&[], json!({ "placement": "ROTA", "items": [item] })).await;
        let payload = s.officer.done("requestSubmit", json!({ "id": request, "dryRun": true })).await;
        assert_eq!(column(&payload["blockers"], "code"), ["NO_CANDIDATES", "NO_PROVIDERS"]);
        let named = json!({ "input": { "providers": [{ "offering": s.offering }] }, "id": request });
        assert_eq!(s.officer.blocked("requestEdit", named).await, "INVALID", "a rota names none but the last resort");
        let resort = json!({ "input": { "providers": [{ "offering": s.offering, "lastResort": true }] }, "id": request });
        s.officer.done("requestEdit", resort).await;
        s.officer.done("requestSubmit", json!({ "id": request })).await;
        lasting(w, "SD", "approver").done("requestApprove", json!({ "id": request })).await;
        assert_eq!(s.referrals(&request).await[0]["status"], "SENT");
    }
}
