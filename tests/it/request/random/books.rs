//! What must hold after every step, whatever it was.

use sea_orm::FromQueryResult;

use crate::support::world::World;

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

/// What a statement counts.
pub(super) async fn count(w: &World, sql: &str) -> i64 {
    w.db.sql::<Count>(sql, Vec::new()).await.expect("counted")[0].n
}

const AGREED: &str = "('ACCEPTED', 'SCHEDULED', 'IN_PROGRESS', 'DELIVERED', 'CANCEL_REQUESTED', 'SETTLED')";
const ENDED: &str = "('DECLINED', 'TIMED_OUT', 'LOST_RACE', 'CANCELLED', 'FAILED')";
/// The ends of a request.
pub(super) const OVER: &str = "('CLOSED', 'WITHDRAWN', 'UNFILLED', 'EXPIRED', 'CANCELLED')";

/// What must hold after every step, whatever it was.
pub(super) async fn agree(w: &World, after: &str) {
    for (rule, sql) in [
        (
            "no day has more than there is",
            "SELECT COUNT(*) AS n FROM capacity_day WHERE held + booked > total AND NOT overcommitted".to_owned(),
        ),
        ("nothing is negative", "SELECT COUNT(*) AS n FROM capacity_day WHERE held < 0 OR booked < 0".to_owned()),
        (
            "no item is agreed twice",
            format!(
                "SELECT COUNT(*) AS n FROM (SELECT i.item_id FROM referral_item i JOIN referral r ON r.id = i.referral_id \
                 WHERE r.status IN {AGREED} GROUP BY i.item_id HAVING COUNT(*) > 1) d"
            ),
        ),
        (
            "what has ended holds nothing",
            format!("SELECT COUNT(*) AS n FROM referral WHERE status IN {ENDED} AND hold_id IS NOT NULL"),
        ),
        (
            "what is held is somebody's",
            "SELECT COUNT(*) AS n FROM hold h WHERE h.status IN ('HELD', 'BOOKED') \
             AND NOT EXISTS (SELECT 1 FROM referral r WHERE r.hold_id = h.id) \
             AND NOT EXISTS (SELECT 1 FROM offer o JOIN referral r ON o.id IN (r.pending_offer_id, r.amendment_id) \
             WHERE o.hold_id = h.id)"
                .to_owned(),
        ),
        (
            "what is agreed is booked",
            "SELECT COUNT(*) AS n FROM referral r JOIN hold h ON h.id = r.hold_id \
             WHERE r.status IN ('ACCEPTED', 'SCHEDULED', 'IN_PROGRESS') AND h.status NOT IN ('BOOKED', 'FINISHED')"
                .to_owned(),
        ),
        (
            "every status that is not an end has a clock, or is carried",
            format!(
                "SELECT COUNT(*) AS n FROM referral r JOIN request q ON q.id = r.request_id WHERE r.due_at IS NULL \
                 AND r.status NOT IN {ENDED} AND r.status NOT IN ('QUEUED', 'SETTLED') AND q.status <> 'DISPUTED'"
            ),
        ),
        (
            "every step is in the change log",
            "SELECT (SELECT COUNT(*) FROM transition) - (SELECT COUNT(*) FROM change WHERE entity = 'transition' \
             AND op = 'INSERT') AS n"
                .to_owned(),
        ),
        (
            "what is over asks nobody",
            format!(
                "SELECT COUNT(*) AS n FROM referral r JOIN request q ON q.id = r.request_id WHERE q.status IN {OVER} \
                 AND r.status IN ('QUEUED', 'SENT', 'ACKNOWLEDGED', 'OFFERED', 'CONDITIONAL', 'RETRY_LATER')"
            ),
        ),
        (
            "nobody approves what they have submitted",
            "SELECT COUNT(*) AS n FROM approval a JOIN request q ON q.id = a.request_id AND q.round = a.round \
             WHERE a.side = 'REQUESTER' AND a.referral_id IS NULL AND a.approver = q.submitted_by"
                .to_owned(),
        ),
        (
            "a referral knows who wrote the offer that stands, and an open decision is some row's",
            "SELECT (SELECT COUNT(*) FROM referral r LEFT JOIN offer o ON o.id = r.offer_id \
             WHERE r.offer_author IS DISTINCT FROM o.author) + \
             (SELECT COUNT(*) FROM decision d JOIN request q ON q.decision_id = d.id WHERE d.outcome IS NOT NULL) + \
             (SELECT COUNT(*) FROM decision d JOIN referral r ON d.id IN (r.decision_id, r.pending_decision_id, \
             r.amendment_decision_id) WHERE d.outcome IS NOT NULL) AS n"
                .to_owned(),
        ),
        (
            "nobody has two voices in a decision",
            "SELECT COUNT(*) AS n FROM (SELECT subject FROM approval WHERE subject LIKE 'decision:%' \
             GROUP BY subject, step, approver HAVING COUNT(*) > 1) d"
                .to_owned(),
        ),
        (
            "nothing is out while its decision is open",
            format!(
                "SELECT COUNT(*) AS n FROM decision d JOIN request q ON q.id = d.request_id WHERE d.point = 'REQUEST' \
                 AND d.outcome IS NULL AND q.decision_id = d.id AND q.status NOT IN ('PENDING_APPROVAL', 'DRAFT') \
                 AND q.status NOT IN {OVER}"
            ),
        ),
        (
            "of spare capacity no more is taken than was offered",
            format!(
                // All is of one object here, so a request takes as many units as its largest item.
                "SELECT COUNT(*) AS n FROM spare_offer s WHERE s.units < (SELECT COALESCE(SUM((SELECT MAX(i.quantity) \
                 FROM referral_item l JOIN request_item i ON i.id = l.item_id WHERE l.referral_id = r.id)), 0) \
                 FROM referral r JOIN offer o ON o.id = r.offer_id \
                 WHERE o.spare_offer_id = s.id AND r.status NOT IN {ENDED})"
            ),
        ),
    ] {
        assert_eq!(count(w, &sql).await, 0, "{rule}, after {after}");
    }
}
