//! Many requests, written by the database itself.

use chrono::TimeDelta;
use labpact::{
    demo::{self, Size},
    platform::{
        clock::Clock,
        db::{Db, Dialect},
    },
};
use sea_orm::Database;

use super::support::{
    fill::{id, run, series},
    throwaway::base::{Base, beginning},
};

/// Where the requests are in their lives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// Most are over; of a hundred one waits for an approver, two for a provider, one for a signature.
    Mixed,
    /// Each waits for a provider that has been silent for too long.
    Due,
}

/// Labs with what they offer.
///
/// # Panics
/// Where the database refuses.
pub async fn offered(base: &Base) {
    // Two days before: a fixed clock gives the ids of its instant, which the server that is measured gives too.
    let db =
        Db::connect(&base.config, Clock::fixed(beginning() - TimeDelta::days(2))).await.expect("the database opens");
    let today = db.clock().today();
    demo::fill(&db, Size { labs: 60, scope_lines: 3_000, seed: 1 }, today, &mut |_| {}).await.expect("filled");
    db.close().await;
}

const AGENCY: [&str; 5] = ["GD", "SD", "FJ", "GX", "HI"];

/// The agency of row `n`, so many places on.
fn agency(on: usize) -> String {
    let cases = AGENCY.iter().enumerate().map(|(at, code)| format!("WHEN {at} THEN '{code}'"));
    format!("CASE (n + {on}) % 5 {} END", cases.collect::<Vec<_>>().join(" "))
}

/// An instant so many minutes from the beginning, as an expression.
fn instant(dialect: Dialect, minutes: &str) -> String {
    match dialect {
        Dialect::Postgres => format!("(TIMESTAMPTZ '2026-11-23 02:00:00+00' + ({minutes}) * INTERVAL '1 minute')"),
        Dialect::Sqlite => {
            format!("strftime('%Y-%m-%dT%H:%M:%S+00:00', '2026-11-23 02:00:00', ({minutes}) || ' minutes')")
        }
    }
}

/// Writes so many requests, each with an item and a referral.
///
/// # Panics
/// Where the database refuses.
pub async fn requests(url: &str, dialect: Dialect, count: u64, life: Life) {
    let db = Database::connect(url).await.expect("the database opens");
    let all = series(dialect, count);
    let [request, item, referral] = [11, 13, 12].map(|kind| id(dialect, kind, "n"));
    let (own, asked) = (agency(0), agency(1));
    let of = |due: &str, pending: &str, sent: &str, accepted: &str, over: &str| match life {
        Life::Due => due.to_owned(),
        Life::Mixed => format!(
            "CASE (n / 5) % 100 WHEN 7 THEN {pending} WHEN 27 THEN {sent} WHEN 48 THEN {sent} WHEN 69 THEN {accepted} ELSE {over} END"
        ),
    };
    let (soon, stamp) = (instant(dialect, "n % 14400"), instant(dialect, "-7200"));
    let status = of("'OPEN'", "'PENDING_APPROVAL'", "'OPEN'", "'AGREED'", "'CLOSED'");
    let request_due = of(&instant(dialect, "43200"), &soon, &instant(dialect, "43200"), "NULL", "NULL");
    let step = of("'SENT'", "'QUEUED'", "'SENT'", "'ACCEPTED'", "'SETTLED'");
    let referral_due = of(&instant(dialect, "-60"), "NULL", &soon, &soon, "NULL");
    let state = of("'SOUGHT'", "'SOUGHT'", "'SOUGHT'", "'AGREED'", "'SETTLED'");
    // Where somebody is to approve or to sign, half of what waits is decided by a rule.
    let waits =
        |place: &str| format!("CASE WHEN (n / 5) % 100 = {place} AND n % 2 = 0 THEN {} END", id(dialect, 14, "n"));
    let (to_approve, to_sign) = match life {
        Life::Mixed => (waits("7"), waits("69")),
        Life::Due => ("NULL".to_owned(), "NULL".to_owned()),
    };
    let rules = id(dialect, 15, "1");
    let decisions = |place: u32, point: &str, agency: &str, referral: &str| {
        format!(
            "INSERT INTO decision (id, agency, point, request_id, referral_id, rules_id, rule, steps, step, given, deciders, \
             decided, escalated, escalates_at, outcome, version, created_at, updated_at) \
             SELECT {}, {agency}, '{point}', {request}, {referral}, {rules}, '两级', '[]', 1, 0, NULL, '', FALSE, NULL, NULL, 1, \
             {stamp}, {stamp} FROM {all} WHERE (n / 5) % 100 = {place} AND n % 2 = 0",
            id(dialect, 14, "n")
        )
    };
    let (offering, lab) = ("(SELECT id FROM offering WHERE agency = 'GD' ORDER BY id LIMIT 1)", "NULL");
    let mut statements = vec![
        format!(
            "INSERT INTO approval_rules (id, agency, side, number, effective_from, rules, author, created_at) \
             VALUES ({rules}, 'SD', 'REQUESTER', 1, '2026-11-01', '[]', 'x#approver', {})",
            instant(dialect, "-7200")
        ),
        format!(
            "INSERT INTO request (id, agency, code, title, status, purpose, work_area, urgency, need_by, placement, \
                 sending, for_quotes, blind, shown_to, author, submitted_by, approved_by, round, digest, decision_id, status_at, due_at, \
                 due_provisional, due_side, lapses, moved_by_clock, version, created_at, updated_at) \
                 SELECT {request}, {own}, 'R' || n, '抽检 ' || n, {status}, 'SUPERVISION', 'COLLABORATIVE_OVERSIGHT', \
                 'NORMAL', '2027-01-31', 'NAMED', 'ONE_AFTER_ANOTHER', FALSE, FALSE, '[]', 'x#officer', 'x#officer', \
                 'x#approver', 1, 'd' || n, {to_approve}, {stamp}, {request_due}, FALSE, 'REQUESTER', 0, FALSE, 1, {stamp}, {stamp} FROM {all}"
        ),
        format!(
            "INSERT INTO request_item (id, request_id, agency, position, parameter, object, quantity, unit, state, version) \
                 SELECT {item}, {request}, {own}, 1, '铅', '大米', 10, '样品', {state}, 1 FROM {all}"
        ),
        format!(
            "INSERT INTO referral (id, request_id, agency, requester, lab_id, offering_id, rank, last_resort, unsolicited, \
                 decision_id, status, status_at, sent_at, due_at, due_provisional, due_side, lapses, revision, grounds, moved_by_clock, \
                 version, created_at, updated_at) SELECT {referral}, {request}, {asked}, {own}, {lab}, {offering}, 1, FALSE, \
                 FALSE, {to_sign}, {step}, {stamp}, {stamp}, {referral_due}, FALSE, 'PROVIDER', 0, 1, '[]', FALSE, 1, {stamp}, {stamp} \
                 FROM {all}"
        ),
        format!(
            "INSERT INTO referral_item (referral_id, item_id, agency) SELECT {referral}, {item}, {asked} FROM {all}"
        ),
    ];
    if life == Life::Mixed {
        statements.push(decisions(7, "REQUEST", &own, "NULL"));
        statements.push(decisions(69, "SIGN", &asked, &referral));
    }
    run(&db, &statements).await;
    if dialect == Dialect::Postgres {
        run(&db, &["VACUUM ANALYZE".to_owned()]).await;
    } else {
        run(&db, &["ANALYZE".to_owned()]).await;
    }
    db.close().await.expect("the connections close");
}
