//! Certificates in every state, with the revisions that led there, their covers and the editions of their annexes.

use chrono::{Datelike, NaiveDate, TimeDelta};
use entity::{
    FOREVER, certificate, certificate_lab,
    enums::{
        CertificateScheme, CertificateStatus,
        ScopeVersionReason::{self, Correction, Extension, Initial, Reassessment, Reduction, StandardChange},
        Standing,
    },
    ids::{CertificateId, ScopeVersionId},
    scope_version,
};

use super::{
    ids::Kind,
    institution::{House, entered},
    naming::MARK_ZH,
    plan::Plan,
    random::{Random, dealt},
};
use crate::directory::certificate::number;

const DOMAIN: u64 = 2;
/// Certificates hold for six years.
const TERM: i64 = 2_191;

/// What has become of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Active,
    EndsSoon,
    Renewed,
    Resumed,
    Expired,
    Suspended,
    Withdrawn,
    NotYet,
}

const FATES: [Fate; 25] = {
    let mut deck = [Fate::Active; 25];
    deck[1] = Fate::EndsSoon;
    deck[4] = Fate::Renewed;
    deck[7] = Fate::Expired;
    deck[10] = Fate::Suspended;
    deck[13] = Fate::Resumed;
    deck[16] = Fate::Withdrawn;
    deck[19] = Fate::EndsSoon;
    deck[22] = Fate::NotYet;
    deck[24] = Fate::Renewed;
    deck
};
const THIRD: [ScopeVersionReason; 8] =
    [StandardChange, Reassessment, StandardChange, Reduction, StandardChange, Correction, StandardChange, Reassessment];

/// A certificate with all that hangs on it but the lines.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// Its revisions, the last one last.
    pub revisions: Vec<certificate::Model>,
    /// The labs that it covers.
    pub covers: Vec<certificate_lab::Model>,
    /// The editions of its annex, in order.
    pub editions: Vec<scope_version::Model>,
}

/// The certificates of an institution: one of the state always, others for some.
pub fn all(plan: &Plan, house: &House) -> Vec<Certificate> {
    let mut random = Random::stream(plan.size().seed, DOMAIN, house.place);
    let mut schemes = vec![CertificateScheme::Cma];
    if house.place % 3 == 1 {
        schemes.push(CertificateScheme::Cnas);
    }
    if house.fields.iter().any(|field| matches!(field.name, "农林渔牧业" | "食品及食品接触材料")) {
        schemes.push(CertificateScheme::Other);
    }
    (0_u64..).zip(schemes).map(|each| one(plan, house, each, &mut random)).collect()
}

fn one(plan: &Plan, house: &House, (local, scheme): (u64, CertificateScheme), random: &mut Random) -> Certificate {
    let today = plan.today();
    let fate = dealt(&FATES, house.place * 3 + local * 5);
    let day = |days: i64| today + TimeDelta::days(days);
    let from = match fate {
        Fate::EndsSoon => day(random.days(1, 60) - TERM),
        Fate::Expired => day(-random.days(5, 400) - TERM),
        Fate::NotYet => day(random.days(10, 60)),
        _ => day(-random.days(450, 1_500)),
    };
    let number = printed_number(house, scheme, from);
    let known = from.min(day(-15));
    let first = certificate::Model {
        id: CertificateId(plan.ids(house.place).id(Kind::Certificate, local)),
        revision: 1,
        institution_id: house.row.id,
        agency: house.row.agency.clone(),
        scheme,
        number_key: number::read(&number).normalised,
        number,
        issuer: Some(issuer(house, scheme)),
        valid_from: from,
        valid_to: Some(from + TimeDelta::days(TERM - 1)),
        status: CertificateStatus::Active,
        status_reason: None,
        visibility: house.row.visibility,
        effective_from: known,
        effective_to: FOREVER,
        recorded_at: entered(known, plan),
    };
    let id = first.id;
    let covers = covers(house, id, known, today);
    let editions = editions(plan, house, (id, local, from), random);
    Certificate { revisions: revisions(plan, first, fate, random), covers, editions }
}

/// The revisions that end in `fate`.
fn revisions(plan: &Plan, first: certificate::Model, fate: Fate, random: &mut Random) -> Vec<certificate::Model> {
    use CertificateStatus::{Active, Suspended, Withdrawn};
    let back = |days: i64| plan.today() - TimeDelta::days(days);
    let mut steps: Vec<(NaiveDate, CertificateStatus, Option<&str>)> = match fate {
        Fate::Suspended => vec![(back(random.days(5, 120)), Suspended, Some("监督检查发现不符合项，责令整改"))],
        Fate::Resumed => vec![
            (back(random.days(200, 400)), Suspended, Some("能力验证结果不满意")),
            (back(random.days(20, 150)), Active, None),
        ],
        Fate::Withdrawn => vec![
            (back(random.days(200, 400)), Suspended, Some("未按期完成整改")),
            (back(random.days(10, 150)), Withdrawn, Some("逾期未整改，撤销")),
        ],
        _ => Vec::new(),
    };
    let mut rows = vec![first];
    if fate == Fate::Renewed {
        renewed(plan, &mut rows);
    }
    for (on, status, reason) in steps.drain(..) {
        let last = rows.len() - 1;
        rows[last].effective_to = on;
        let next = certificate::Model {
            revision: rows[last].revision + 1,
            status,
            status_reason: reason.map(|reason| format!("{reason}{MARK_ZH}")),
            effective_from: on,
            effective_to: FOREVER,
            recorded_at: entered(on, plan),
            ..rows[last].clone()
        };
        rows.push(next);
    }
    rows
}

/// Puts the term before this one in front.
fn renewed(plan: &Plan, rows: &mut Vec<certificate::Model>) {
    let Some(now) = rows.first_mut() else { return };
    let earlier = now.valid_from - TimeDelta::days(TERM);
    let before = certificate::Model {
        valid_from: earlier,
        valid_to: Some(now.valid_from - TimeDelta::days(1)),
        effective_from: earlier,
        effective_to: now.valid_from,
        recorded_at: entered(earlier, plan),
        ..now.clone()
    };
    (now.revision, now.effective_from) = (2, now.valid_from);
    rows.insert(0, before);
}

/// Every lab; those that have retired, until a hundred days ago.
fn covers(house: &House, id: CertificateId, from: NaiveDate, today: NaiveDate) -> Vec<certificate_lab::Model> {
    let ended = (today - TimeDelta::days(100)).max(from);
    let cover = |lab: &entity::lab::Model| certificate_lab::Model {
        certificate_id: id,
        lab_id: lab.id,
        effective_from: from,
        effective_to: if lab.standing == Standing::Retired { ended } else { FOREVER },
        agency: house.row.agency.clone(),
    };
    house.labs.iter().map(cover).filter(|cover| cover.effective_from < cover.effective_to).collect()
}

/// One edition where the certificate is young, three otherwise.
fn editions(
    plan: &Plan,
    house: &House,
    (id, local, from): (CertificateId, u64, NaiveDate),
    random: &mut Random,
) -> Vec<scope_version::Model> {
    let end = plan.today().min(from + TimeDelta::days(TERM - 1));
    let span = (end - from).num_days();
    let mut dates = vec![(from, Initial)];
    if span >= 90 {
        let second = from + TimeDelta::days(span / 3 + random.days(-10, 10));
        let third = from + TimeDelta::days(span * 2 / 3 + random.days(-10, 10));
        dates.extend([(second, Extension), (third, dealt(&THIRD, house.place + local))]);
    }
    let ids = plan.ids(house.place);
    let row = |(at, (dated, reason)): (u64, (NaiveDate, ScopeVersionReason))| scope_version::Model {
        id: ScopeVersionId(ids.id(Kind::ScopeVersion, local * 8 + at)),
        certificate_id: id,
        agency: house.row.agency.clone(),
        edition: i32::try_from(at + 1).unwrap_or(1),
        reason,
        dated,
        remarks: Some("演示数据".to_owned()),
        recorded_at: entered(dated, plan),
    };
    (0_u64..).zip(dates).map(row).collect()
}

/// A number in due form, in a range that no issuer gives out: field digits 99, kind digits from 90 on.
fn printed_number(house: &House, scheme: CertificateScheme, from: NaiveDate) -> String {
    let place = house.place;
    match scheme {
        CertificateScheme::Cma => {
            let year = from.year() % 100;
            format!("{year:02}{}99{:02}{:04}", house.province.issuer, 90 + place / 10_000 % 10, place % 10_000)
        }
        CertificateScheme::Cnas => format!("CNAS L9{:05}", place % 100_000),
        CertificateScheme::Other => {
            format!("({}) 农质检核（{}）字第9{place:05}号", from.year(), house.province.letter)
        }
    }
}

fn issuer(house: &House, scheme: CertificateScheme) -> String {
    match scheme {
        CertificateScheme::Cma => format!("{}市场监督管理局", house.province.name_zh),
        CertificateScheme::Cnas => "中国合格评定国家认可委员会".to_owned(),
        CertificateScheme::Other => format!("{}农业农村厅", house.province.name_zh),
    }
}
