//! An institution and its labs.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    enums::{Standing, Visibility},
    ids::{AgencyCode, InstitutionId, LabId},
    institution, lab,
};

use super::{
    catalogue::{Field, fields, shares},
    ids::Kind,
    naming::{self, MARK_EN, MARK_ZH, Name},
    place::{self, AGENCIES, Province},
    plan::Plan,
    random::{Random, dealt},
};

const DOMAIN: u64 = 1;
const VISIBILITIES: [Visibility; 20] = {
    let mut deck = [Visibility::Partner; 20];
    let mut at = 0;
    while at < 5 {
        deck[at * 4] = Visibility::Public;
        at += 1;
    }
    deck[7] = Visibility::Own;
    deck
};
const STANDINGS: [Standing; 30] = {
    let mut deck = [Standing::Active; 30];
    deck[11] = Standing::Suspended;
    deck[23] = Standing::Retired;
    deck
};

/// What everything of one institution shares.
#[derive(Clone, Debug)]
pub struct House {
    /// Its place in the plan.
    pub place: u64,
    /// Its row.
    pub row: institution::Model,
    /// Its labs.
    pub labs: Vec<lab::Model>,
    /// The fields that its labs work in, the main one first.
    pub fields: Vec<&'static Field>,
    /// Its province.
    pub province: &'static Province,
}

/// When a row that has been in force from `date` entered the register: that midnight in Asia/Shanghai, and at the
/// latest the last one.
pub fn entered(date: NaiveDate, plan: &Plan) -> DateTime<Utc> {
    date.min(plan.today()).and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::hours(8)
}

impl House {
    /// The institution at `place`.
    pub fn new(plan: &Plan, place: u64) -> Self {
        let seed = plan.size().seed;
        let mut random = Random::stream(seed, DOMAIN, place);
        let province = place::province_of(dealt(&AGENCIES, place));
        let fields = drawn_fields(&mut random);
        let county = place::county(province, &mut random);
        let city = place::city(county);
        let name = naming::institution(city.name, place::city_en(city, province), fields[0], &mut random);
        let (visibility, standing) = (dealt(&VISIBILITIES, place), dealt(&STANDINGS, place));
        let uscc = naming::credit_code(name.public, county.code, place);
        let at = entered(plan.today() - TimeDelta::days(random.days(1_600, 2_400)), plan);
        let row = institution::Model {
            id: InstitutionId(plan.ids(place).id(Kind::Institution, 0)),
            agency: AgencyCode::from(province.agency),
            code: uscc.clone(),
            uscc: Some(uscc),
            name_zh: format!("{}{MARK_ZH}", name.zh),
            name_en: Some(format!("{}{MARK_EN}", name.en)),
            region: county.code.into(),
            address: Some(address(province, city.name, county.name, random.below(400) + 1)),
            contact_name: Some("综合办公室".to_owned()),
            contact_phone: Some(naming::phone(province, place)),
            contact_email: Some(naming::email("office", place)),
            visibility,
            standing,
            standing_reason: standing_reason(standing),
            version: 1,
            created_at: at,
            updated_at: at,
        };
        let mut house = Self { place, row, labs: Vec::new(), fields, province };
        let (from, to) = plan.labs_of(place);
        house.labs = (from..to).map(|lab| house.lab(plan, lab, &name, &mut random)).collect();
        house
    }

    fn lab(&self, plan: &Plan, number: u64, name: &Name, random: &mut Random) -> lab::Model {
        let (first, _) = plan.labs_of(self.place);
        let local = number - first;
        let county = match place_of_seat(self, local) {
            Some(seat) => seat,
            None => place::county(self.province, random),
        };
        let point = place::near(county.point, random);
        let standing = match self.row.standing {
            Standing::Active => dealt(&STANDINGS, number + 7),
            other => other,
        };
        lab::Model {
            id: LabId(plan.ids(self.place).id(Kind::Lab, local)),
            institution_id: self.row.id,
            agency: self.row.agency.clone(),
            code: format!("DEMO-{}-{number:06}", self.province.agency),
            name_zh: format!("{}{}实验室{MARK_ZH}", name.zh, if local == 0 { "总部" } else { county.name }),
            name_en: Some(format!("{}, site {}{MARK_EN}", name.en, local + 1)),
            region: county.code.into(),
            address: Some(address(self.province, place::city(county).name, county.name, random.below(400) + 1)),
            longitude: Some(point.longitude),
            latitude: Some(point.latitude),
            contact_name: Some("业务受理窗口".to_owned()),
            contact_phone: Some(naming::phone(self.province, number + 3_000)),
            contact_email: Some(naming::email("lab", number)),
            visibility: self.row.visibility,
            standing,
            standing_reason: standing_reason(standing),
            version: 1,
            created_at: self.row.created_at,
            updated_at: self.row.updated_at,
        }
    }
}

/// The first lab sits where the institution does.
fn place_of_seat(house: &House, local: u64) -> Option<&'static crate::directory::region::divisions::Division> {
    if local == 0 { crate::directory::region::divisions::division_of(house.row.region.as_str()) } else { None }
}

/// A main field by its share, and for some a second one.
fn drawn_fields(random: &mut Random) -> Vec<&'static Field> {
    let mut at = random.below(shares());
    let mut main = 0;
    for (place, field) in fields().iter().enumerate() {
        main = place;
        if at < field.share {
            break;
        }
        at -= field.share;
    }
    let mut drawn = vec![&fields()[main]];
    if random.percent(45) {
        let second = random.index(fields().len());
        if second != main {
            drawn.push(&fields()[second]);
        }
    }
    drawn
}

fn address(province: &Province, city: &str, county: &str, number: u64) -> String {
    let city = if city == county { "" } else { city };
    format!("{}{city}{county}演示路{number}号", province.name_zh)
}

fn standing_reason(standing: Standing) -> Option<String> {
    match standing {
        Standing::Active => None,
        Standing::Suspended => Some("场所搬迁，暂停业务（演示数据）".to_owned()),
        Standing::Retired => Some("业务终止（演示数据）".to_owned()),
    }
}
