//! Names, credit codes and contacts. Every name carries 演示数据; nobody's name occurs.

use super::{catalogue::Field, place::Province, random::Random};

/// What every name ends with.
pub const MARK_ZH: &str = "（演示数据）";
/// What every English name ends with.
pub const MARK_EN: &str = " (demo data)";

const FIRST: [(&str, &str); 16] = [
    ("恒", "Heng"),
    ("瑞", "Rui"),
    ("嘉", "Jia"),
    ("润", "Run"),
    ("启", "Qi"),
    ("诚", "Cheng"),
    ("鼎", "Ding"),
    ("泓", "Hong"),
    ("岭", "Ling"),
    ("粤", "Yue"),
    ("海", "Hai"),
    ("椰", "Ye"),
    ("榕", "Rong"),
    ("岱", "Dai"),
    ("漓", "Li"),
    ("珠", "Zhu"),
];
const SECOND: [(&str, &str); 16] = [
    ("测", "ce"),
    ("信", "xin"),
    ("源", "yuan"),
    ("衡", "heng"),
    ("准", "zhun"),
    ("康", "kang"),
    ("澜", "lan"),
    ("安", "an"),
    ("正", "zheng"),
    ("泽", "ze"),
    ("科", "ke"),
    ("量", "liang"),
    ("岚", "lan"),
    ("宁", "ning"),
    ("拓", "tuo"),
    ("标", "biao"),
];

/// An institution's name in both languages, without [`MARK_ZH`] and [`MARK_EN`].
#[derive(Clone, Debug)]
pub struct Name {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// Whether it is a public body rather than a company.
    pub public: bool,
}

/// Names an institution of a field in a city. The brand is drawn from two lists of syllables.
pub fn institution(city_zh: &str, city_en: &str, field: &Field, random: &mut Random) -> Name {
    let (first, second) = (random.pick(&FIRST), random.pick(&SECOND));
    let (brand_zh, brand_en) = (format!("{}{}", first.0, second.0), format!("{}{}", first.1, second.1));
    let (trade_zh, trade_en) = field.trade;
    let short = city_zh.strip_suffix('市').unwrap_or(city_zh);
    if random.percent(20) {
        return Name {
            zh: format!("{city_zh}{brand_zh}公共检验检测中心"),
            en: format!("{city_en} {brand_en} Public Inspection and Testing Centre"),
            public: true,
        };
    }
    Name {
        zh: format!("{short}{brand_zh}{trade_zh}有限公司"),
        en: format!("{city_en} {brand_en} {trade_en} Co., Ltd."),
        public: false,
    }
}

/// An office telephone number: of the capital's area, in a range set aside for demonstration.
pub fn phone(province: &Province, number: u64) -> String {
    format!("{}-5550{:04}", province.area_code, number % 10_000)
}

/// A mailbox in a domain that is reserved for examples (RFC 2606).
pub fn email(kind: &str, number: u64) -> String {
    format!("{kind}{number:06}@example.org")
}

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const OUTER_WEIGHTS: [u64; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const INNER_WEIGHTS: [u64; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// A unified social credit code (GB 32100) that passes both of its checks. Its organisation code begins with `DEM`,
/// so that it can be told from a real one, and no personal identity number looks like it.
pub fn credit_code(public: bool, division: &str, place: u64) -> String {
    let mut code = format!("{}{division}DEM", if public { "12" } else { "91" }).into_bytes();
    for power in (0..5).rev() {
        code.push(ALPHABET[usize::try_from(place / 31_u64.pow(power) % 31).unwrap_or(0)]);
    }
    let inner: u64 = code[8..].iter().zip(INNER_WEIGHTS).map(|(c, weight)| latin(*c) * weight).sum();
    code.push(b"0X987654321"[usize::try_from(inner % 11).unwrap_or(0)]);
    let outer: u64 = code.iter().zip(OUTER_WEIGHTS).map(|(c, weight)| value(*c) * weight).sum();
    code.push(ALPHABET[usize::try_from((31 - outer % 31) % 31).unwrap_or(0)]);
    code.into_iter().map(char::from).collect()
}

/// Organisation codes count letters through the whole Latin alphabet.
fn latin(c: u8) -> u64 {
    if c.is_ascii_digit() { u64::from(c - b'0') } else { u64::from(c - b'A') + 10 }
}

fn value(c: u8) -> u64 {
    ALPHABET.iter().position(|each| *each == c).map_or(0, |at| at as u64)
}
