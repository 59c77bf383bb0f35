//! Synonyms.

use labpact::demo::{MARK_EN, MARK_ZH, Plan, Size};
use labpact::search::text::{
    concept::{Lang, Subject, is_cas},
    fold::folded,
    latin::is_stop,
    synonym::Synonyms,
};
use proptest::prelude::*;

fn zh(name: &str) -> Vec<String> {
    Synonyms::shipped().concepts(&folded(name)).map(|concept| concept.names[0].text.clone()).collect()
}

#[test]
fn every_name_finds_the_same_thing() {
    for name in ["三聚氰胺", "melamine", "MELAMINE", "蜜胺", "108-78-1", "１０８－７８－１"] {
        assert_eq!(zh(name), ["三聚氰胺"], "{name}");
    }
    for name in ["苯并[a]芘", "苯并（a）芘", "BaP", "benzo(a)pyrene", "50-32-8", "苯并芘"] {
        assert_eq!(zh(name), ["苯并[a]芘"], "{name}");
    }
    let cases = [
        ("GC", "气相色谱仪"),
        ("gas chromatograph", "气相色谱仪"),
        ("pH", "pH值"),
        ("Vitamin C", "维生素C"),
        ("抗坏血酸", "维生素C"),
        ("infant formula", "婴幼儿配方乳粉"),
        ("绿脓杆菌", "铜绿假单胞菌"),
        ("铬（六价）", "六价铬"),
        ("COD", "化学需氧量"),
        ("甜蜜素", "环己基氨基磺酸钠"),
    ];
    for (name, wanted) in cases {
        assert_eq!(zh(name), [wanted], "{name}");
    }
    assert!(zh("nothing").is_empty() && zh("").is_empty());
}

#[test]
fn what_the_demonstration_names_is_known() {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
    let plan = Plan::new(Size { labs: 60, scope_lines: 4_000, seed: 1 }, today).expect("a plan");
    let mut names = std::collections::BTreeSet::new();
    for part in plan.parts() {
        for line in part.lines {
            // Long annexes repeat an object with what sets it apart in brackets behind it.
            let object = if known(Subject::Object, &line.object) { line.object } else { without_bracket(&line.object) };
            names.extend([(Subject::Parameter, line.parameter), (Subject::Object, object)]);
        }
        for item in part.equipment {
            names.insert((Subject::Instrument, item.name_zh.trim_end_matches(MARK_ZH).to_owned()));
            names.extend(item.name_en.map(|name| (Subject::Instrument, name.trim_end_matches(MARK_EN).to_owned())));
        }
    }
    let unknown: Vec<_> = names.iter().filter(|(subject, name)| !known(*subject, name)).collect();
    assert!(names.len() > 400 && unknown.is_empty(), "{} names, unknown: {unknown:?}", names.len());
}

fn known(subject: Subject, name: &str) -> bool {
    Synonyms::shipped().concepts(&folded(name)).any(|concept| concept.subject == subject)
}

fn without_bracket(object: &str) -> String {
    object.split_once('（').map_or(object, |(name, _)| name).to_owned()
}

#[test]
fn the_shipped_tables_are_sound() {
    let all = Synonyms::shipped().all();
    let count = |subject| all.iter().filter(|concept| concept.subject == subject).count();
    assert!(count(Subject::Parameter) >= 450 && count(Subject::Object) >= 120 && count(Subject::Instrument) >= 60);
    let mut owners = std::collections::HashMap::new();
    for concept in all {
        assert_eq!(concept.names[0].lang, Lang::Zh);
        assert!(concept.name(Lang::En).is_some(), "{}", concept.names[0].text);
        for name in &concept.names {
            let other = owners.insert((concept.subject, &name.folded), concept);
            assert!(other.is_none(), "{} is of two", name.text);
            assert!(!is_stop(&name.folded), "{} is weightless", name.text);
            assert!(name.lang != Lang::Cas || is_cas(&name.folded));
            let digits = name.folded.bytes().all(|byte| byte.is_ascii_digit());
            assert!(!digits, "{} is a mere number", name.text);
        }
    }
}

#[test]
fn the_longest_name_is_found_within_glued_text() {
    let shipped = Synonyms::shipped();
    let found = |text: &str, at| {
        shipped.longest(text, at).map(|(range, concept)| (text[range].to_owned(), concept.names[0].text.clone()))
    };
    let pair = |name: &str, zh: &str| Some((name.to_owned(), zh.to_owned()));
    assert_eq!(found("乳粉三聚氰胺gb", 6), pair("三聚氰胺", "三聚氰胺"));
    assert_eq!(found("黄曲霉毒素b1含量", 0), pair("黄曲霉毒素b1", "黄曲霉毒素B1"));
    assert_eq!(found("黄曲霉毒素b12", 0), pair("黄曲霉毒素", "黄曲霉毒素"));
    assert_eq!(found("婴幼儿配方乳粉", 0), pair("婴幼儿配方乳粉", "婴幼儿配方乳粉"));
    assert_eq!(found("heavy metals in tea", 0), pair("heavy metals", "重金属"));
    assert_eq!(found("teak", 0), None);
    assert_eq!(found("steak", 2), None);
    assert_eq!(found("铅tea", 3), pair("tea", "茶叶"));
    assert_eq!(found("苯并[a]芘", 0), pair("苯并[a]芘", "苯并[a]芘"));
    assert_eq!(found("铅", 1), None);
    assert_eq!(found("铅", 99), None);
}

#[test]
fn an_operator_s_table_adds() {
    let own = "\u{feff}zh,en,cas,also\n三聚氰胺,,,密胺粉;tripolycyanamide\n新物质,new substance,,NS-1\n";
    let synonyms = Synonyms::read(&[("own/parameters-2.csv", own)]).expect("sound");
    let melamine: Vec<_> = synonyms.concepts("tripolycyanamide").collect();
    assert_eq!(melamine.len(), 1);
    assert_eq!(melamine[0].names[0].text, "三聚氰胺");
    assert!(melamine[0].names.iter().any(|name| name.folded == "melamine"));
    let new = synonyms.concepts("ns-1").next().expect("known");
    assert_eq!(new.subject, Subject::Parameter);
    assert_eq!(new.names.iter().map(|name| name.lang).collect::<Vec<_>>(), [Lang::Zh, Lang::En, Lang::Other]);
    assert!(Synonyms::shipped().concepts("ns-1").next().is_none());
    let by_other = Synonyms::read(&[("own.csv", "zh,en,cas,also\n蜜胺,,,小白粉\n")]).expect("sound");
    assert_eq!(by_other.concepts("小白粉").next().map(|concept| concept.subject), Some(Subject::Parameter));
}

#[test]
fn every_problem_of_a_table_is_told() {
    let own = "zh,en,cas,also\n,x,,\n甲物,,108-78-2,\n乙物,melamine,,\n丙物,,,\n丙物,,,\na,b\n丁物,,,ok\n";
    let problems = Synonyms::read(&[("parameters.csv", own), ("objects.csv", "name\n")]).expect_err("unsound");
    let lines: Vec<_> = problems.iter().map(|problem| (problem.file.as_str(), problem.line)).collect();
    let file = "parameters.csv";
    assert_eq!(lines, [(file, 2), (file, 3), (file, 4), (file, 6), (file, 7), ("objects.csv", 1)]);
    assert!(problems[2].message.contains("三聚氰胺"), "{}", problems[2]);
    assert!(Synonyms::read(&[]).is_ok());
}

proptest! {
    #[test]
    fn any_table_is_read_or_refused(text in "(zh,en,cas,also\n)?(\\PC|\n|,|\"){0,60}") {
        let _ = Synonyms::read(&[("own.csv", &text)]);
    }

    #[test]
    fn the_longest_is_on_borders(text in "[铅三聚氰胺a-z0-9\\[\\]() ,'-]{0,30}|\\PC{0,20}") {
        let folded = folded(&text);
        for at in 0..=folded.len() + 1 {
            if let Some((range, concept)) = Synonyms::shipped().longest(&folded, at) {
                prop_assert!(range.start == at && folded.get(range.clone()).is_some());
                let name = folded[range].replace('[', "(").replace(']', ")");
                prop_assert!(concept.names.iter().any(|known| known.folded.replace('[', "(").replace(']', ")") == name));
            }
        }
    }
}

#[test]
fn names_are_known_in_any_form_and_by_their_pinyin() {
    let shipped = Synonyms::shipped();
    let first = |mut found: Box<dyn Iterator<Item = &labpact::search::text::concept::Concept>>| {
        found.next().map(|concept| concept.names[0].text.clone())
    };
    for (text, name) in [("nitrites", "亚硝酸盐"), ("compressive strengths", "抗压强度"), ("Melamines", "三聚氰胺")]
    {
        assert_eq!(first(Box::new(shipped.concepts_by_stems(&folded(text)))).as_deref(), Some(name), "{text}");
    }
    for (typed, name) in
        [("mianfen", "小麦粉"), ("lv", "铝"), ("lu", "铝"), ("sjqa", "三聚氰胺"), ("weishengsub12", "维生素B12")]
    {
        let found: Vec<_> = shipped.concepts_by_pinyin(typed).map(|concept| concept.names[0].text.as_str()).collect();
        assert!(found.contains(&name), "{typed}: {found:?}");
    }
    assert!(shipped.concepts_by_pinyin("sj").next().is_none(), "two first letters mean almost anything");
    let hard: Vec<_> = shipped.concepts_with_words("hardness").map(|concept| concept.names[0].text.as_str()).collect();
    assert!(hard.contains(&"布氏硬度") && hard.contains(&"总硬度"), "{hard:?}");
    assert!(shipped.concepts_with_words("of the").next().is_none() && shipped.concepts_with_words("").next().is_none());
}

#[test]
fn what_is_part_of_what_is_known_by_any_name() {
    let shipped = Synonyms::shipped();
    let wider: Vec<_> = shipped.wider("婴幼儿奶粉").map(|concept| concept.names[0].text.as_str()).collect();
    assert!(wider.contains(&"婴幼儿配方食品") && wider.contains(&"乳粉"), "{wider:?}");
    let narrower: Vec<_> = shipped.narrower("农残").map(|concept| concept.names[0].text.as_str()).collect();
    assert!(narrower.contains(&"毒死蜱") && !narrower.contains(&"农药残留"), "{narrower:?}");
    let own = [("own/wider.csv", "zh,wider\n蜜胺,重金属;没有的\n没有的,水分\n")];
    let problems = Synonyms::read(&own).expect_err("unknown names");
    assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [2, 3], "{problems:?}");
    let own = Synonyms::read(&[("wider.csv", "zh,wider\n氡,放射性核素\n")]).expect("sound");
    assert!(own.wider("rn-222").any(|concept| concept.names[0].text == "放射性核素"));
}
