//! How well questions are answered: judged queries over one filled register, asked through the real API.
//!
//! `tests/relevance/README.md` says how was judged.

mod figures;
mod judged;
mod register;
mod rule;

use std::{collections::BTreeMap, io::Write};

use serde_json::json;

use self::{
    judged::{Judged, judged},
    register::Line,
};
use super::{SCOPES, nodes};
use crate::support::{
    base::Backend,
    world::{Client, World},
};

/// Below this mean nDCG@10 the suite fails.
const LEAST_MEAN: f64 = 0.90;
/// Below this no single query may fall: what is asked for would not stand among the first, or be mixed with as much that
/// is useless.
const LEAST: f64 = 0.5;

/// What a query came to.
struct Measured<'a> {
    query: &'a Judged,
    ndcg: f64,
    recall: Option<f64>,
    first: String,
}

#[test]
fn questions_are_answered_well() {
    World::run(Backend::Sqlite, async |world| {
        register::fill(world).await;
        let client = world.client("GD", "officer");
        let lines = register::lines(&client).await;
        let queries = judged(&lines);
        let mut measured = Vec::with_capacity(queries.len());
        for query in &queries {
            measured.push(measure(&client, &lines, query).await);
        }
        report(&measured);
        hold(&measured);
    });
}

async fn measure<'a>(client: &Client, lines: &[Line], query: &'a Judged) -> Measured<'a> {
    let found = client.data(SCOPES, json!({ "text": query.text, "first": 10 })).await["scopeSearch"].clone();
    for hit in nodes(&found) {
        let points: i64 =
            hit["factors"].as_array().expect("factors").iter().filter_map(|one| one["points"].as_i64()).sum();
        assert_eq!(hit["score"].as_i64(), Some(points), "{}: the factors make the score: {hit:#}", query.text);
    }
    let found: Vec<Line> = nodes(&found).iter().map(register::line).collect();
    let mut ideal: Vec<u32> = lines.iter().map(|line| query.grade(line)).filter(|grade| *grade > 0).collect();
    ideal.sort_unstable_by_key(|grade| std::cmp::Reverse(*grade));
    let grades: Vec<u32> = found.iter().map(|line| query.grade(line)).collect();
    let recall = match &query.recall {
        Some(rule) => {
            let wanted: Vec<&Line> = lines.iter().filter(|line| rule.holds(line)).collect();
            let (total, all) = register::all(client, Some(&query.text)).await;
            assert_eq!(total, all.len(), "{}: the pages hold what is counted", query.text);
            let ids: std::collections::HashSet<&str> = all.iter().map(|line| line.id.as_str()).collect();
            assert_eq!(ids.len(), all.len(), "{}: no line comes twice", query.text);
            let there = wanted.iter().filter(|line| ids.contains(line.id.as_str())).count();
            Some(figures::ratio(there, wanted.len()))
        }
        None => None,
    };
    let first = found.first().map_or_else(|| "nothing".to_owned(), |line| line.to_string());
    Measured { query, ndcg: figures::ndcg(&grades, &ideal), recall, first }
}

/// Prints every query, and the means whatever the harness captures.
#[expect(clippy::print_stdout, reason = "this is what the harness shows on demand")]
fn report(measured: &[Measured<'_>]) {
    let mut kinds: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for one in measured {
        let recall = one.recall.map_or("    -".to_owned(), |recall| format!("{recall:5.3}"));
        println!("{:5.3}  {recall}  {:18}  {}  →  {}", one.ndcg, one.query.kind, one.query.text, one.first);
        kinds.entry(&one.query.kind).or_default().push(one.ndcg);
    }
    let mut out = std::io::stderr().lock();
    let mut say = |text: String| writeln!(out, "{text}").expect("standard error is open");
    for (kind, ndcg) in &kinds {
        say(format!("relevance: {kind:18} {:3} queries  nDCG@10 {:.3}", ndcg.len(), figures::mean(ndcg)));
    }
    let ndcg: Vec<f64> = measured.iter().map(|one| one.ndcg).collect();
    let recall: Vec<f64> = measured.iter().filter_map(|one| one.recall).collect();
    say(format!(
        "relevance: {} queries, mean nDCG@10 {:.3}; {} of exact standards, mean recall {:.3}",
        ndcg.len(),
        figures::mean(&ndcg),
        recall.len(),
        figures::mean(&recall)
    ));
}

fn hold(measured: &[Measured<'_>]) {
    assert!(measured.len() >= 120, "at least 120 queries are judged");
    let ndcg: Vec<f64> = measured.iter().map(|one| one.ndcg).collect();
    let weak: Vec<_> = measured.iter().filter(|one| one.ndcg < LEAST).map(|one| (&one.query.text, one.ndcg)).collect();
    assert!(weak.is_empty(), "queries that are answered badly: {weak:#?}");
    let mean = figures::mean(&ndcg);
    assert!(mean >= LEAST_MEAN, "mean nDCG@10 is {mean:.3}");
    for one in measured {
        assert!(one.recall.is_none_or(|recall| recall >= 1.0), "{}: recall {:?}", one.query.text, one.recall);
    }
}
