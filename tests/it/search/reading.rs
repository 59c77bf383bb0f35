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
        assert_eq!((&found["totalCount"], &found["understood"]["relaxed"]), (&lead, &json!(true)));
        assert_eq!(texts(&found["understood"]["passedOver"]), ["的", "检测"]);
        assert_eq!(texts(&found["understood"]["unknown"]), ["qwertyuiop"]);
        let found = by_text(&client, "qwertyuiop GB 38900-2020").await;
        assert!(nodes(&found).iter().all(|hit| hit["grade"] != "SAME_PARAMETER") && found["totalCount"] != 0);
        let found = by_text(&client, "qwertyuiop").await;
        assert_eq!(found["totalCount"], 0, "nothing that is known was asked for");
        assert_eq!(texts(&found["understood"]["unknown"]), ["qwertyuiop"]);
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

    async fn a_clause_may_stand_before_its_number(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        let behind = by_text(&client, "菌落总数 GB 4789.2-2022 第一法").await;
        for text in ["菌落总数 第一法 GB 4789.2-2022", "第一法 菌落总数 GB 4789.2-2022", "第1法 GB 4789.2-2022 菌落总数"] {
            let found = by_text(&client, text).await;
            assert_eq!(found["totalCount"], behind["totalCount"], "{text}");
            assert_eq!(texts(&found["understood"]["words"]), ["菌落总数"], "{text}");
            assert_eq!(nodes(&found)[0]["grade"], "EXACT");
        }
    }

    async fn a_number_that_is_glued_to_a_word_is_seen(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        for (text, word, number) in [
            ("PbGB5009.12-2023", "pb", "GB 5009.12-2023"),
            ("铅 GB 5009. 12-2023", "铅", "GB 5009.12-2023"),
            ("铅 GB-T 5009.12-2017", "铅", "GB/T 5009.12-2017"),
            ("铅 国标5009.12", "铅", "GB 5009.12"),
        ] {
            let found = by_text(&client, text).await;
            assert_eq!(texts(&found["understood"]["words"]), [word], "{text}: {:#}", found["understood"]);
            assert_eq!(found["understood"]["standards"][0]["number"], number, "{text}");
            assert_eq!(nodes(&found)[0]["scope"]["standardKey"], "GB 5009.12", "{text}");
        }
    }

    async fn words_give_way_to_a_standard_and_it_is_said(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        // Both are known; no line of this standard has the other in it.
        let found = by_text(&client, "ICP-MS GB 38900-2020").await;
        assert!(nodes(&found).iter().any(|hit| hit["grade"] == "EXACT"), "{found:#}");
        assert_eq!(found["understood"]["relaxed"], true);
        assert!(nodes(&found).iter().all(|hit| hit["grade"] != "SAME_PARAMETER"));
    }

    async fn a_fragment_is_not_the_word(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        for word in ["自行车", "防水"] {
            let found = by_text(&client, word).await;
            let known = texts(&found["understood"]["words"]).contains(&word) && found["totalCount"] != 0;
            assert!(known || found["totalCount"] == 0, "{word}: {:#}", found["understood"]);
        }
        let found = by_text(&client, "铅玩火自焚").await;
        assert_eq!(found["understood"]["relaxed"], true, "{:#}", found["understood"]);
        let told = texts(&found["understood"]["unknown"]).concat();
        assert!(told.contains("自焚"), "what is left out is told: {told}");
        let found = scopes(&client, json!({ "where": { "object": "玩火的食品" } })).await;
        assert_eq!((&found["totalCount"], texts(&found["understood"]["unknown"]).is_empty()), (&json!(0), false));
    }

    async fn a_standard_in_the_conditions_must_be_cited(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        let grades = async |asked: Value| {
            let found = scopes(&client, asked).await;
            let mut grades: Vec<String> = nodes(&found).iter().filter_map(|hit| hit["grade"].as_str().map(str::to_owned)).collect();
            grades.sort_unstable();
            grades.dedup();
            grades
        };
        let strict = grades(json!({ "text": "铅", "where": { "standard": ["GB 5009.12-2023"] }, "first": 200 })).await;
        assert!(!strict.is_empty() && !strict.contains(&"SAME_PARAMETER".to_owned()), "{strict:?}");
        let other = json!({ "text": "铅", "where": { "standard": ["GB 5009.12-2023"], "grade": ["SAME_PARAMETER"] }, "first": 200 });
        assert_eq!(grades(other).await, ["SAME_PARAMETER"]);
    }

    async fn another_method_is_for_the_same_parameter_in_the_same_object(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        let found = scopes(&client, json!({ "text": "大米 铅 GB 5009.12-2023", "first": 200 })).await;
        assert_eq!(found["understood"]["relaxed"], false);
        for hit in nodes(&found).iter().filter(|hit| hit["grade"] == "SAME_PARAMETER") {
            let named: Vec<&str> = hit["factors"].as_array().into_iter().flatten().filter_map(|one| one["about"].as_str()).collect();
            assert!(named.contains(&"大米") && named.contains(&"铅"), "{hit:#}");
        }
    }

    async fn words_do_not_give_way_to_conditions_of_place_or_time(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        let both = "柴油车 光吸收系数";
        assert_ne!(by_text(&client, both).await["totalCount"], 0);
        for condition in [json!({ "agency": ["XX"] }), json!({ "field": ["没有"] }), json!({ "near": { "point": { "longitude": 0.0, "latitude": 0.0 }, "withinKm": 1 } })] {
            let found = scopes(&client, json!({ "text": both, "where": condition })).await;
            assert_eq!((&found["totalCount"], &found["understood"]["relaxed"]), (&json!(0), &json!(false)), "{condition}");
        }
    }

    async fn where_nothing_is_at_a_place_the_nearest_stand_first(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        let asked = "query ($t: String) { scopeSearch(text: $t, first: 200) { understood { relaxed } nodes { score distanceKm } } }";
        // A small town in which no demonstration lab tests this.
        let found = client.data(asked, json!({ "t": "三沙市 铅 大米" })).await["scopeSearch"].clone();
        assert_eq!(found["understood"]["relaxed"], true);
        let places: Vec<(i64, f64)> = nodes(&found).iter().filter_map(|hit| Some((-hit["score"].as_i64()?, hit["distanceKm"].as_f64()?))).collect();
        assert!(!places.is_empty() && places.is_sorted_by(|one, other| one.partial_cmp(other).is_some_and(std::cmp::Ordering::is_le)), "{places:?}");
    }
}
