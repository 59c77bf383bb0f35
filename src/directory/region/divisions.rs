//! The GB/T 2260 divisions of the five provinces of the pact, and what became of codes that are no longer in use.
//!
//! Shipped as data (see NOTICE): divisions as of September 2026 with one representative point each, which is no map
//! and no boundary; changes since 1980.

use std::sync::LazyLock;

const DIVISIONS: &str = include_str!("../../../data/divisions/divisions.csv");
const SUCCESSORS: &str = include_str!("../../../data/divisions/successors.csv");

/// Mean radius of the earth in kilometres (IUGG).
const EARTH_KM: f64 = 6371.0088;

/// The tier of a division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 省, 自治区.
    Province,
    /// 地级市.
    City,
    /// 县, 县级市, 区; also those directly under a province.
    County,
}

/// A point on the earth, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// East of Greenwich.
    pub longitude: f64,
    /// North of the equator.
    pub latitude: f64,
}

/// A division in use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Division {
    /// Six digits.
    pub code: &'static str,
    /// Chinese name.
    pub name: &'static str,
    /// Tier.
    pub level: Level,
    /// Code of the division above; `None` for a province.
    pub parent: Option<&'static str>,
    /// A point within it.
    pub point: Point,
}

/// What became of a code that is no longer in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Successor {
    /// The code that went out of use.
    pub old_code: &'static str,
    /// The name of the division that had it.
    pub old_name: &'static str,
    /// The division in use that it belongs to now, after every later change.
    pub new_code: &'static str,
    /// The year in which the code went out of use for this division.
    pub year: u16,
}

/// Every division of the five provinces, ordered by code, which also puts each behind its parent.
pub fn divisions() -> &'static [Division] {
    static ROWS: LazyLock<Vec<Division>> = LazyLock::new(|| rows(DIVISIONS, division));
    &ROWS
}

/// The division in use with this code.
pub fn division_of(code: &str) -> Option<&'static Division> {
    let rows = divisions();
    rows.binary_search_by(|row| row.code.cmp(code)).ok().map(|at| &rows[at])
}

/// What became of an old code; `None` for codes in use and for those whose fate is not known. A few codes were given
/// out twice: then the last holder counts, and [`successors`] has all of them.
pub fn successor(old: &str) -> Option<&'static Successor> {
    successors(old).last()
}

/// What became of each division that had this code, the oldest first.
pub fn successors(old: &str) -> &'static [Successor] {
    let rows = all_successors();
    let from = rows.partition_point(|row| row.old_code < old);
    let to = rows.partition_point(|row| row.old_code <= old);
    &rows[from..to]
}

/// Every code out of use that maps to one in use, ordered by code and year.
pub fn all_successors() -> &'static [Successor] {
    static ROWS: LazyLock<Vec<Successor>> = LazyLock::new(|| rows(SUCCESSORS, replaced));
    &ROWS
}

/// The great-circle distance between two points, in kilometres.
pub fn haversine_km(a: Point, b: Point) -> f64 {
    let half_sine = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
    let across = a.latitude.to_radians().cos() * b.latitude.to_radians().cos();
    let chord = half_sine(a.latitude, b.latitude) + across * half_sine(a.longitude, b.longitude);
    2.0 * EARTH_KM * chord.clamp(0.0, 1.0).sqrt().asin()
}

fn rows<T>(csv: &'static str, read: fn(&[&'static str]) -> Option<T>) -> Vec<T> {
    let row = |line: &'static str| read(&line.split(',').collect::<Vec<_>>());
    csv.lines().skip(1).map(|line| row(line).expect("shipped data is well formed; a test reads every row")).collect()
}

fn division(fields: &[&'static str]) -> Option<Division> {
    let &[code, name, level, parent, longitude, latitude] = fields else { return None };
    let level = match level {
        "province" => Level::Province,
        "city" => Level::City,
        "county" => Level::County,
        _ => return None,
    };
    let point = Point { longitude: longitude.parse().ok()?, latitude: latitude.parse().ok()? };
    Some(Division { code, name, level, parent: (!parent.is_empty()).then_some(parent), point })
}

fn replaced(fields: &[&'static str]) -> Option<Successor> {
    let &[old_code, old_name, new_code, year] = fields else { return None };
    Some(Successor { old_code, old_name, new_code, year: year.parse().ok()? })
}
