//! The two machines themselves: every pair of status and event, drawn into the documentation, and a lint of both.

use std::{collections::BTreeSet, env, fmt::Write, fs, path::Path};

use entity::enums::{ReferralStatus, RequestStatus, Side};
use labpact::request::model::{
    machine::{Allowance, By, Next, Span, Word},
    need, referral,
};

const PAGE: &str = "docs/lifecycle.md";

fn referral_facts(lapses: i32, resumes: ReferralStatus) -> referral::Facts {
    referral::Facts { lapses, resumes }
}

/// Every outcome of a pair, over the facts that can tell.
fn referral_outcomes(status: ReferralStatus, event: referral::Event) -> BTreeSet<String> {
    let facts = [
        (0, ReferralStatus::Scheduled),
        (1, ReferralStatus::Scheduled),
        (0, ReferralStatus::InProgress),
        (1, ReferralStatus::InProgress),
    ];
    facts
        .into_iter()
        .map(|(lapses, resumes)| spelled(referral::next(status, event, referral_facts(lapses, resumes))))
        .collect()
}

fn request_outcomes(status: RequestStatus, event: need::Event) -> BTreeSet<String> {
    [0, 1].into_iter().map(|lapses| spelled(need::next(status, event, need::Facts { lapses }))).collect()
}

fn spelled<S: Word>(next: Next<S>) -> String {
    match next {
        Next::To(to) => format!("**{}**", to.word()),
        Next::Stay => "stays".to_owned(),
        Next::Refused(why) => why.word().to_owned(),
    }
}

fn who(by: By) -> String {
    let sides: Vec<&str> = by.sides.iter().map(|side| side.word()).collect();
    match by.scope {
        Some(scope) => format!("{} (`{scope}`)", sides.join(", ")),
        None => sides.join(", "),
    }
}

fn table<S: Word, E: Word>(page: &mut String, by: impl Fn(E) -> By, outcomes: impl Fn(S, E) -> BTreeSet<String>) {
    writeln!(page, "| event | by | leads to | refused or without effect |\n|---|---|---|---|").expect("written");
    for event in E::ALL {
        let (mut moves, mut rest) = (Vec::new(), std::collections::BTreeMap::<String, Vec<&str>>::new());
        for status in S::ALL {
            for outcome in outcomes(*status, *event) {
                match outcome.starts_with("**") {
                    true => moves.push(format!("{} → {outcome}", status.word())),
                    false => rest.entry(outcome).or_default().push(status.word()),
                }
            }
        }
        let rest: Vec<String> = rest.into_iter().map(|(how, states)| format!("{how}: {}", states.join(", "))).collect();
        let row = [format!("`{}`", event.word()), who(by(*event)), moves.join("<br>"), rest.join("<br>")];
        writeln!(page, "| {} |", row.join(" | ")).expect("written");
    }
}

fn clocks<S: Word>(page: &mut String, clock: impl Fn(S, i32) -> Option<Allowance>) {
    writeln!(page, "| status | whose step | usually | where urgent | after it ran out once |\n|---|---|---|---|---|")
        .expect("written");
    for status in S::ALL {
        let Some(first) = clock(*status, 0) else { continue };
        let again = clock(*status, 1).filter(|again| *again != first);
        let again = again.map_or(String::new(), |again| format!("{}: {}", again.side.word(), span(again.span, false)));
        let cells = [
            status.word().to_owned(),
            first.side.word().to_owned(),
            span(first.span, false),
            span(first.span, true),
            again,
        ];
        writeln!(page, "| {} |", cells.join(" | ")).expect("written");
    }
}

fn span(span: Span, urgent: bool) -> String {
    match span {
        Span::Halves(usual, short) => {
            let halves = if urgent { short } else { usual };
            let half = if halves % 2 == 1 { "½" } else { "" };
            let whole = if halves >= 2 { (halves / 2).to_string() } else { String::new() };
            format!("{whole}{half} working days")
        }
        Span::Start => "first day of the agreed work".to_owned(),
        Span::Report => "last day for the report".to_owned(),
        Span::Offer => "end of the offer".to_owned(),
        Span::Retry => "the date that the provider named".to_owned(),
        Span::NeedBy => "the date on which it is needed".to_owned(),
    }
}

fn page() -> String {
    let mut page = String::from(
        "# The life of requests and referrals\n\n\
         Drawn from the two functions that the server obeys (`src/request/model/need.rs`, `src/request/model/referral.rs`); a\n\
         test keeps it true. An event that is delivered twice, or late, has a defined end: it is without effect, or refused\n\
         with the code that stands here: `NOT_YET` (something else comes first), `TOO_LATE` (the step was passed), `NOT_NOW`\n\
         (something under way must be answered first), `OVER` (nothing leads out of an end).\n\n## Requests\n\n",
    );
    table::<RequestStatus, need::Event>(&mut page, need::by, request_outcomes);
    page.push_str("\nClocks:\n\n");
    clocks::<RequestStatus>(&mut page, |status, lapses| need::clock(status, need::Facts { lapses }));
    page.push_str("\nA draft belongs to its author. While a request is AGREED, IN_SERVICE or DELIVERED, its referrals have the clocks.\n\n## Referrals\n\n");
    table::<ReferralStatus, referral::Event>(&mut page, referral::by, referral_outcomes);
    page.push_str("\nClocks:\n\n");
    clocks::<ReferralStatus>(&mut page, |status, lapses| referral::clock(status, referral_facts(lapses, status)));
    page.push_str("\nA queued referral waits for its request. A deadline ends with its day, in Asia/Shanghai; half a working day that begins\nbefore noon of a working day ends with that day, any other at noon of the next working day.\n");
    page
}

#[test]
fn the_documentation_is_what_the_machines_do() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = page();
    if env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
        fs::write(&path, &page).expect("written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "{PAGE} is out of date; run this test with INSTA_UPDATE=always and look at the difference"
    );
}

#[test]
fn every_status_is_reached_and_nothing_leads_out_of_an_end() {
    let mut reached = BTreeSet::from(["QUEUED"]);
    for event in referral::Event::ALL {
        for status in ReferralStatus::ALL {
            for resumes in [ReferralStatus::Scheduled, ReferralStatus::InProgress] {
                for lapses in [0, 1] {
                    if let Next::To(to) = referral::next(*status, *event, referral_facts(lapses, resumes)) {
                        assert!(!referral::is_over(*status), "{status:?} is an end, but {event:?} leads out of it");
                        reached.insert(to.word());
                    }
                }
            }
        }
    }
    assert_eq!(reached.len(), ReferralStatus::ALL.len(), "{reached:?}");
    let mut reached = BTreeSet::from(["DRAFT"]);
    for event in need::Event::ALL {
        for status in RequestStatus::ALL {
            for lapses in [0, 1] {
                if let Next::To(to) = need::next(*status, *event, need::Facts { lapses }) {
                    assert!(!need::is_over(*status), "{status:?} is an end, but {event:?} leads out of it");
                    reached.insert(to.word());
                }
            }
        }
    }
    assert_eq!(reached.len(), RequestStatus::ALL.len(), "{reached:?}");
}

#[test]
fn every_status_has_a_clock_or_an_owner_and_every_event_a_side() {
    for status in ReferralStatus::ALL {
        let clock = referral::clock(*status, referral_facts(0, *status));
        let owned = *status == ReferralStatus::Queued;
        assert_eq!(clock.is_some(), !referral::is_over(*status) && !owned, "{status:?}");
    }
    for status in RequestStatus::ALL {
        let clock = need::clock(*status, need::Facts { lapses: 0 });
        let carried = matches!(
            status,
            RequestStatus::Draft | RequestStatus::Agreed | RequestStatus::InService | RequestStatus::Delivered
        );
        assert_eq!(clock.is_some(), !need::is_over(*status) && !carried, "{status:?}");
    }
    let said = |by: By| by.sides == [Side::System] || by.scope.is_some();
    assert!(need::Event::ALL.iter().all(|event| said(need::by(*event))));
    let amends = |event: &&referral::Event| **event != referral::Event::Amend;
    assert!(referral::Event::ALL.iter().filter(amends).all(|event| said(referral::by(*event))));
}

#[test]
fn the_clock_alone_brings_every_referral_to_an_end() {
    for status in ReferralStatus::ALL.iter().filter(|status| **status != ReferralStatus::Queued) {
        for resumes in [ReferralStatus::Scheduled, ReferralStatus::InProgress] {
            let (mut now, mut lapses, mut steps) = (*status, 0, 0);
            while !referral::is_over(now) {
                match referral::next(now, referral::Event::Lapse, referral_facts(lapses, resumes)) {
                    Next::To(to) => (now, lapses) = (to, 0),
                    Next::Stay => lapses += 1,
                    Next::Refused(why) => panic!("{now:?} {why:?}"),
                }
                steps += 1;
                assert!(steps < 20, "{status:?} never ends");
            }
        }
    }
}
