//! How questions are understood: what is passed over, put right, and taken as a list.

use serde_json::{Value, json};

use super::{by_text, fill, nodes, scopes};
use crate::both;

fn texts(of: &Value) -> Vec<&str> {
    of.as_array().into_iter().flatten().filter_map(|one| one.as_str().or_else(|| one["text"].as_str())).collect()
}

both! {
    async fn what_means_nothing_is_passed_over_and_said(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        let lead = by_text(&client, "铅").await["totalCount"].clone();
        let found = by_text(&client, "qwertyuiop 铅的检测").await;
        assert_eq!((&found["totalCount"], &found["understood"]["relaxed"]), (&lead, &json!(false)));
        assert_eq!(texts(&found["understood"]["passedOver"]), ["的", "检测", "qwertyuiop"]);
        let found = by_text(&client, "qwertyuiop GB 38900-2020").await;
        assert!(nodes(&found).iter().all(|hit| hit["grade"] != "SAME_PARAMETER") && found["totalCount"] != 0);
        let found = by_text(&client, "qwertyuiop").await;
        assert_eq!(found["totalCount"], 0, "nothing that is known was asked for");
        let found = scopes(&client, json!({ "text": "铅", "where": { "object": "qwertyuiop" } })).await;
        assert!(nodes(&found).is_empty() || found["understood"]["relaxed"] == true, "a condition is not passed over");
    }

    async fn mistyped_words_and_syllables_are_told_as_they_were_meant(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        for (text, meant, way) in [("formaldehide", "formaldehyde", "NEARLY"), ("jia quan", "jia quan", "PINYIN")] {
            let found = by_text(&client, text).await;
            assert_eq!(texts(&found["understood"]["words"]), [meant]);
            assert_eq!(nodes(&found)[0]["factors"][0]["way"], way, "{text}: {:#}", nodes(&found)[0]);
            assert!(nodes(&found)[0]["highlights"].as_array().is_some_and(|all| !all.is_empty()), "{text} is shown");
        }
    }

    async fn names_of_parameters_are_a_list(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        let parameters = async |text: &str| {
            let found = scopes(&client, json!({ "text": text, "first": 200 })).await;
            assert_eq!(found["understood"]["relaxed"], false, "{text}");
            let mut names: Vec<String> =
                nodes(&found).iter().filter_map(|hit| hit["scope"]["parameter"].as_str().map(str::to_owned)).collect();
            names.sort_unstable();
            names.dedup();
            (found["totalCount"].as_u64(), names)
        };
        let (all, names) = parameters("柴油车 光吸收系数、林格曼黑度").await;
        let (first, _) = parameters("柴油车 光吸收系数").await;
        let (second, _) = parameters("柴油车 林格曼黑度").await;
        assert!(names.iter().any(|name| name == "光吸收系数") && names.iter().any(|name| name == "林格曼黑度"), "{names:?}");
        assert!(all > first && all > second && all <= first.zip(second).map(|(one, two)| one + two));
    }
}
