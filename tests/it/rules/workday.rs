//! Working days.

use chrono::{Datelike, NaiveDate, Weekday};
use labpact::platform::workday::{Calendar, DayKind, Deadline};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a test writes real days")
}

/// Start, working days, due date: computed from the shipped list, the start day not counted.
const DUE: &[(&str, i32, &str)] = &[
    ("2025-01-24", 1, "2025-01-26"),
    ("2025-01-24", 7, "2025-02-10"),
    ("2025-01-24", 20, "2025-02-27"),
    ("2025-09-26", 5, "2025-10-10"),
    ("2025-09-26", 10, "2025-10-16"),
    ("2025-12-30", 1, "2025-12-31"),
    ("2025-12-30", 7, "2026-01-09"),
    ("2025-12-30", 20, "2026-01-28"),
    ("2026-02-13", 5, "2026-02-27"),
    ("2026-02-13", 10, "2026-03-05"),
    ("2026-04-03", 1, "2026-04-07"),
    ("2026-04-03", 7, "2026-04-15"),
    ("2026-04-03", 20, "2026-05-07"),
    ("2026-04-30", 5, "2026-05-11"),
    ("2026-04-30", 10, "2026-05-18"),
    ("2026-09-24", 1, "2026-09-28"),
    ("2026-09-24", 7, "2026-10-12"),
    ("2026-09-24", 20, "2026-10-29"),
    ("2026-09-30", 5, "2026-10-13"),
    ("2026-09-30", 10, "2026-10-20"),
];

#[test]
fn deadlines_of_the_known_years() {
    for (start, count, due) in DUE {
        let deadline = Calendar::shipped().add_workdays(day(start), *count);
        assert_eq!(deadline, Deadline { date: day(due), provisional: false }, "{start} + {count}");
        assert_eq!(Calendar::shipped().workdays_between(day(start), day(due)), i64::from(*count));
    }
}

#[test]
fn make_up_days_work_and_holidays_do_not() {
    let calendar = Calendar::shipped();
    assert!(calendar.is_workday(day("2025-01-26")), "Sunday, made up for");
    assert!(!calendar.is_workday(day("2025-01-28")), "Tuesday, Spring Festival");
    assert!(!calendar.is_workday(day("2026-11-22")), "an ordinary Sunday");
    assert!(calendar.is_workday(day("2026-11-23")), "an ordinary Monday");
}

#[test]
fn every_shipped_row_is_there() {
    let calendar = Calendar::shipped();
    assert_eq!(calendar.rows().count(), 769);
    assert!((2004..=2026).all(|year| calendar.knows(year)));
    assert!(!calendar.knows(2003) && !calendar.knows(2027));
}

#[test]
fn beyond_the_known_years_a_deadline_is_provisional() {
    let calendar = Calendar::shipped();
    let deadline = calendar.add_workdays(day("2026-12-30"), 5);
    assert_eq!(deadline, Deadline { date: day("2027-01-06"), provisional: true });
    assert!(!calendar.add_workdays(day("2026-12-30"), 1).provisional);
    let known = Calendar::new(calendar.rows().chain([(day("2027-01-01"), DayKind::Holiday)]));
    assert_eq!(known.add_workdays(day("2026-12-30"), 5), Deadline { date: day("2027-01-07"), provisional: false });
}

#[test]
fn counting_back_and_not_at_all() {
    let calendar = Calendar::shipped();
    assert_eq!(calendar.add_workdays(day("2025-02-05"), -1).date, day("2025-01-27"));
    assert_eq!(calendar.add_workdays(day("2025-01-28"), 0).date, day("2025-01-28"));
    assert_eq!(calendar.workdays_between(day("2025-02-05"), day("2025-01-27")), -1);
    let end = calendar.add_workdays(NaiveDate::MAX, 3);
    assert_eq!(end, Deadline { date: NaiveDate::MAX, provisional: true });
}

#[test]
fn a_later_row_corrects_an_earlier_one() {
    let monday = day("2030-01-07");
    let calendar = Calendar::new([(monday, DayKind::Holiday), (monday, DayKind::Workday)]);
    assert!(calendar.is_workday(monday));
}

proptest! {
    #[test]
    fn adding_and_counting_agree(offset in 0_u64..9_000, count in -400_i32..400) {
        let start = day("2003-06-01") + chrono::Days::new(offset);
        let calendar = Calendar::shipped();
        let due = calendar.add_workdays(start, count).date;
        prop_assert_eq!(calendar.workdays_between(start, due), i64::from(count));
        prop_assert!(count == 0 || calendar.is_workday(due));
    }

    #[test]
    fn counting_is_what_walking_finds(offset in 0_u64..9_000, length in 0_u64..500) {
        let calendar = Calendar::shipped();
        let from = day("2003-06-01") + chrono::Days::new(offset);
        let to = from + chrono::Days::new(length);
        let walked = from.iter_days().skip(1).take_while(|date| *date <= to).filter(|date| calendar.is_workday(*date)).count();
        prop_assert_eq!(calendar.workdays_between(from, to), i64::try_from(walked).unwrap());
    }

    #[test]
    fn without_a_list_the_week_rules(offset in 0_u64..20_000) {
        let date = day("2000-01-01") + chrono::Days::new(offset);
        let free = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        prop_assert_eq!(Calendar::default().is_workday(date), !free);
    }
}
