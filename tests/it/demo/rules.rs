//! The rows keep the register's own rules.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::{
    FOREVER, Revised,
    enums::{OfferingKind, OfferingStatus, Standing, Visibility},
    ids::LabId,
};
use labpact::{
    capacity::calendar::model::{Listed, Rules},
    demo::{MARK_EN, MARK_ZH, Part, Size},
    directory::{
        agency::members,
        certificate::number::{self, Form},
        institution::uscc::{self, Verdict},
        region::divisions::{division_of, haversine_km},
        scope::serial::sort_key,
        standard::number::StandardNumber,
    },
};

use super::{all, plan, today};

#[test]
fn names_are_marked_and_codes_are_valid() {
    let mut codes = HashSet::new();
    for part in all() {
        let row = &part.institution;
        assert!(row.name_zh.ends_with(MARK_ZH) && row.name_en.as_ref().is_some_and(|name| name.ends_with(MARK_EN)));
        let code = row.uscc.as_deref().expect("a code");
        assert!(matches!(uscc::judge(code), Verdict::Valid(_)), "{code}");
        // The inner check is looked at where the outer one is broken.
        let broken = format!("{}{}", &code[..17], if code.ends_with('0') { '1' } else { '0' });
        assert!(matches!(uscc::judge(&broken), Verdict::ValidWithWarning(_)), "{broken}");
        assert!(codes.insert(code.to_owned()));
        let member = members::member_of_division(row.region.as_str()).expect("a province of the pact");
        assert_eq!(member.code, row.agency.as_str());
        assert_eq!(row.standing_reason.is_some(), row.standing != Standing::Active);
        for lab in &part.labs {
            assert!(lab.name_zh.ends_with(MARK_ZH) && lab.code.starts_with("DEMO-"));
            assert!(lab.contact_email.as_ref().is_some_and(|mail| mail.ends_with("@example.org")));
            let division = division_of(lab.region.as_str()).expect("a division in use");
            let at = labpact::directory::region::divisions::Point {
                longitude: lab.longitude.expect("a point"),
                latitude: lab.latitude.expect("a point"),
            };
            assert!(haversine_km(division.point, at) < 6.0);
            assert!(codes.insert(format!("{}{}", lab.agency.as_str(), lab.code)));
        }
    }
}

#[test]
fn certificates_and_lines_are_read_as_they_are_stored() {
    for part in all() {
        for row in &part.certificates {
            let read = number::read(&row.number);
            assert_eq!(read.normalised, row.number_key);
            if let Form::Cma(parts) = read.form {
                assert_eq!(parts.field, "99");
                let division = number::cma_issuer_division(&parts.issuer).expect("an issuer");
                assert_eq!(members::member_of_division(division).expect("a member").code, row.agency.as_str());
            }
            assert!(Some(row.valid_from) <= row.valid_to);
        }
        for line in &part.lines {
            assert_eq!(sort_key(&line.serial), line.serial_key);
            let read = StandardNumber::parse(&line.method).unwrap_or_else(|fault| panic!("{}: {fault}", line.method));
            assert_eq!(Some(read.key()), line.standard_key);
            assert_eq!(read.year.map(i32::from), line.standard_year);
            assert_eq!(read.suffix, line.clause, "{}", line.method);
        }
    }
}

#[test]
fn revisions_follow_each_other_without_gap() {
    for part in all() {
        follow(&part.certificates);
        follow(&part.lines);
        follow(&part.equipment);
        assert!(part.calibrations.iter().all(|row| row.performed_on <= row.due_on && row.performed_on <= today()));
        assert!(part.needs.iter().all(|row| row.effective_from < row.effective_to));
        assert!(part.covers.iter().all(|row| row.effective_from < row.effective_to));
        assert!(part.authorisations.iter().all(|row| row.effective_from < row.effective_to));
        assert!(part.signatories.iter().all(|row| row.valid_to.is_none_or(|end| row.valid_from <= end)));
        editions(&part);
    }
}

/// Every revision is numbered from 1, begins where the one before ends, and lasts.
fn follow<M: Revised>(rows: &[M]) {
    let mut last: HashMap<String, (i32, NaiveDate)> = HashMap::new();
    for row in rows {
        let (from, to) = row.span();
        assert!(from < to, "{} {}", M::KIND, row.key());
        match last.insert(row.key(), (row.revision(), to)) {
            None => assert_eq!(row.revision(), 1),
            Some((revision, end)) => assert_eq!((revision + 1, end), (row.revision(), from), "{}", row.key()),
        }
    }
}

/// Lines stand in an edition of their own certificate, from its date on, at a lab of the institution.
fn editions(part: &Part) {
    let editions: HashMap<_, _> = part.editions.iter().map(|row| (row.id, row)).collect();
    let labs: HashSet<LabId> = part.labs.iter().map(|row| row.id).collect();
    for line in &part.lines {
        let edition = editions[&line.scope_version_id];
        assert_eq!((edition.certificate_id, edition.dated), (line.certificate_id, line.effective_from));
        assert!(labs.contains(&line.lab_id));
    }
    let mut ends: HashMap<_, NaiveDate> = HashMap::new();
    for row in &part.editions {
        if let Some(before) = ends.insert(row.certificate_id, row.dated) {
            assert!(before < row.dated);
        }
    }
}

/// What an offering names belongs to its lab and was in force; most active labs offer something, and no other does.
#[test]
fn offerings_keep_to_their_labs() {
    let (mut active, mut offering, mut codes) = (0, 0, HashSet::new());
    for part in all() {
        let labs: HashMap<LabId, _> = part.labs.iter().map(|row| (row.id, row)).collect();
        let rows: HashMap<_, _> = part.offerings.iter().map(|row| (row.id, row)).collect();
        for row in &part.offerings {
            let lab = labs[&row.lab_id.expect("a lab")];
            assert_eq!((lab.standing, &lab.agency), (Standing::Active, &row.agency));
            assert!(row.title_zh.ends_with(MARK_ZH) && codes.insert((row.agency.clone(), row.code.clone())));
            assert_eq!(row.opened_at.is_none(), row.status == OfferingStatus::Draft);
            assert!(row.visibility == Visibility::Own || row.shown_to.as_array().is_some_and(Vec::is_empty));
            let is_testing = row.kind == OfferingKind::Testing;
            assert_eq!(row.turnaround_days.is_some_and(|days| (3..=15).contains(&days)), is_testing);
            let items = part.offered_equipment.iter().filter(|link| link.offering_id == row.id).count();
            assert_eq!(items, usize::from(row.kind == OfferingKind::EquipmentTime));
        }
        for link in &part.offered_lines {
            let line = part.lines.iter().find(|row| row.id == link.scope_id && row.effective_to == FOREVER);
            assert_eq!(Some(line.expect("in force").lab_id), rows[&link.offering_id].lab_id);
        }
        for link in &part.offered_equipment {
            let item = part.equipment.iter().find(|row| row.id == link.equipment_id).expect("an item");
            assert_eq!(Some(item.lab_id), rows[&link.offering_id].lab_id);
        }
        let standing: Vec<_> = part.labs.iter().filter(|row| row.standing == Standing::Active).collect();
        active += standing.len();
        offering += standing.iter().filter(|lab| rows.values().any(|row| row.lab_id == Some(lab.id))).count();
    }
    assert!(offering * 10 > active * 8 && offering < active, "{offering} of {active}");
}

#[test]
fn ids_are_of_version_7_and_all_different() {
    let mut seen = HashSet::new();
    for part in plan(Size { labs: 500, scope_lines: 3_000, seed: 9 }).parts() {
        assert_eq!(part.institution.id.0.get_version_num(), 7);
        let mut ids = vec![part.institution.id.0];
        ids.extend(part.labs.iter().map(|row| row.id.0));
        ids.extend(part.certificates.iter().filter(|row| row.revision == 1).map(|row| row.id.0));
        ids.extend(part.editions.iter().map(|row| row.id.0));
        ids.extend(part.lines.iter().filter(|row| row.revision == 1).map(|row| row.id.0));
        ids.extend(part.equipment.iter().filter(|row| row.revision == 1).map(|row| row.id.0));
        ids.extend(part.calibrations.iter().map(|row| row.id.0));
        ids.extend(part.signatories.iter().map(|row| row.id.0));
        ids.extend(part.offerings.iter().map(|row| row.id.0));
        for id in ids {
            assert!(seen.insert(id), "{id}");
        }
    }
    let lines: Vec<_> =
        all().into_iter().flat_map(|part| part.lines).filter(|row| row.effective_to == FOREVER).collect();
    let ids: HashSet<_> = lines.iter().map(|row| row.id).collect();
    assert_eq!(ids.len(), lines.len());
    assert!(seen.len() > 3_000);
}

#[test]
fn most_offerings_say_how_much_they_give() {
    let (mut offerings, mut stating) = (0, 0);
    for part in all() {
        offerings += part.offerings.len();
        stating += part.calendars.len();
        let rows: HashMap<_, _> = part.offerings.iter().map(|row| (row.id, row)).collect();
        for calendar in part.calendars {
            let row = rows[&calendar.offering_id];
            let rules = Rules::new(calendar.clone(), Listed::default());
            // A Monday, the week of which has no holiday.
            let day = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
            let gives = match row.kind {
                OfferingKind::EquipmentTime => !rules.hours(day).is_empty(),
                _ => rules.quota(day).open > 0,
            };
            assert!(gives && calendar.agency == row.agency, "{calendar:?}");
        }
    }
    assert!(stating * 10 > offerings * 7 && stating < offerings, "{stating} of {offerings}");
}
