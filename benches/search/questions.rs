//! The questions: what people ask for, in eight kinds, drawn from the register itself and always the same.

use labpact::{
    directory::region::divisions::Point,
    platform::access::Visible,
    search::{
        find::question::{Near, Question},
        index::Snapshot,
        register::Kind as Shelf,
        text::pinyin,
    },
};
use serde_json::{Value, json};

use super::today;

/// How many of each kind.
const EACH: usize = 50;
const REGIONS: [&str; 7] = ["440000", "440100", "370000", "370200", "350100", "450100", "460100"];
const BROAD: [&str; 5] = ["食品", "水", "建筑", "环境", "工业"];
const NEAR: (f64, f64, f64) = (113.3, 23.1, 200.0);

/// The kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A parameter, in a region.
    Parameter,
    /// An object and a parameter.
    Object,
    /// The number of a standard.
    Standard,
    /// A parameter and, glued to it, the number of a standard.
    Glued,
    /// The pinyin of a parameter.
    Pinyin,
    /// A word that a tenth of all lines answer.
    Broad,
    /// Only filters.
    Filters,
    /// A parameter, near a point.
    Near,
}

/// All of them.
pub const KINDS: [Kind; 8] =
    [Kind::Parameter, Kind::Object, Kind::Standard, Kind::Glued, Kind::Pinyin, Kind::Broad, Kind::Filters, Kind::Near];

/// One question, as each of those who answer it takes it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its kind.
    pub kind: Kind,
    /// The free text.
    pub text: Option<String>,
    /// The names that are meant, for those who know no pinyin.
    pub names: Vec<String>,
    /// The match key of the standard.
    pub standard: Option<String>,
    /// A division with everything in it.
    pub region: Option<&'static str>,
    /// The owner.
    pub agency: Option<&'static str>,
    /// Longitude, latitude, kilometres.
    pub near: Option<(f64, f64, f64)>,
}

impl Asked {
    /// For the finder.
    pub fn question(&self) -> Question {
        let mut question = Question::on(Visible::Partner("GD".into()), today());
        question.text.clone_from(&self.text);
        question.regions = self.region.map(str::to_owned).into_iter().collect();
        question.agencies = self.agency.map(str::to_owned).into_iter().collect();
        question.near = self
            .near
            .map(|(longitude, latitude, km)| Near { point: Point { longitude, latitude }, within_km: Some(km) });
        question
    }

    /// For the API, with everything that a page of results shows.
    pub fn body(&self) -> Value {
        let near = self.near.map(|(longitude, latitude, km)| {
            json!({ "point": { "longitude": longitude, "latitude": latitude }, "withinKm": km })
        });
        let filter =
            json!({ "region": self.region.map(|code| [code]), "agency": self.agency.map(|code| [code]), "near": near });
        json!({ "query": QUERY, "variables": { "text": self.text, "where": filter } })
    }
}

const QUERY: &str = "query($text:String,$where:SearchWhere){scopeSearch(text:$text,where:$where,first:20){\
    totalCount facets{region{count}field{count}standard{count}agency{count}scheme{count}labCount}\
    nodes{grade score limited distanceKm highlights{field pieces{text hit}}\
    scope{id field object parameter method limits lab{id nameZh region{code}}}}}}";

/// All questions of a register, or those of the kinds that are named in `LABPACT_BENCH_KINDS`.
pub fn drawn(snapshot: &Snapshot) -> Vec<Asked> {
    let register = &snapshot.register;
    let values = |shelf: Shelf| -> Vec<String> {
        let of_shelf = register.values.iter().filter(|(_, value)| value.kind == shelf);
        let mut texts: Vec<String> = of_shelf.map(|(_, value)| value.text.to_string()).collect();
        texts.sort_unstable();
        texts
    };
    let parameters = values(Shelf::Parameter);
    // What is tested by which method: object, parameter, method, and the match key of its standard.
    let tested: Vec<[String; 4]> = {
        let cited = register.competences.iter().filter_map(|(_, one)| Some((one, one.standard?)));
        let mut tested: Vec<_> = cited
            .map(|(one, key)| [one.object, one.parameter, one.method, key].map(|value| register.text(value).to_owned()))
            .collect();
        tested.sort_unstable();
        tested.dedup();
        tested
    };
    let mut seed = 42;
    let mut at = |count: usize| draw(&mut seed, count);
    let mut all = Vec::new();
    for _ in 0..EACH {
        for kind in KINDS {
            let parameter = parameters[at(parameters.len())].clone();
            let [object, its, method, key] = tested[at(tested.len())].clone();
            let plain = Asked {
                kind,
                text: Some(parameter.clone()),
                names: vec![parameter.clone()],
                standard: None,
                region: None,
                agency: None,
                near: None,
            };
            let region = REGIONS[at(REGIONS.len())];
            let broad = BROAD[at(BROAD.len())];
            all.push(match kind {
                Kind::Parameter => Asked { region: Some(region), ..plain },
                Kind::Object => Asked { text: Some(format!("{object} {its}")), names: vec![object, its], ..plain },
                Kind::Standard => Asked { text: Some(method), names: Vec::new(), standard: Some(key), ..plain },
                Kind::Glued => {
                    Asked { text: Some(format!("{its}{method}")), names: vec![its], standard: Some(key), ..plain }
                }
                Kind::Pinyin => {
                    Asked { text: pinyin::spellings(&parameter).into_iter().max_by_key(String::len), ..plain }
                }
                Kind::Broad => Asked { text: Some(broad.to_owned()), names: vec![broad.to_owned()], ..plain },
                Kind::Filters => {
                    Asked { text: None, names: Vec::new(), region: Some(region), agency: Some("GD"), ..plain }
                }
                Kind::Near => Asked { near: Some(NEAR), ..plain },
            });
        }
    }
    if let Ok(named) = std::env::var("LABPACT_BENCH_KINDS") {
        all.retain(|asked| named.split(',').any(|name| name == format!("{:?}", asked.kind)));
    }
    all
}

/// A number below `count`: Knuth's linear congruential generator (MMIX).
fn draw(seed: &mut u64, count: usize) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap_or(0) % count
}
