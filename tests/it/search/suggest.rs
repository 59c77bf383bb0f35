//! Completing what somebody types.

use serde_json::{Value, json};

use super::{by_text, fill, nodes};
use crate::{both, support::world::Client};

async fn suggested(client: &Client, text: &str) -> Vec<String> {
    let found = client.data("query ($t: String!) { suggest(text: $t) { text kind by } }", json!({ "t": text })).await;
    let all = found["suggest"].as_array().cloned().unwrap_or_default();
    all.iter().filter_map(|one| one["text"].as_str().map(str::to_owned)).collect()
}

both! {
    async fn the_last_word_is_completed_to_what_goes_with_the_others(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        let found = suggested(&client, "柴油车 光吸").await;
        assert_eq!(found.first().map(String::as_str), Some("柴油车 光吸收系数"), "{found:?}");
        assert!(suggested(&client, "柴油车 菌落").await.is_empty(), "nobody counts colonies in cars");
    }

    async fn the_year_of_a_standard_is_completed(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        for typed in ["GB 5009.12-20", "gb5009.12-2", "GB 5009.12-201"] {
            let found = suggested(&client, typed).await;
            assert!(found.iter().any(|text| text == "GB 5009.12-2017"), "{typed}: {found:?}");
            assert!(found.iter().all(|text| text.contains("5009.12-2")), "{typed}: {found:?}");
        }
        assert!(!suggested(&client, "GB 5009.12").await.is_empty());
    }

    async fn typing_errors_are_put_right(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        for typed in ["formaldehide", "formadlehyde"] {
            let found = suggested(&client, typed).await;
            assert!(found.iter().any(|text| text.contains("甲醛")), "{typed}: {found:?}");
        }
        let found = by_text(&client, "junluzongshu").await;
        assert_eq!(nodes(&found)[0]["scope"]["parameter"], "菌落总数", "a letter is missing in the pinyin");
    }

    async fn equipment_is_found_by_place_and_says_what_is_unknown(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        let asked = async |text: &str| {
            let query = "query ($t: String) { equipmentSearch(text: $t) { totalCount unknown words { text } nodes { equipment { lab { region { code } } } } } }";
            client.data(query, json!({ "t": text })).await["equipmentSearch"].clone()
        };
        let found = asked("hplc").await;
        let all = found["totalCount"].as_i64().unwrap_or(0);
        let mut sum = 0;
        for (name, code) in [("广东", "44"), ("山东", "37"), ("福建", "35"), ("广西", "45"), ("海南", "46")] {
            let here = asked(&format!("hplc {name}")).await;
            sum += here["totalCount"].as_i64().unwrap_or(0);
            let is_here = |node: &Value| node["equipment"]["lab"]["region"]["code"].as_str().is_some_and(|of| of.starts_with(code));
            assert!(nodes(&here).iter().all(is_here), "{name}: {here:#}");
        }
        assert!(all > 0 && sum == all, "each of {all} is in one province");
        let found = asked("hplc qwertyuiop").await;
        assert_eq!((found["totalCount"].as_i64(), &found["unknown"]), (Some(all), &json!(["qwertyuiop"])));
        assert_eq!(asked("qwertyuiop").await["totalCount"], 0);
        assert_ne!(asked("chromatogrph").await["totalCount"], 0, "a letter is missing");
    }
}
