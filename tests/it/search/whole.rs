//! What a search says as a whole: its numbers add up, its pages fit together, and what it calls available is so.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{fill, nodes, scopes};
use crate::both;

both! {
    async fn numbers_are_those_of_the_register(w: World) {
        fill(w, 40, 2_000).await;
        let client = w.client("GD", "officer");
        let facets = "{ scopeSearch(where: { anyStanding: true }) { totalCount facets {
            field { value count } agency { code count } region { code count } scheme { scheme count } standard(first: 1000) { value count } labCount } } }";
        let found = client.data(facets, json!({})).await["scopeSearch"].clone();
        let register = client.data("{ scopes { totalCount } }", json!({})).await;
        assert_eq!(found["totalCount"], register["scopes"]["totalCount"]);
        for facet in ["field", "agency", "region", "scheme", "standard"] {
            let sum: i64 = found["facets"][facet].as_array().expect("slices").iter().filter_map(|one| one["count"].as_i64()).sum();
            assert_eq!(Some(sum), found["totalCount"].as_i64(), "{facet}");
        }
        for slice in found["facets"]["field"].as_array().expect("slices") {
            let asked = json!({ "f": slice["value"] });
            let count = client.data("query($f: String) { scopes(where: { field: { eq: $f } }) { totalCount } }", asked.clone()).await;
            assert_eq!(count["scopes"]["totalCount"], slice["count"], "{slice}");
            let narrowed = client.data("query($f: [String!]) { scopeSearch(where: { anyStanding: true, field: $f }) { totalCount } }", json!({ "f": [slice["value"]] })).await;
            assert_eq!(narrowed["scopeSearch"]["totalCount"], slice["count"]);
        }
        for slice in found["facets"]["region"].as_array().expect("slices") {
            let asked = json!({ "r": [slice["code"]] });
            let narrowed = client.data("query($r: [String!]) { scopeSearch(where: { anyStanding: true, region: $r }) { totalCount facets { region(level: CITY, first: 100) { count } } } }", asked).await;
            assert_eq!(narrowed["scopeSearch"]["totalCount"], slice["count"], "{slice}");
        }
    }

    async fn pages_fit_together_while_the_index_moves(w: World) {
        fill(w, 40, 2_000).await;
        let client = w.client("GD", "officer");
        for by in ["RELEVANCE", "TURNAROUND", "SOONEST"] {
            let mut seen = BTreeSet::new();
            let (mut after, mut count) = (Value::Null, 0);
            loop {
                let page = scopes(&client, json!({ "text": "食品", "by": by, "first": 37, "after": after })).await;
                for node in nodes(&page) {
                    assert!(seen.insert(node["scope"]["id"].to_string()), "a line twice: {node}");
                }
                count = count.max(page["totalCount"].as_i64().unwrap_or(0));
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
                after = page["pageInfo"]["endCursor"].clone();
                if seen.len() == 37 {
                    // Lines that have nothing to do with it come and go.
                    crate::api::Desk::new(w).await;
                    w.indexed().await;
                }
            }
            assert_eq!(i64::try_from(seen.len()).ok(), Some(count), "{by}");
            let back = client.data("query($by: SearchOrder) { scopeSearch(text: \"食品\", orderBy: $by, last: 5) { pageInfo { hasPreviousPage hasNextPage } nodes { scope { id } } } }", json!({ "by": by })).await;
            let last: Vec<String> = nodes(&back["scopeSearch"]).iter().map(|node| node["scope"]["id"].to_string()).collect();
            assert_eq!(last.len(), 5);
            assert!(last.iter().all(|id| seen.contains(id)));
            if by == "RELEVANCE" { break }
        }
    }

    async fn the_same_is_found_whichever_way_the_lines_are_gone_through(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "editor");
        // Backward pages go through the lines by what is tested, forward ones by who holds them where these are few.
        let query = "query($t: String, $w: SearchWhere, $first: Int, $last: Int, $after: String, $before: String) {
            scopeSearch(text: $t, where: $w, first: $first, last: $last, after: $after, before: $before) { totalCount
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { score scope { id } }
            facets { field { value count } agency { code count } standard(first: 1000) { value count } labCount } } }";
        let near = json!({ "point": { "longitude": 113.3, "latitude": 23.1 }, "withinKm": 300 });
        let asked = [
            json!({ "w": { "region": ["440000"] } }),
            json!({ "w": { "agency": ["GD", "HI"] } }),
            json!({ "t": "检测", "w": {} }),
            json!({ "t": "食品 中心", "w": {} }),
            json!({ "w": { "near": near } }),
        ];
        for round in 0..2 {
            let mut found = 0;
            for variables in &asked {
                let with = |more: Value| {
                    let mut all = variables.clone();
                    all.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("an object"));
                    all
                };
                let (mut forward, mut backward) = (Vec::new(), Vec::new());
                let mut page = client.data(query, with(json!({ "first": 150 }))).await["scopeSearch"].clone();
                let mut back = client.data(query, with(json!({ "last": 150 }))).await["scopeSearch"].clone();
                assert_eq!((&page["totalCount"], &page["facets"]), (&back["totalCount"], &back["facets"]), "{variables}");
                loop {
                    forward.extend(nodes(&page).to_vec());
                    backward.splice(0..0, nodes(&back).to_vec());
                    if page["pageInfo"]["hasNextPage"] == false { break }
                    let after = json!({ "first": 150, "after": page["pageInfo"]["endCursor"] });
                    page = client.data(query, with(after)).await["scopeSearch"].clone();
                    let before = json!({ "last": 150, "before": back["pageInfo"]["startCursor"] });
                    back = client.data(query, with(before)).await["scopeSearch"].clone();
                }
                found += usize::from(!forward.is_empty());
                assert_eq!(forward, backward, "{variables}");
                assert_eq!(page["totalCount"], forward.len());
            }
            assert!(found >= 4, "{found} of them find anything");
            if round == 0 {
                // And once more with lines that were taken out.
                let page = client.data(query, json!({ "w": { "agency": ["GD"] }, "first": 40 })).await["scopeSearch"].clone();
                let withdraw = "mutation($id: ID!) { scopeWithdraw(id: $id, reason: \"取消\", on: \"2026-11-01\") { id } }";
                for node in nodes(&page).iter().step_by(2) {
                    client.data(withdraw, json!({ "id": node["scope"]["id"] })).await;
                }
                w.indexed().await;
                let then = client.data(query, json!({ "w": { "agency": ["GD"] }, "first": 40 })).await["scopeSearch"].clone();
                let count = |page: &Value| page["totalCount"].as_i64().expect("a number");
                assert_eq!(count(&then), count(&page) - 20);
            }
        }
    }

    async fn what_is_called_available_is_so(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("SD", "officer");
        let window = |all: bool| json!({ "available": { "from": "2026-11-24", "to": "2026-12-10", "includeUnavailable": all } });
        let free = scopes(&client, json!({ "text": "食品", "where": window(false), "first": 200 })).await;
        let all = scopes(&client, json!({ "text": "食品", "where": window(true), "first": 200 })).await;
        assert!(!nodes(&free).is_empty());
        assert!(nodes(&free).iter().all(|node| node["available"] == true && node["exclusions"] == json!([])));
        let first_not = nodes(&all).iter().position(|node| node["available"] == false).expect("some are not");
        assert!(nodes(&all)[first_not..].iter().all(|node| node["available"] == false), "they stand behind the others");
        assert!(nodes(&all)[first_not..].iter().all(|node| !node["exclusions"].as_array().is_none_or(Vec::is_empty)));
        let ids: Vec<&Value> = nodes(&all).iter().map(|node| &node["scope"]["id"]).collect();
        let told = client.data("query($s: [ID!]) { availability(scopes: $s, window: { from: \"2026-11-24\", to: \"2026-12-10\" }) {
            scopes { available exclusions { reason from } scope { id } } } }", json!({ "s": ids })).await;
        for (node, one) in nodes(&all).iter().zip(told["availability"]["scopes"].as_array().expect("lines")) {
            assert_eq!(node["scope"]["id"], one["scope"]["id"]);
            assert_eq!((&node["available"], &node["exclusions"]), (&one["available"], &one["exclusions"]));
        }
    }

    async fn what_is_done_first_stands_first(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("SD", "officer");
        let query = "query($w: SearchWhere) { scopeSearch(where: $w, orderBy: SOONEST, first: 100) {
            nodes { offered { leadDays turnaroundDays readyOn later: readyOn(from: \"2026-12-31\") } } } }";
        let window = json!({ "available": { "from": "2026-11-24", "to": "2026-12-10" } });
        let found = client.data(query, json!({ "w": window })).await["scopeSearch"].clone();
        let terms: Vec<&Value> = nodes(&found).iter().map(|node| &node["offered"]).collect();
        let days: Vec<&str> = terms.iter().filter_map(|one| one["readyOn"].as_str()).collect();
        assert!(days.len() > 10 && days.is_sorted(), "{days:?}");
        for (terms, from, day) in [(terms[0], "2026-11-24", "readyOn"), (terms[0], "2026-12-31", "later")] {
            let count = terms["leadDays"].as_i64().zip(terms["turnaroundDays"].as_i64()).map(|(lead, work)| lead + work);
            let due = "query($f: Date!, $d: Int!) { workdayAdd(from: $f, days: $d) { date } }";
            let due = client.data(due, json!({ "f": from, "d": count })).await;
            assert_eq!(terms[day], due["workdayAdd"]["date"]);
        }
    }

    async fn a_basket_is_covered(w: World) {
        fill(w, 120, 8_000).await;
        let client = w.client("GD", "officer");
        let plan = "query($items: [CoverageItemInput!]!, $prefer: CoveragePreference!) { coveragePlan(items: $items, prefer: $prefer,
            window: { from: \"2026-11-24\", to: \"2026-12-05\" }, near: { region: \"440100\" }) {
            candidateLabs uncovered { item lineCount exclusions { lineCount exclusion { reason from } } }
            plans { optimal totalKm readyOn uncovered labs { id } assignments { item readyOn lab { id } hit { available grade scope { parameter lab { id } } } } } } }";
        let items = json!([
            { "parameter": "铅", "object": "大米", "quantity": 20 }, { "parameter": "镉", "quantity": 20 },
            { "standard": "GB 5009.3" }, { "parameter": "没有这个参数" },
        ]);
        for prefer in ["FEWEST_LABS", "NEAREST", "SOONEST"] {
            let found = client.data(plan, json!({ "items": items, "prefer": prefer })).await["coveragePlan"].clone();
            let best = &found["plans"][0];
            let given: Vec<i64> = best["assignments"].as_array().expect("assignments").iter().filter_map(|one| one["item"].as_i64()).collect();
            let left: Vec<i64> = best["uncovered"].as_array().expect("items").iter().filter_map(Value::as_i64).collect();
            assert_eq!(given.iter().chain(&left).copied().collect::<BTreeSet<_>>(), (0..4).collect(), "{found:#}");
            assert!(left.contains(&3));
            for one in best["assignments"].as_array().expect("assignments") {
                assert_eq!(one["lab"]["id"], one["hit"]["scope"]["lab"]["id"]);
                assert_eq!(one["hit"]["available"], true);
            }
            let nobody = found["uncovered"].as_array().expect("items");
            assert!(nobody.iter().any(|one| one["item"] == 3 && one["lineCount"] == 0), "{found:#}");
        }
    }

    async fn equipment_and_completions(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        let found = client.data("query($w: SearchWhere) { equipmentSearch(text: \"气相色谱\", where: $w) { totalCount
            nodes { score available equipment { nameZh } } facets { class { value count } agency { code count } } } }", json!({})).await;
        let found = &found["equipmentSearch"];
        assert!(found["totalCount"].as_i64() > Some(0), "{found:#}");
        assert!(nodes(found).iter().all(|node| node["equipment"]["nameZh"].as_str().is_some_and(|name| name.contains("气相色谱"))), "{found:#}");
        let sum: i64 = found["facets"]["agency"].as_array().expect("slices").iter().filter_map(|one| one["count"].as_i64()).sum();
        assert_eq!(Some(sum), found["totalCount"].as_i64());
        for (typed, wanted) in [("菌", "菌落总数"), ("junluo", "菌落总数"), ("jlzs", "菌落总数"), ("GB/T5009.1", "GB 5009.12"), ("gb 5009.1", "GB 5009.12"), ("lead", "铅")] {
            let found = client.data("query($t: String!) { suggest(text: $t, first: 50) { kind text by id } }", json!({ "t": typed })).await;
            let texts: Vec<&Value> = found["suggest"].as_array().expect("completions").iter().map(|one| &one["text"]).collect();
            assert!(texts.contains(&&json!(wanted)), "{typed}: {texts:?}");
        }
    }
}
