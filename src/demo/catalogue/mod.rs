//! What labs test, by hand: objects, parameters and real standard numbers, older and newer editions.
//!
//! Which object goes with which standard is illustrative and no authority: the register's annexes are imported.

mod building;
mod environment;
mod farming;
mod food;
mod health;
pub mod instruments;
mod materials;
mod products;
mod vehicle;
mod water;

use std::sync::LazyLock;

use instruments::Instrument;

use crate::directory::standard::number::StandardNumber;

/// The shares of the fields: institutions by field in 2023 (see NOTICE).
const SHARES: &str = include_str!("../../../data/fields/samr_inspection_fields_2023.csv");

/// Objects and parameters that one standard tests.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The editions of the standard that labs cite, the newest last.
    pub editions: &'static [&'static str],
    /// 产品 / 检测对象.
    pub objects: &'static [&'static str],
    /// 项目 / 参数.
    pub parameters: &'static [&'static str],
    /// What the test needs.
    pub instrument: &'static Instrument,
    /// 限制范围 that occur.
    pub limits: &'static [&'static str],
    /// Methods within the standard, such as `第一法`.
    pub clauses: &'static [&'static str],
}

impl Group {
    /// With limits that occur.
    const fn limited(mut self, limits: &'static [&'static str]) -> Self {
        self.limits = limits;
        self
    }

    /// With methods of its own.
    const fn by(mut self, clauses: &'static [&'static str]) -> Self {
        self.clauses = clauses;
        self
    }
}

/// A group without limits and methods of its own.
const fn group(
    editions: &'static [&'static str],
    objects: &'static [&'static str],
    parameters: &'static [&'static str],
    instrument: &'static Instrument,
) -> Group {
    Group { editions, objects, parameters, instrument, limits: &[], clauses: &[] }
}

/// A field (类别) as the national statistics name it.
#[derive(Debug)]
pub struct Field {
    /// Chinese name.
    pub name: &'static str,
    /// How many of the institutions are of this field, in the unit of the statistics.
    pub share: u64,
    /// What a company of the field is called, Chinese and English.
    pub trade: (&'static str, &'static str),
    /// What sets apart lines that would otherwise be the same in long annexes.
    pub variants: &'static [&'static str],
    /// What is tested.
    pub entries: Vec<Entry>,
}

/// One object and one parameter by one standard.
#[derive(Debug)]
pub struct Entry {
    /// Where it comes from.
    pub group: &'static Group,
    /// The object's place in the group, counted through the field: a new number opens a new heading.
    pub heading: u64,
    /// 产品 / 检测对象.
    pub object: &'static str,
    /// 项目 / 参数.
    pub parameter: &'static str,
    /// The editions of the standard, read.
    pub editions: Vec<Edition>,
}

/// An edition of a standard, as lines cite it.
#[derive(Clone, Debug)]
pub struct Edition {
    /// The number in canonical print.
    pub printed: String,
    /// The number in canonical print without its year.
    pub undated: String,
    /// Family and number.
    pub key: String,
    /// The year, where the number has one.
    pub year: Option<i32>,
}

/// The fields, in the order of the statistics.
pub fn fields() -> &'static [Field] {
    static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| SHARES.lines().skip(1).filter_map(field).collect());
    &FIELDS
}

/// The sum of all shares.
pub fn shares() -> u64 {
    fields().iter().map(|field| field.share).sum()
}

fn field(line: &'static str) -> Option<Field> {
    let mut cells = line.split(',').skip(1);
    let (name, share) = (cells.next()?, cells.next()?.parse().ok()?);
    let (trade, variants, groups): (_, &'static [&'static str], &'static [Group]) = match name {
        "机动车检验" => (("机动车检测", "Vehicle Inspection"), VEHICLES, vehicle::GROUPS),
        "环境监测" => (("环境检测技术", "Environmental Testing"), PLACES, environment::GROUPS),
        "建筑工程" => (("工程检测", "Construction Testing"), WORKS, building::WORKS),
        "建筑材料" => (("建材检测", "Building Materials Testing"), GOODS, building::MATERIALS),
        "水质" => (("水质检测", "Water Testing"), WATERS, water::GROUPS),
        "食品及食品接触材料" => (("食品检测", "Food Testing"), FOODS, food::GROUPS),
        "农林渔牧业" => (("农产品检测", "Agricultural Testing"), FARMS, farming::GROUPS),
        "卫生疾控" => (("职业卫生检测", "Health Testing"), PLACES, health::GROUPS),
        "材料测试" => (("材料检测", "Materials Testing"), GOODS, materials::GROUPS),
        _ => (("产品质量检验", "Product Testing"), GOODS, products::GROUPS),
    };
    Some(Field { name, share, trade, variants, entries: entries(groups) })
}

const VEHICLES: &[&str] = &["在用", "注册登记", "营运", "非营运", "教练", "出租", "危险货物运输", "新能源"];
const PLACES: &[&str] = &["工业园区", "城区", "乡村", "港口", "在线比对", "应急", "验收", "例行"];
const WORKS: &[&str] = &["既有建筑", "在建", "公路", "桥梁", "隧道", "水利", "市政", "轨道交通"];
const GOODS: &[&str] = &["内销", "出口", "进口", "监督抽查", "委托", "型式试验", "仲裁", "网售"];
const WATERS: &[&str] = &["出厂水", "管网末梢水", "二次供水", "水源水", "农村集中供水", "直饮水", "丰水期", "枯水期"];
const FOODS: &[&str] = &["预包装", "散装", "进口", "冷链", "餐饮", "网售", "婴幼儿用", "地方特色"];
const FARMS: &[&str] = &["种植基地", "批发市场", "养殖场", "出口基地", "绿色食品", "有机产品", "地理标志", "例行监测"];

fn entries(groups: &'static [Group]) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut heading = 0;
    for group in groups {
        let editions: Vec<Edition> = group.editions.iter().map(|number| edition(number)).collect();
        for object in group.objects {
            heading += 1;
            entries.extend(group.parameters.iter().map(|parameter| Entry {
                group,
                heading,
                object,
                parameter,
                editions: editions.clone(),
            }));
        }
    }
    entries
}

/// Reads a number as the register does.
pub fn edition(number: &str) -> Edition {
    let read = StandardNumber::or_raw(number);
    let undated = StandardNumber { year: None, ..read.clone() }.printed();
    Edition { printed: read.printed(), undated, key: read.key(), year: read.year.map(i32::from) }
}
