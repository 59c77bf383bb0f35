//! Finding lines: by Chinese, English and pinyin, by standards in any spelling, and by conditions.

use serde_json::{Value, json};

use super::{by_text, fill, nodes, scopes};
use crate::both;

both! {
    async fn a_parameter_is_found_however_it_is_called(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        let asked = [
            ("铅", "铅"),
            ("Lead", "铅"),
            ("7439-92-1", "铅"),
            ("菌落总数", "菌落总数"),
            ("菌落", "菌落总数"),
            ("junluozongshu", "菌落总数"),
            ("jlzs", "菌落总数"),
            ("aerobic plate count", "菌落总数"),
            ("ＧＢ　４７８９．２", "菌落总数"),
        ];
        for (text, parameter) in asked {
            let found = by_text(&client, text).await;
            let first = nodes(&found).first().unwrap_or_else(|| panic!("{text} finds nothing"));
            assert_eq!(first["scope"]["parameter"], parameter, "{text}");
            assert!(!first["factors"].as_array().is_none_or(Vec::is_empty), "{text}: {first:#}");
        }
    }

    async fn standards_are_recognised_anywhere(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        for text in ["GB/T 5009.12-2017", "gb5009.12-2017", "GB 5009.12—2017", "ＧＢ５００９．１２－２０１７", "5009.12"] {
            let found = by_text(&client, text).await;
            assert!(!nodes(&found).is_empty(), "{text}");
            assert!(nodes(&found).iter().all(|node| node["scope"]["standardKey"] == "GB 5009.12"), "{text}: {found:#}");
        }
        for text in ["铅GB5009.12-2017", "GB/T 5009.12-2017铅", "gb5009.12-2017 铅"] {
            let found = by_text(&client, text).await;
            let first = &nodes(&found)[0];
            assert_eq!((&first["grade"], &first["scope"]["parameter"]), (&json!("EXACT"), &json!("铅")), "{text}");
            let other = nodes(&found).iter().find(|node| node["scope"]["standardKey"] != "GB 5009.12");
            assert!(other.is_none_or(|node| node["grade"] == "SAME_PARAMETER"), "{text}");
        }
    }

    async fn another_edition_is_found_and_marked(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        for (asked, other) in [("GB 5009.12-2023", 2017), ("GB 5009.12-2017", 2023)] {
            let found = scopes(&client, json!({ "where": { "standard": [asked] }, "first": 200 })).await;
            let years: Vec<(&Value, &Value)> =
                nodes(&found).iter().map(|node| (&node["scope"]["standardYear"], &node["grade"])).collect();
            assert!(years.contains(&(&json!(other), &json!("OTHER_EDITION"))), "{asked}: {years:?}");
            assert!(years.contains(&(&json!(asked[11..].parse::<i32>().unwrap_or(0)), &json!("EXACT"))), "{asked}: {years:?}");
            let exact = years.iter().rposition(|(_, grade)| *grade == "EXACT");
            let rest = years.iter().position(|(_, grade)| *grade != "EXACT");
            assert!(exact < rest, "the exact edition stands first: {years:?}");
            let only = json!({ "where": { "standard": [asked], "grade": ["EXACT"] }, "first": 200 });
            let found = scopes(&client, only).await;
            assert!(nodes(&found).iter().all(|node| node["grade"] == "EXACT"));
        }
    }

    async fn conditions_hold_whatever_the_text_says(w: World) {
        fill(w, 60, 3_000).await;
        let client = w.client("GD", "officer");
        let lead = scopes(&client, json!({ "where": { "parameter": "铅" }, "first": 200 })).await;
        // No line of lead is of a microbe: then the words of the text may give way, and the condition may not.
        let both = scopes(&client, json!({ "text": "菌落总数", "where": { "parameter": "铅" }, "first": 200 })).await;
        for found in [&lead, &both] {
            assert!(!nodes(found).is_empty());
            // By its other names and by what it is part of as well.
            let by_parameter = |node: &Value| node["factors"].as_array().is_some_and(|factors| {
                factors.iter().any(|factor| factor["name"] == "PARAMETER" && factor["about"] == "铅")
            });
            assert!(nodes(found).iter().all(by_parameter), "{found:#}");
        }
        let none = scopes(&client, json!({ "where": { "parameter": "铅", "object": "玩火自焚" } })).await;
        assert_eq!(none["totalCount"], 0);
    }
}
