//! Equipment of a lab, in service and out of it, in calibration and out of it, and the lines that need it.

use std::collections::HashMap;

use chrono::{Months, NaiveDate, TimeDelta};
use entity::{
    FOREVER, calibration,
    enums::{CalibrationResult, EquipmentStatus},
    equipment, equipment_scope,
    ids::{CalibrationId, EquipmentId},
    lab,
};

use super::{
    catalogue::instruments::Instrument,
    ids::Kind,
    institution::{House, entered},
    line::Line,
    naming::MARK_ZH,
    plan::Plan,
    random::{Random, dealt},
};

const DOMAIN: u64 = 4;
/// Lines that one item of a kind serves before a lab has another of that kind.
const LINES_EACH: u64 = 150;
/// Ids of calibrations that one item may use.
const CALIBRATIONS_EACH: u64 = 8;
const MAKERS: [&str; 6] =
    ["演示仪器一厂", "演示仪器二厂", "演示科学仪器公司", "示例分析仪器厂", "示例计量设备公司", "样机制造厂"];
const PROVIDERS: [&str; 4] = ["省计量科学研究院（演示）", "市计量检定测试所（演示）", "演示校准实验室", "内部校准"];

/// What has become of the calibration of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Care {
    InDate,
    DueSoon,
    Overdue,
    Never,
    Failed,
    Limited,
    Voided,
}

const CARES: [Care; 30] = {
    let mut deck = [Care::InDate; 30];
    deck[2] = Care::DueSoon;
    deck[5] = Care::Overdue;
    deck[8] = Care::Never;
    deck[12] = Care::Failed;
    deck[15] = Care::Limited;
    deck[18] = Care::Voided;
    deck[21] = Care::Overdue;
    deck[25] = Care::DueSoon;
    deck[28] = Care::Overdue;
    deck
};
const STATUSES: [EquipmentStatus; 28] = {
    let mut deck = [EquipmentStatus::InService; 28];
    deck[3] = EquipmentStatus::OutOfService;
    deck[13] = EquipmentStatus::OutOfService;
    deck[20] = EquipmentStatus::Retired;
    deck
};

/// The equipment of one lab.
#[derive(Clone, Debug, Default)]
pub struct Equipment {
    /// Every revision of every item.
    pub items: Vec<equipment::Model>,
    /// Every calibration.
    pub calibrations: Vec<calibration::Model>,
    /// Which lines need which items: half of the lines name one.
    pub links: Vec<equipment_scope::Model>,
}

/// Counts the items of an institution, for their ids.
pub type Counter = u64;

/// What the lines of a lab need.
pub fn of(plan: &Plan, house: &House, lab: &lab::Model, lines: &[Line], drawn: &mut Counter) -> Equipment {
    let mut random = Random::stream(plan.size().seed, DOMAIN, house.place * 64 + *drawn);
    let mut made = Equipment::default();
    let mut served: HashMap<&str, (EquipmentId, NaiveDate, u64)> = HashMap::new();
    for line in lines {
        let instrument = line.entry.group.instrument;
        let found = served.get(instrument.name_zh).copied().filter(|(_, _, count)| *count < LINES_EACH);
        let (id, since, count) = found.unwrap_or_else(|| {
            let number = *drawn;
            *drawn += 1;
            let mut item = Item { plan, house, lab, instrument, number, random: &mut random, made: &mut made };
            let (id, since) = item.make();
            (id, since, 0)
        });
        served.insert(instrument.name_zh, (id, since, count + 1));
        if random.percent(50) {
            let Some(last) = line.revisions.last() else { continue };
            let from = line.revisions[0].effective_from.max(since);
            made.links.extend((from < last.effective_to).then(|| equipment_scope::Model {
                equipment_id: id,
                scope_id: last.id,
                effective_from: from,
                effective_to: last.effective_to,
                agency: lab.agency.clone(),
            }));
        }
    }
    made
}

/// One item in the making.
struct Item<'a> {
    plan: &'a Plan,
    house: &'a House,
    lab: &'a lab::Model,
    instrument: &'static Instrument,
    number: u64,
    random: &'a mut Random,
    made: &'a mut Equipment,
}

impl Item<'_> {
    /// Makes its revisions and its calibrations; answers its id and the date since which it is there.
    fn make(&mut self) -> (EquipmentId, NaiveDate) {
        let first = self.first();
        let (id, since) = (first.id, first.effective_from);
        let turn = self.house.place * 13 + self.number;
        let status = dealt(&STATUSES, turn);
        self.calibrate(&first, dealt(&CARES, turn + 5));
        self.move_to(first, status);
        (id, since)
    }

    fn first(&mut self) -> equipment::Model {
        let (instrument, number) = (self.instrument, self.number);
        let since = self.plan.today() - TimeDelta::days(self.random.days(900, 2_500));
        let letters = instrument.letters;
        equipment::Model {
            id: EquipmentId(self.plan.ids(self.house.place).id(Kind::Equipment, number)),
            revision: 1,
            lab_id: self.lab.id,
            agency: self.lab.agency.clone(),
            asset_code: format!("{letters}-{:04}", number + 1),
            name_zh: format!("{}{MARK_ZH}", instrument.name_zh),
            name_en: Some(instrument.name_en.to_owned()),
            class: Some(instrument.class.to_owned()),
            manufacturer: Some((*self.random.pick(&MAKERS)).to_owned()),
            model: Some(format!("{letters}-{}", self.random.days(10, 99) * 10)),
            serial_number: Some(format!("DEMO{:08}", self.random.below(100_000_000))),
            measuring_range: Some(instrument.range.to_owned()),
            uncertainty: Some(instrument.uncertainty.to_owned()),
            status: EquipmentStatus::InService,
            status_reason: None,
            commissioned_on: Some(since),
            visibility: self.lab.visibility,
            effective_from: since,
            effective_to: FOREVER,
            recorded_at: entered(since, self.plan),
        }
    }

    /// The first revision, and the next where the status has changed since; one in twelve was out for a while.
    fn move_to(&mut self, first: equipment::Model, status: EquipmentStatus) {
        let back = |days: i64| self.plan.today() - TimeDelta::days(days);
        let steps = match status {
            EquipmentStatus::OutOfService => {
                vec![(back(self.random.days(3, 90)), status, Some("故障待修（演示数据）"))]
            }
            EquipmentStatus::Retired => {
                vec![(back(self.random.days(30, 300)), status, Some("超过使用年限（演示数据）"))]
            }
            EquipmentStatus::InService if self.random.below(12) == 0 => vec![
                (back(self.random.days(200, 400)), EquipmentStatus::OutOfService, Some("送修（演示数据）")),
                (back(self.random.days(60, 190)), status, None),
            ],
            EquipmentStatus::InService => Vec::new(),
        };
        let mut last = first;
        for (on, status, reason) in steps {
            let next = equipment::Model {
                revision: last.revision + 1,
                status,
                status_reason: reason.map(str::to_owned),
                effective_from: on,
                recorded_at: entered(on, self.plan),
                ..last.clone()
            };
            last.effective_to = on;
            self.made.items.push(std::mem::replace(&mut last, next));
        }
        self.made.items.push(last);
    }

    fn calibrate(&mut self, item: &equipment::Model, care: Care) {
        let term = Months::new(self.instrument.months);
        let today = self.plan.today();
        let recent = match care {
            Care::Never => return,
            Care::Overdue => today - term - TimeDelta::days(self.random.days(3, 120)),
            Care::DueSoon => today - term + TimeDelta::days(self.random.days(2, 30)),
            _ => today - TimeDelta::days(self.random.days(5, 140)),
        };
        let result = match care {
            Care::Failed => CalibrationResult::Failed,
            Care::Limited => CalibrationResult::Limited,
            _ => CalibrationResult::Passed,
        };
        let mut rows: Vec<(NaiveDate, CalibrationResult, bool)> = vec![(recent, result, false)];
        let earlier = recent - term + TimeDelta::days(10);
        if earlier > item.effective_from {
            rows.insert(0, (earlier, CalibrationResult::Passed, false));
        }
        if care == Care::Voided {
            rows.push((recent + TimeDelta::days(1), CalibrationResult::Passed, true));
        }
        for (at, (on, result, void)) in (0_u64..).zip(rows) {
            self.made.calibrations.push(self.calibration(item, at, (on.max(item.effective_from), result, void)));
        }
    }

    fn calibration(
        &self,
        item: &equipment::Model,
        at: u64,
        (on, result, void): (NaiveDate, CalibrationResult, bool),
    ) -> calibration::Model {
        let local = self.number * CALIBRATIONS_EACH + at;
        calibration::Model {
            id: CalibrationId(self.plan.ids(self.house.place).id(Kind::Calibration, local)),
            equipment_id: item.id,
            agency: item.agency.clone(),
            performed_on: on,
            due_on: on + Months::new(self.instrument.months) - TimeDelta::days(1),
            certificate_number: Some(format!("DEMO-JZ-{:07}-{local:04}", self.house.place)),
            provider: Some(PROVIDERS[usize::try_from(local % 4).unwrap_or(0)].to_owned()),
            result,
            remarks: (result == CalibrationResult::Limited).then(|| "只限部分量程使用（演示数据）".to_owned()),
            voided_on: void.then(|| on + TimeDelta::days(2)),
            void_reason: void.then(|| "重复录入（演示数据）".to_owned()),
            version: if void { 2 } else { 1 },
            recorded_at: entered(on, self.plan),
        }
    }
}
