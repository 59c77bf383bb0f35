//! Places that are named in a question.

use std::{collections::HashMap, sync::LazyLock};

use crate::{
    directory::region::divisions::{Level, Point, divisions},
    search::text::{fold::folded, pinyin},
};

/// What a name may end with and is often left without, the longest first.
const ENDINGS: [&str; 12] =
    ["壮族自治区", "黎族苗族自治县", "各族自治县", "自治县", "自治区", "自治州", "地区", "省", "市", "县", "区", "旗"];

/// Where a place is that only one division can be.
pub fn point(name: &str) -> Option<Point> {
    let mut codes = named(name);
    let only = codes.next().filter(|_| codes.next().is_none())?;
    divisions().iter().find(|division| division.code == only).map(|division| division.point)
}

/// The codes of the divisions of that name, with or without what it ends with; provinces and cities in pinyin as well.
pub fn named(name: &str) -> impl Iterator<Item = &'static str> {
    static NAMES: LazyLock<HashMap<String, Vec<&'static str>>> = LazyLock::new(|| {
        let mut names: HashMap<String, Vec<&'static str>> = HashMap::new();
        for division in divisions() {
            let whole = folded(division.name);
            let short = ENDINGS.iter().find_map(|ending| whole.strip_suffix(ending));
            // One character left alone is a word of its own: 城区 is not 城.
            let short = short.filter(|short| short.chars().count() > 1);
            if division.level != Level::County
                && let Some((pinyin, _)) = short.and_then(pinyin::whole)
            {
                names.entry(pinyin).or_default().push(division.code);
            }
            if let Some(short) = short {
                names.entry(short.to_owned()).or_default().push(division.code);
            }
            names.entry(whole).or_default().push(division.code);
        }
        names
    });
    NAMES.get(name).map_or(&[][..], Vec::as_slice).iter().copied()
}
