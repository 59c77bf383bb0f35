//! Pinyin.

use labpact::search::text::{
    fold::folded,
    pinyin::{PinyinKind, initials, matches, spellings, syllables, typed},
};
use proptest::prelude::*;

fn read(text: &str) -> String {
    syllables(&folded(text)).into_iter().map(|(_, syllable)| syllable).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_field_s_words_are_read_rightly() {
    let cases = [
        ("三聚氰胺", "san ju qing an"),
        ("重金属", "zhong jin shu"),
        ("铬", "ge"),
        ("镉", "ge"),
        ("车长", "che chang"),
        ("断后伸长率", "duan hou shen chang lv"),
        ("调味品", "tiao wei pin"),
        ("集中空调通风系统", "ji zhong kong tiao tong feng xi tong"),
        ("乐果", "le guo"),
        ("氧乐果", "yang le guo"),
        ("人参", "ren shen"),
        ("参数", "can shu"),
        ("吡虫啉", "bi chong lin"),
        ("嘧菌酯", "mi jun zhi"),
        ("啶虫脒", "ding chong mi"),
        ("除虫脲", "chu chong niao"),
        ("总砷", "zong shen"),
        ("硒", "xi"),
        ("炔螨特", "que man te"),
        ("薯片", "shu pian"),
        ("还原糖", "huan yuan tang"),
        ("输出量重复性", "shu chu liang chong fu xing"),
        ("重量偏差", "zhong liang pian cha"),
        ("热轧带肋钢筋", "re zha dai lei gang jin"),
        ("弹性模量", "tan xing mo liang"),
        ("回弹仪", "hui tan yi"),
        ("行车制动", "xing che zhi dong"),
        ("绿脓杆菌", "lv nong gan jun"),
        ("铝", "lv"),
        ("苯并芘", "ben bing bi"),
        ("咯菌腈", "luo jun jing"),
        ("噁喹酸", "e kui suan"),
        ("胡萝卜素", "hu luo bo su"),
        ("单桩竖向抗压承载力", "dan zhuang shu xiang kang ya cheng zai li"),
        ("坍落度", "tan luo du"),
        ("混凝土", "hun ning tu"),
        ("溴氰菊酯", "xiu qing ju zhi"),
        ("厦门", "xia men"),
        ("番禺", "pan yu"),
        ("东莞", "dong guan"),
    ];
    for (text, wanted) in cases {
        assert_eq!(read(text), wanted, "{text}");
    }
}

#[test]
fn spellings_begin_at_each_character() {
    assert_eq!(spellings("三聚氰胺"), ["an", "juqingan", "qingan", "sanjuqingan"]);
    assert_eq!(initials("三聚氰胺"), ["a", "jqa", "qa", "sjqa"]);
    assert_eq!(spellings("铝"), ["lu", "lv"]);
    assert!(spellings("铬(六价)").contains(&"geliujia".to_owned()));
    assert!(spellings("黄曲霉毒素b1").contains(&"huangqumeidusub1".to_owned()));
    assert!(initials("黄曲霉毒素b1").contains(&"hqmdsb1".to_owned()));
    assert!(spellings("pm2.5").is_empty());
    assert!(spellings(&"铅".repeat(5000)).iter().all(|term| term.len() <= 4 * 32));
}

#[test]
fn typed_letters_match_whole_syllables() {
    use PinyinKind::{Full, Initials};
    // typed, text, what is matched, whole, kind, partial
    let cases = [
        ("sanjuqingan", "三聚氰胺", "三聚氰胺", true, Full, false),
        ("san ju qing an", "三聚氰胺", "三聚氰胺", true, Full, false),
        ("San'Ju qingan", "三聚氰胺", "三聚氰胺", true, Full, false),
        ("sanjuq", "三聚氰胺", "三聚氰", false, Full, true),
        ("qingan", "三聚氰胺", "氰胺", false, Full, false),
        ("sjqa", "三聚氰胺", "三聚氰胺", true, Initials, false),
        ("jq", "三聚氰胺", "聚氰", false, Initials, false),
        ("junluo", "菌落总数", "菌落", false, Full, false),
        ("lvlizi", "氯离子", "氯离子", true, Full, false),
        ("lulizi", "氯离子", "氯离子", true, Full, false),
        ("lüsuanyan", "氯酸盐", "氯酸盐", true, Full, false),
        ("geliujia", "铬(六价)", "铬(六价", true, Full, false),
        ("huangqumeidusub1", "黄曲霉毒素b1", "黄曲霉毒素b1", true, Full, false),
        ("qian", "铅", "铅", true, Full, false),
    ];
    for (typed, text, wanted, whole, kind, partial) in cases {
        let found = matches(typed, text).unwrap_or_else(|| panic!("{typed} {text}"));
        let answer = (&text[found.span.clone()], found.whole, found.kind, found.partial);
        assert_eq!(answer, (wanted, whole, kind, partial), "{typed} {text}");
    }
    for (typed, text) in [
        ("xi an", "先"),
        ("anju", "三聚氰胺"),
        ("", "铅"),
        ("铅", "铅"),
        ("sanjux", "三聚氰胺"),
        ("pm", "pm2.5"),
        ("qianx", "铅"),
    ] {
        assert_eq!(matches(typed, text), None, "{typed} {text}");
    }
}

#[test]
fn what_was_typed_is_a_prefix() {
    assert_eq!(typed("San Ju'qing").as_deref(), Some("sanjuqing"));
    assert_eq!(typed("lüse").as_deref(), Some("lvse"));
    assert_eq!(typed("三聚"), None);
    assert_eq!(typed(" "), None);
}

proptest! {
    #[test]
    fn anything_has_syllables_on_borders(text in any::<String>()) {
        let folded = folded(&text);
        for (span, syllable) in syllables(&folded) {
            prop_assert!(folded.get(span).is_some());
            prop_assert!(!syllable.is_empty() && syllable.bytes().all(|byte| byte.is_ascii_lowercase()));
        }
        spellings(&folded);
        initials(&folded);
    }

    #[test]
    fn every_spelling_matches_its_text(text in "[三聚氰胺铝绿重复还原调查乐果长度b1,(]{1,12}") {
        for term in spellings(&text) {
            prop_assert!(matches(&term, &text).is_some(), "{} {}", term, text);
        }
        for term in initials(&text) {
            prop_assert!(matches(&term, &text).is_some_and(|found| text.get(found.span).is_some()), "{} {}", term, text);
        }
    }

    #[test]
    fn nothing_typed_breaks(typed in any::<String>(), text in any::<String>()) {
        if let Some(found) = matches(&typed, &folded(&text)) {
            prop_assert!(folded(&text).get(found.span).is_some());
        }
    }
}
