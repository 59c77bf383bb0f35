//! What labs open to others: tests of all that they do, of one field or of a few lines, time at an instrument, and here
//! and there a course, an expert or reference material.

use chrono::{NaiveDate, TimeDelta};
use entity::{
    FOREVER, capacity_calendar,
    enums::{EquipmentStatus, OfferingKind, OfferingStatus, PriceBasis, Standing, Visibility},
    equipment,
    ids::OfferingId,
    lab, offering, offering_equipment, offering_scope,
};
use serde_json::{Value, json};

use super::{
    calendar as calendars,
    ids::Kind,
    institution::{House, entered},
    line::Line,
    naming::{MARK_EN, MARK_ZH},
    plan::Plan,
    random::{Random, dealt},
};
use crate::directory::agency::members::MEMBERS;

const DOMAIN: u64 = 6;
/// Ids that the offerings of one lab may use.
const EACH: u64 = 4;
/// Lines that an offering of a few names.
const FEW: usize = 5;

const STATUSES: [OfferingStatus; 20] = {
    let mut deck = [OfferingStatus::Active; 20];
    deck[4] = OfferingStatus::Paused;
    deck[9] = OfferingStatus::Draft;
    deck[14] = OfferingStatus::Paused;
    deck[18] = OfferingStatus::Archived;
    deck
};
const BASES: [(PriceBasis, Option<&str>); 6] = [
    (PriceBasis::PerParameter, Some("120.00")),
    (PriceBasis::PerUnit, Some("680.00")),
    (PriceBasis::OnRequest, None),
    (PriceBasis::PerParameter, Some("85.50")),
    (PriceBasis::Free, None),
    (PriceBasis::PerUnit, None),
];
/// Kind, titles and unit of what a few labs offer besides.
const BESIDES: [(OfferingKind, &str, &str, &str); 3] = [
    (OfferingKind::TrainingSeat, "检验技能培训名额", "Places in a training of skills", "人次"),
    (OfferingKind::Expert, "专家技术支持", "Work of an expert", "人日"),
    (OfferingKind::ReferenceMaterial, "标准物质分装", "Reference material", "支"),
];

/// What a testing offering covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Covers {
    WholeLab,
    Field,
    Lines,
}

const COVERS: [Covers; 6] =
    [Covers::WholeLab, Covers::Field, Covers::WholeLab, Covers::Lines, Covers::Field, Covers::WholeLab];

/// The offerings of one lab.
#[derive(Clone, Debug, Default)]
pub struct Offerings {
    /// The rows.
    pub rows: Vec<offering::Model>,
    /// Which lines they name.
    pub lines: Vec<offering_scope::Model>,
    /// Which items they name.
    pub equipment: Vec<offering_equipment::Model>,
    /// How much they give, and when.
    pub calendars: Vec<capacity_calendar::Model>,
}

/// What one lab has to offer. `local` is its place within the institution; `items` are the revisions of its equipment.
pub struct Bench<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The institution.
    pub house: &'a House,
    /// Place within the institution.
    pub local: u64,
    /// The lab.
    pub lab: &'a lab::Model,
    /// Its lines.
    pub lines: &'a [Line],
    /// The revisions of its equipment.
    pub items: &'a [equipment::Model],
}

impl Bench<'_> {
    /// What it opens: an active lab tests for others, but for one in ten.
    pub fn offerings(&self) -> Offerings {
        let mut made = Offerings::default();
        let (first, _) = self.plan.labs_of(self.house.place);
        let turn = first + self.local;
        if self.lab.standing != Standing::Active || turn % 10 == 6 {
            return made;
        }
        let mut random = Random::stream(self.plan.size().seed, DOMAIN, turn);
        self.test(turn, &mut random, &mut made);
        if turn % 4 == 1 {
            self.lend(turn, &mut random, &mut made);
        }
        if turn % 8 == 3 {
            let (kind, zh, en, unit) = dealt(&BESIDES, turn / 8);
            let row = self.row(&made, turn + 3, (kind, zh, en), &mut random);
            made.rows.push(offering::Model { unit: unit.to_owned(), ..row });
        }
        // One lab in six states nothing.
        if turn % 6 != 4 {
            made.calendars = (turn..).zip(&made.rows).map(|(turn, row)| calendars::of(row, turn)).collect();
        }
        made
    }

    fn test(&self, turn: u64, random: &mut Random, made: &mut Offerings) {
        let field = self.house.fields[0].name;
        let in_force = self.lines.iter().filter_map(|line| line.revisions.last());
        let in_force = in_force.filter(|line| line.effective_to == FOREVER);
        let few: Vec<_> = match dealt(&COVERS, turn) {
            Covers::Lines => in_force.take(FEW).collect(),
            Covers::WholeLab | Covers::Field => Vec::new(),
        };
        let (zh, fields) = match dealt(&COVERS, turn) {
            Covers::Field => (format!("{field}检验"), json!([field])),
            Covers::Lines if !few.is_empty() => ("专项检验".to_owned(), json!([])),
            Covers::Lines | Covers::WholeLab => ("委托检验".to_owned(), json!([])),
        };
        let days = i32::try_from(random.days(3, 15)).unwrap_or(3);
        let row = self.row(made, turn, (OfferingKind::Testing, &zh, "Testing"), random);
        let row = offering::Model {
            fields,
            unit: "样品".to_owned(),
            turnaround_days: Some(days),
            urgent_turnaround_days: random.percent(40).then_some((days / 2).max(1)),
            quantity_max: random.percent(30).then_some(200),
            ..row
        };
        made.lines.extend(few.into_iter().map(|line| offering_scope::Model {
            offering_id: row.id,
            scope_id: line.id,
            effective_from: line.effective_from.max(self.since(&row)),
            effective_to: FOREVER,
            agency: row.agency.clone(),
        }));
        made.rows.push(row);
    }

    /// Time at the first item in service.
    fn lend(&self, turn: u64, random: &mut Random, made: &mut Offerings) {
        let last = self.items.iter().filter(|item| item.effective_to == FOREVER);
        let Some(item) = last.into_iter().find(|item| item.status == EquipmentStatus::InService) else { return };
        let zh = format!("{}机时", item.name_zh.trim_end_matches(MARK_ZH));
        let row = self.row(made, turn + 1, (OfferingKind::EquipmentTime, &zh, "Hours at an instrument"), random);
        let row = offering::Model {
            unit: "小时".to_owned(),
            price_basis: PriceBasis::PerUnit,
            price_amount: Some("300.00".to_owned()),
            quantity_min: Some(2),
            quantity_max: Some(40),
            ..row
        };
        made.equipment.push(offering_equipment::Model {
            offering_id: row.id,
            equipment_id: item.id,
            effective_from: self.since(&row),
            effective_to: FOREVER,
            agency: row.agency.clone(),
        });
        made.rows.push(row);
    }

    /// The next row of the lab.
    fn row(
        &self,
        made: &Offerings,
        turn: u64,
        (kind, zh, en): (OfferingKind, &str, &str),
        random: &mut Random,
    ) -> offering::Model {
        let number = made.rows.len() as u64;
        let status = dealt(&STATUSES, turn);
        let (visibility, shown_to) = self.shown(turn, random);
        let (price_basis, amount) = dealt(&BASES, turn);
        let at = entered(self.plan.today() - TimeDelta::days(random.days(30, 400)), self.plan);
        offering::Model {
            id: OfferingId(self.plan.ids(self.house.place).id(Kind::Offering, self.local * EACH + number)),
            agency: self.lab.agency.clone(),
            lab_id: Some(self.lab.id),
            code: format!("{}-{:02}", self.lab.code, number + 1),
            kind,
            title_zh: format!("{zh}{MARK_ZH}"),
            title_en: Some(format!("{en}{MARK_EN}")),
            description: None,
            status,
            status_reason: match status {
                OfferingStatus::Paused => Some("任务饱和，暂停受理（演示数据）".to_owned()),
                OfferingStatus::Archived => Some("业务调整（演示数据）".to_owned()),
                OfferingStatus::Draft | OfferingStatus::Active => None,
            },
            visibility,
            shown_to,
            fields: json!([]),
            coverage_revision: 1,
            unit: String::new(),
            price_basis,
            price_amount: amount.map(str::to_owned),
            lead_days: i32::try_from(random.days(0, 5)).unwrap_or(0),
            turnaround_days: None,
            urgent_turnaround_days: None,
            quantity_min: None,
            quantity_max: None,
            conditions: random.percent(20).then(|| "样品须附抽样单（演示数据）".to_owned()),
            valid_from: None,
            valid_to: random.percent(25).then(|| self.plan.today() + TimeDelta::days(random.days(60, 500))),
            opened_at: (status != OfferingStatus::Draft).then_some(at),
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    /// One in six is for two named agencies; what an institution keeps to itself stays so.
    fn shown(&self, turn: u64, random: &mut Random) -> (Visibility, Value) {
        if self.lab.visibility == Visibility::Own || turn % 6 != 2 {
            return (self.lab.visibility, json!([]));
        }
        let own = self.lab.agency.as_str();
        let mut others: Vec<&str> = MEMBERS.map(|member| member.code).into_iter().filter(|code| *code != own).collect();
        others.remove(random.index(others.len()));
        others.remove(random.index(others.len()));
        others.sort_unstable();
        (Visibility::Own, json!(others))
    }

    fn since(&self, row: &offering::Model) -> NaiveDate {
        row.created_at.date_naive().min(self.plan.today())
    }
}
