//! Where institutions sit: real divisions, points scattered around the division's own.

use std::sync::LazyLock;

use super::random::Random;
use crate::directory::region::divisions::{Division, Level, Point, division_of, divisions};

/// The members in the shares of the institutions that they have here: 9, 7, 4, 3 and 2 of 25.
pub const AGENCIES: [&str; 25] = [
    "GD", "GD", "GD", "GD", "GD", "GD", "GD", "GD", "GD", "SD", "SD", "SD", "SD", "SD", "SD", "SD", "FJ", "FJ", "FJ",
    "FJ", "GX", "GX", "GX", "HI", "HI",
];

/// Scatter around a division's point, in degrees.
const SCATTER: f64 = 0.03;

/// What the addresses of one province share.
#[derive(Debug)]
pub struct Province {
    /// The agency.
    pub agency: &'static str,
    /// Chinese name, as a prefix of addresses.
    pub name_zh: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// Area code of its capital.
    pub area_code: &'static str,
    /// The two digits of its issuer in certificate numbers, which are not those of GB/T 2260.
    pub issuer: &'static str,
    /// Its one-character name.
    pub letter: &'static str,
    division: &'static str,
}

const PROVINCES: [Province; 5] = [
    province("GD", "广东省", "Guangdong", "020", "19", "粤", "44"),
    province("SD", "山东省", "Shandong", "0531", "15", "鲁", "37"),
    province("FJ", "福建省", "Fujian", "0591", "13", "闽", "35"),
    province("GX", "广西壮族自治区", "Guangxi", "0771", "20", "桂", "45"),
    province("HI", "海南省", "Hainan", "0898", "21", "琼", "46"),
];

const fn province(
    agency: &'static str,
    name_zh: &'static str,
    name_en: &'static str,
    area_code: &'static str,
    issuer: &'static str,
    letter: &'static str,
    division: &'static str,
) -> Province {
    Province { agency, name_zh, name_en, area_code, issuer, letter, division }
}

/// The province of an agency.
pub fn province_of(agency: &str) -> &'static Province {
    PROVINCES.iter().find(|each| each.agency == agency).unwrap_or(&PROVINCES[0])
}

/// Any county of a province.
pub fn county(province: &Province, random: &mut Random) -> &'static Division {
    static COUNTIES: LazyLock<Vec<&Division>> =
        LazyLock::new(|| divisions().iter().filter(|each| each.level == Level::County).collect());
    let from = COUNTIES.partition_point(|each| &each.code[..2] < province.division);
    let to = COUNTIES.partition_point(|each| &each.code[..2] <= province.division);
    COUNTIES[from + random.index(to - from)]
}

/// The city of a county, or the county itself where it lies directly under its province.
pub fn city(county: &'static Division) -> &'static Division {
    county.parent.and_then(division_of).filter(|parent| parent.level == Level::City).unwrap_or(county)
}

/// English name of a city, or of the province where the county lies directly under it.
pub fn city_en(city: &Division, province: &Province) -> &'static str {
    CITIES.binary_search_by(|(code, _)| (*code).cmp(city.code)).map_or(province.name_en, |at| CITIES[at].1)
}

/// A point near a division's own.
pub fn near(point: Point, random: &mut Random) -> Point {
    let shifted = |degrees: f64, random: &mut Random| {
        ((degrees + random.signed_unit() * SCATTER) * 100_000.0).round() / 100_000.0
    };
    Point { longitude: shifted(point.longitude, random), latitude: shifted(point.latitude, random) }
}

const CITIES: [(&str, &str); 64] = [
    ("350100", "Fuzhou"),
    ("350200", "Xiamen"),
    ("350300", "Putian"),
    ("350400", "Sanming"),
    ("350500", "Quanzhou"),
    ("350600", "Zhangzhou"),
    ("350700", "Nanping"),
    ("350800", "Longyan"),
    ("350900", "Ningde"),
    ("370100", "Jinan"),
    ("370200", "Qingdao"),
    ("370300", "Zibo"),
    ("370400", "Zaozhuang"),
    ("370500", "Dongying"),
    ("370600", "Yantai"),
    ("370700", "Weifang"),
    ("370800", "Jining"),
    ("370900", "Tai'an"),
    ("371000", "Weihai"),
    ("371100", "Rizhao"),
    ("371300", "Linyi"),
    ("371400", "Dezhou"),
    ("371500", "Liaocheng"),
    ("371600", "Binzhou"),
    ("371700", "Heze"),
    ("440100", "Guangzhou"),
    ("440200", "Shaoguan"),
    ("440300", "Shenzhen"),
    ("440400", "Zhuhai"),
    ("440500", "Shantou"),
    ("440600", "Foshan"),
    ("440700", "Jiangmen"),
    ("440800", "Zhanjiang"),
    ("440900", "Maoming"),
    ("441200", "Zhaoqing"),
    ("441300", "Huizhou"),
    ("441400", "Meizhou"),
    ("441500", "Shanwei"),
    ("441600", "Heyuan"),
    ("441700", "Yangjiang"),
    ("441800", "Qingyuan"),
    ("441900", "Dongguan"),
    ("442000", "Zhongshan"),
    ("445100", "Chaozhou"),
    ("445200", "Jieyang"),
    ("445300", "Yunfu"),
    ("450100", "Nanning"),
    ("450200", "Liuzhou"),
    ("450300", "Guilin"),
    ("450400", "Wuzhou"),
    ("450500", "Beihai"),
    ("450600", "Fangchenggang"),
    ("450700", "Qinzhou"),
    ("450800", "Guigang"),
    ("450900", "Yulin"),
    ("451000", "Baise"),
    ("451100", "Hezhou"),
    ("451200", "Hechi"),
    ("451300", "Laibin"),
    ("451400", "Chongzuo"),
    ("460100", "Haikou"),
    ("460200", "Sanya"),
    ("460300", "Sansha"),
    ("460400", "Danzhou"),
];
