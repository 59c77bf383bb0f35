//! Authorised signatories: numbered, never named.

use chrono::TimeDelta;
use entity::{
    FOREVER,
    enums::Standing,
    ids::{ScopeId, SignatoryId},
    lab, signatory, signatory_scope,
};
use serde_json::json;

use super::{
    ids::Kind,
    institution::{House, entered},
    line::Line,
    naming::MARK_ZH,
    plan::Plan,
    random::{Random, dealt},
};

const DOMAIN: u64 = 5;
/// Most signatories of one lab.
const MOST: u64 = 4;
const TITLES: [&str; 4] = ["技术负责人", "质量负责人", "检测室主任", "授权签字人"];
const STANDINGS: [Standing; 20] = {
    let mut deck = [Standing::Active; 20];
    deck[9] = Standing::Suspended;
    deck[14] = Standing::Retired;
    deck
};

/// The signatories of one lab, and the lines for which some are authorised beyond their fields. `lab` is its place
/// within the institution.
pub fn of(
    plan: &Plan,
    house: &House,
    lab: u64,
    row: &lab::Model,
    lines: &[Line],
) -> (Vec<signatory::Model>, Vec<signatory_scope::Model>) {
    let mut random = Random::stream(plan.size().seed, DOMAIN, house.place * 8 + lab);
    let count = 1 + random.below(MOST);
    let people: Vec<_> = (0..count).map(|at| one(plan, house, row, lab * MOST + at, &mut random)).collect();
    let mut links = Vec::new();
    for person in people.iter().filter(|person| person.fields != json!([])).take(1) {
        links.extend(lines.iter().rev().take(3).filter_map(|line| link(person, line)));
    }
    (people, links)
}

fn one(plan: &Plan, house: &House, lab: &lab::Model, local: u64, random: &mut Random) -> signatory::Model {
    let turn = house.place * 7 + local;
    let standing = dealt(&STANDINGS, turn);
    let from = plan.today() - TimeDelta::days(random.days(300, 1_500));
    let valid_to = match turn % 10 {
        3 => Some(plan.today() - TimeDelta::days(random.days(3, 200))),
        5..=8 => Some(plan.today() + TimeDelta::days(random.days(100, 1_500))),
        _ => None,
    };
    let fields = if local.is_multiple_of(MOST) { json!([]) } else { json!([random.pick(&house.fields).name]) };
    let at = entered(from, plan);
    signatory::Model {
        id: SignatoryId(plan.ids(house.place).id(Kind::Signatory, local)),
        lab_id: lab.id,
        agency: lab.agency.clone(),
        code: format!("QZ-{:03}", local + 1),
        name: format!("授权签字人{:03}{MARK_ZH}", local + 1),
        title: Some((*random.pick(&TITLES)).to_owned()),
        fields,
        valid_from: from,
        valid_to,
        visibility: lab.visibility,
        standing,
        standing_reason: (standing != Standing::Active).then(|| "授权变更（演示数据）".to_owned()),
        version: 1,
        created_at: at,
        updated_at: at,
    }
}

fn link(person: &signatory::Model, line: &Line) -> Option<signatory_scope::Model> {
    let last = line.revisions.last()?;
    let from = line.revisions[0].effective_from.max(person.valid_from);
    let id: ScopeId = last.id;
    (from < last.effective_to).then(|| signatory_scope::Model {
        signatory_id: person.id,
        scope_id: id,
        effective_from: from,
        effective_to: FOREVER.min(last.effective_to),
        agency: person.agency.clone(),
    })
}
