//! Readings of characters with more than one, as the field's words want them.

use std::{collections::HashMap, sync::LazyLock};

use pinyin::ToPinyin;

/// Words whose characters are read otherwise than alone, with their syllables.
const WORDS: &[(&str, &str)] = &[
    ("乐陵", "lao ling"),
    ("人参", "ren shen"),
    ("党参", "dang shen"),
    ("丹参", "dan shen"),
    ("海参", "hai shen"),
    ("玄参", "xuan shen"),
    ("红参", "hong shen"),
    ("西洋参", "xi yang shen"),
    ("林下参", "lin xia shen"),
    ("参类", "shen lei"),
    ("六安", "lu an"),
    ("单县", "shan xian"),
    ("厦门", "xia men"),
    ("回弹", "hui tan"),
    ("弹力", "tan li"),
    ("弹射", "tan she"),
    ("弹性", "tan xing"),
    ("弹簧", "tan huang"),
    ("大埔", "da bu"),
    ("番禺", "pan yu"),
    ("蚌埠", "beng bu"),
    ("重复", "chong fu"),
    ("重叠", "chong die"),
    ("重新", "chong xin"),
    ("重组", "chong zu"),
    ("重现", "chong xian"),
    ("重庆", "chong qing"),
    ("调查", "diao cha"),
    ("调研", "diao yan"),
    ("调运", "diao yun"),
    ("音调", "yin diao"),
    ("色调", "se diao"),
    ("还原", "huan yuan"),
    ("生长", "sheng zhang"),
    ("增长", "zeng zhang"),
    ("成长", "cheng zhang"),
    ("行业", "hang ye"),
    ("银行", "yin hang"),
    ("供给", "gong ji"),
    ("给水", "ji shui"),
    ("模具", "mu ju"),
    ("模板", "mu ban"),
    ("桔梗", "jie geng"),
    ("对称", "dui chen"),
    ("曝晒", "pu shai"),
    ("曝露", "pu lu"),
    ("着火", "zhao huo"),
    ("着色", "zhuo se"),
    ("附着", "fu zhuo"),
    ("黏着", "nian zhuo"),
    ("粘着", "zhan zhuo"),
    ("粘度", "nian du"),
    ("粘均", "nian jun"),
    ("粘性", "nian xing"),
    ("粘土", "nian tu"),
    ("盛装", "cheng zhuang"),
    ("佛手", "fo shou"),
    ("咖喱", "ga li"),
    ("枸橼", "ju yuan"),
    ("没食子", "mo shi zi"),
    ("粘菌", "nian jun"),
    ("都是", "dou shi"),
];

/// Characters whose reading in the field is not the commonest.
const CHARACTERS: &[(char, &str)] = &[
    ('长', "chang"),
    ('调', "tiao"),
    ('轧', "zha"),
    ('肋', "lei"),
    ('芘', "bi"),
    ('咯', "luo"),
    ('薄', "bo"),
    ('蛤', "ge"),
    ('校', "jiao"),
    ('曝', "bao"),
    ('炔', "que"),
    ('脯', "fu"),
    ('都', "du"),
];

/// The words by their first character, the longest first.
static BY_FIRST: LazyLock<HashMap<char, Vec<(&str, &str)>>> = LazyLock::new(|| {
    let mut by_first: HashMap<char, Vec<(&str, &str)>> = HashMap::new();
    for &(word, syllables) in WORDS {
        if let Some(first) = word.chars().next() {
            by_first.entry(first).or_default().push((word, syllables));
        }
    }
    by_first.values_mut().for_each(|words| words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len())));
    by_first
});

/// A word with its own readings at the beginning of the text: its syllables, one for each character.
pub(super) fn word(text: &str) -> Option<impl Iterator<Item = &'static str>> {
    let first = text.chars().next()?;
    let (_, syllables) = BY_FIRST.get(&first)?.iter().find(|(word, _)| text.starts_with(word))?;
    Some(syllables.split(' '))
}

/// The reading of a character alone, without tone, ü as `v`.
pub(super) fn character(c: char) -> Option<&'static str> {
    static OWN: LazyLock<HashMap<char, &str>> = LazyLock::new(|| CHARACTERS.iter().copied().collect());
    if let Some(own) = OWN.get(&c) {
        return Some(own);
    }
    match c.to_pinyin()?.plain() {
        "lü" => Some("lv"),
        "nü" => Some("nv"),
        "lüe" => Some("lve"),
        "nüe" => Some("nve"),
        // Readings such as that of 呣 have no plain letters.
        other => other.is_ascii().then_some(other),
    }
}
