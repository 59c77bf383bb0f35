//! Whatever happens, in whatever order, to whoever looks: the copy is what the API shows.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::Kept;
use crate::{
    api::{Desk, annex, equipment, lab, line, signatory},
    both,
    capacity::{act, draft, testing},
    request::lasting,
    support::world::{Client, World},
};

/// Numbers that come the same in every run.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("small") % most
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Objects whose visibility, dates and names are moved about.
struct Things {
    gd: Client,
    nouns: Vec<(&'static str, String)>,
    lines: Vec<String>,
    offerings: Vec<String>,
}

async fn things(w: &World) -> Things {
    let desk = Desk::new(w).await;
    let gd = lasting(w, "GD", "editor");
    let second = lab(&gd, &desk.institution, json!({ "code": "L2" })).await;
    let cover = "mutation($c: ID!, $l: ID!) { certificateCover(id: $c, lab: $l) { certificate { id } } }";
    gd.data(cover, json!({ "c": desk.certificate, "l": second })).await;
    let lines = (0..6).map(|at| line(&format!("5.{at}"), json!({}))).collect();
    let (_, mut lines) = annex(&gd, &desk.certificate, &desk.lab, lines).await;
    lines.push(desk.line.clone());
    let mut nouns = vec![
        ("institution", desk.institution.clone()),
        ("lab", desk.lab.clone()),
        ("lab", second.clone()),
        ("certificate", desk.certificate.clone()),
    ];
    for (at, site) in [&desk.lab, &second, &desk.lab].into_iter().enumerate() {
        nouns.push(("equipment", equipment(&gd, site, json!({ "assetCode": format!("E{at}") })).await));
        nouns.push(("signatory", signatory(&gd, site, json!({ "code": format!("S{at}") })).await));
    }
    let mut offerings = Vec::new();
    for (at, shown) in ["PARTNER", "OWN", "PUBLIC"].into_iter().enumerate() {
        let of = testing(&format!("O{at}"), &desk.lab, json!({ "visibility": shown }));
        offerings.push(draft(&gd, of).await);
    }
    Things { gd, nouns, lines, offerings }
}

impl Things {
    /// Does something; whether it was allowed does not matter.
    async fn happen(&self, drawn: &mut Drawn) {
        let shown = *drawn.of(&["OWN", "PARTNER", "PUBLIC", "PARTNER"]);
        match drawn.below(7) {
            0..=2 => {
                let (noun, id) = drawn.of(&self.nouns);
                let mut input = json!({ "visibility": shown });
                if matches!(*noun, "certificate" | "equipment") && drawn.below(3) == 0 {
                    input["effectiveFrom"] = json!(format!("2026-12-{:02}", 1 + drawn.below(9)));
                }
                let kind = format!("{}{}EditInput", noun[..1].to_uppercase(), &noun[1..]);
                self.send(
                    &format!(
                        "mutation($id: ID!, $i: {kind}!) {{ {noun}Edit(id: $id, input: $i) {{ {noun} {{ id }} }} }}"
                    ),
                    json!({ "id": id, "i": input }),
                )
                .await;
            }
            3 => {
                let id = drawn.of(&self.lines);
                let query =
                    format!("mutation($id: ID!) {{ scopeShow(id: $id, visibility: {shown}) {{ scope {{ id }} }} }}");
                self.send(&query, json!({ "id": id })).await;
            }
            4 => {
                let id = drawn.of(&self.lines);
                let mut input = json!({ "visibility": shown, "remarks": format!("{}", drawn.below(100)) });
                if drawn.below(2) == 0 {
                    input["effectiveFrom"] = json!(format!("2026-12-{:02}", 1 + drawn.below(9)));
                }
                let query =
                    "mutation($id: ID!, $i: ScopeEditInput!) { scopeEdit(id: $id, input: $i) { scope { id } } }";
                self.send(query, json!({ "id": id, "i": input })).await;
            }
            5 if drawn.below(3) == 0 => {
                let id = drawn.of(&self.lines);
                let query = "mutation($id: ID!, $on: Date) { scopeWithdraw(id: $id, reason: \"x\", on: $on) { id } }";
                let on = json!(format!("2026-12-{:02}", 1 + drawn.below(9)));
                self.send(query, json!({ "id": id, "on": on })).await;
            }
            _ => {
                let id = drawn.of(&self.offerings);
                let to = format!("visibility: {shown}");
                let named = "visibility: OWN, shownTo: [\"SD\"]".to_owned();
                let (verb, more) = drawn.of(&[("Show", to), ("Activate", String::new()), ("Show", named)]).clone();
                act(&self.gd, verb, id, &more).await;
            }
        }
    }

    async fn send(&self, query: &str, variables: Value) {
        let answer = self.gd.send(query, variables).await;
        let code = answer.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
        assert!(!code.starts_with("GRAPHQL") && code != "INTERNAL", "{query}\n{:#}", answer.body);
    }
}

both! {
    async fn the_copy_is_what_the_api_shows(w: World) {
        let things = things(w).await;
        w.advance_feed().await;
        let mut drawn = Drawn(20_261_123);
        let callers = [lasting(w, "SD", "officer"), lasting(w, "GD", "officer"), lasting(w, "FJ", "officer")];
        let mut copies: Vec<Kept> = callers.iter().map(|_| Kept::default()).collect();
        for round in 0..24 {
            for _ in 0..drawn.below(6) {
                things.happen(&mut drawn).await;
            }
            if drawn.below(4) == 0 {
                w.clock.advance(TimeDelta::hours(20));
            }
            w.advance_feed().await;
            for (client, kept) in callers.iter().zip(&mut copies) {
                let first = *drawn.of(&[1, 2, 5, 200]);
                // Somebody may stop in the middle.
                if drawn.below(3) == 0 {
                    kept.step(client, first).await;
                    continue;
                }
                // The walk through all divisions in pages of one takes long.
                kept.keep_up(client, if round < 3 { 200 } else { first }).await;
                kept.is_true(client).await;
            }
        }
    }
}
