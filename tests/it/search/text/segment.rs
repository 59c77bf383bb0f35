//! Chinese words.

use std::sync::LazyLock;

use labpact::search::text::{
    fold::folded,
    han::runs,
    segment::{Segmenter, is_stop},
    synonym::Synonyms,
};
use proptest::prelude::*;

static SEGMENTER: LazyLock<Segmenter> = LazyLock::new(|| Segmenter::new(Synonyms::shipped().names()));

fn words(text: &str) -> String {
    SEGMENTER.words(text).into_iter().map(|word| &text[word]).collect::<Vec<_>>().join("/")
}

#[test]
fn the_field_s_words_are_whole() {
    let cases = [
        ("婴幼儿配方乳粉中三聚氰胺的测定", "婴幼儿配方乳粉/中/三聚氰胺/的/测定"),
        ("大米铅", "大米/铅"),
        ("饮用水菌落总数", "饮用水/菌落总数"),
        ("茶叶中吡虫啉啶虫脒", "茶叶/中/吡虫啉/啶虫脒"),
        ("蔬菜丙溴磷残留", "蔬菜/丙溴磷/残留"),
        ("水质化学需氧量", "水质/化学需氧量"),
        ("混凝土抗压强度检测", "混凝土/抗压强度/检测"),
        ("烯酰吗啉", "烯酰吗啉"),
        ("谁能测乳粉", "谁/能测/乳粉"),
        ("铅b1镉", "铅/镉"),
        ("", ""),
    ];
    for (text, wanted) in cases {
        assert_eq!(words(text), wanted, "{text}");
    }
}

#[test]
fn names_are_found_in_glued_text() {
    let names = |text: &str| {
        let text = folded(text);
        let found = Synonyms::shipped().occurrences(&text, &SEGMENTER.words(&text));
        found
            .into_iter()
            .map(|(range, concept)| format!("{}={}", &text[range], concept.names[0].text))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let cases = [
        ("婴幼儿配方奶粉中三聚氰胺的测定", "婴幼儿配方奶粉=婴幼儿配方乳粉 三聚氰胺=三聚氰胺"),
        ("大米铅镉", "大米=大米 铅=铅 镉=镉"),
        ("贵金属矿", ""),
        ("金属材料布氏硬度", "金属材料=金属材料 布氏硬度=布氏硬度"),
        ("Melamine in infant formula", "melamine=三聚氰胺 infant formula=婴幼儿配方乳粉"),
        ("花生油黄曲霉毒素B1gb5009.22", "花生油=花生油 黄曲霉毒素=黄曲霉毒素"),
        ("花生油黄曲霉毒素B1 GB 5009.22", "花生油=花生油 黄曲霉毒素b1=黄曲霉毒素B1"),
        ("土壤苯并(a)芘含量", "土壤=土壤 苯并(a)芘=苯并[a]芘"),
        ("2,4-D残留", "2,4-d=2,4-滴"),
    ];
    for (text, wanted) in cases {
        assert_eq!(names(text), wanted, "{text}");
    }
}

#[test]
fn weightless_words_are_known() {
    for word in ["的", "中", "及", "和", "与", "或", "测定", "检测", "检验", "试验", "方法", "含量"] {
        assert!(is_stop(word), "{word}");
    }
    for word in ["铅", "菌落", "水", ""] {
        assert!(!is_stop(word), "{word}");
    }
}

proptest! {
    #[test]
    fn words_cover_the_runs_of_any_text(text in "[的铅大米三聚氰胺菌落总数水a1 ,\u{20000}〇々é]{0,30}|\\PC{0,30}") {
        let folded = folded(&text);
        let mut at = 0;
        let words = SEGMENTER.words(&folded);
        let mut words = words.iter();
        for run in runs(&folded) {
            at = run.start;
            while at < run.end {
                let word = words.next().expect("a run is covered");
                prop_assert_eq!(word.start, at);
                prop_assert!(folded.get(word.clone()).is_some());
                at = word.end;
            }
            prop_assert_eq!(at, run.end);
        }
        prop_assert!(words.next().is_none());
        let found = Synonyms::shipped().occurrences(&folded, &SEGMENTER.words(&folded));
        prop_assert!(found.windows(2).all(|pair| pair[0].0.end <= pair[1].0.start));
        prop_assert!(at <= folded.len());
    }
}
