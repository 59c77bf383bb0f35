//! The inbox: nothing that needs somebody is missing from somebody's, and nothing is in it that nobody can act on.

use entity::enums::{ReferralStatus, RequestStatus};
use labpact::request::model::{need, queue, referral};
use serde_json::{Value, json};

use super::{Sides, lasting, terms};
use crate::{
    api::text,
    both,
    support::world::{Client, World},
};

const INBOX: &str = "query($f: InboxWhere, $n: Int, $a: String) { inbox(where: $f, first: $n, after: $a) { \
    edges { cursor } pageInfo { hasNextPage endCursor } \
    nodes { request { id status availableActions } referral { id status availableActions } overdue dueSoon ageWorkdays } } }";

async fn inbox(client: &Client, filter: Value) -> Vec<Value> {
    let data = client.data(INBOX, json!({ "f": filter, "n": 200 })).await;
    data["inbox"]["nodes"].as_array().expect("nodes").clone()
}

/// The status and the actions of each entry, by its id.
fn entries(nodes: &[Value]) -> Vec<(String, String, usize)> {
    let row = |node: &Value| {
        let what = if node["referral"].is_null() { &node["request"] } else { &node["referral"] };
        let actions = what["availableActions"].as_array().expect("actions").len();
        (text(&what["id"]), text(&what["status"]), actions)
    };
    nodes.iter().map(row).collect()
}

#[test]
fn every_status_that_needs_somebody_is_on_a_pile() {
    for status in ReferralStatus::ALL {
        let listed = queue::REFERRALS.iter().any(|pile| pile.status == *status);
        let needs = !referral::is_over(*status) && *status != ReferralStatus::Queued;
        assert_eq!(listed, needs, "{status:?}");
    }
    for status in RequestStatus::ALL {
        let listed = queue::REQUESTS.iter().any(|pile| pile.status == *status);
        let carried = matches!(
            status,
            RequestStatus::Open | RequestStatus::Agreed | RequestStatus::InService | RequestStatus::Delivered
        );
        assert_eq!(listed, !need::is_over(*status) && !carried, "{status:?}");
    }
}

/// Brings one request into each status in which somebody is needed; ids of requests and referrals.
async fn one_of_each(w: &World, s: &Sides) -> Vec<(String, &'static str)> {
    let mut made = Vec::new();
    let open = async |company: &str| {
        let id = s.draft(&[&s.offering], json!({ "sampledCompany": company })).await;
        s.officer.done("requestSubmit", json!({ "id": id })).await;
        s.approver.done("requestApprove", json!({ "id": id })).await;
        let referral = s.referral(&id, 0).await;
        (id, referral)
    };
    made.push((s.draft(&[&s.offering], json!({ "sampledCompany": "draft" })).await, "DRAFT"));
    let pending = s.draft(&[&s.offering], json!({ "sampledCompany": "pending" })).await;
    s.officer.done("requestSubmit", json!({ "id": pending })).await;
    made.push((pending, "PENDING_APPROVAL"));
    made.push((open("sent").await.1, "SENT"));
    let (_, id) = open("acknowledged").await;
    s.manager.done("referralAcknowledge", json!({ "id": id })).await;
    made.push((id, "ACKNOWLEDGED"));
    let (_, id) = open("retry").await;
    s.manager.done("referralRetryLater", json!({ "id": id, "retryOn": "2026-12-02", "code": "NO_CAPACITY" })).await;
    made.push((id, "RETRY_LATER"));
    let offer = async |id: &str, more: Value| {
        s.manager.done("referralOffer", json!({ "id": id, "input": terms(more) })).await;
    };
    let (_, id) = open("offered").await;
    offer(&id, json!({})).await;
    made.push((id, "OFFERED"));
    let (_, id) = open("conditional").await;
    offer(&id, json!({ "conditions": ["x"] })).await;
    made.push((id, "CONDITIONAL"));
    for (at, last) in
        ["ACCEPTED", "SCHEDULED", "IN_PROGRESS", "DELIVERED", "CANCEL_REQUESTED", "DISPUTED"].into_iter().enumerate()
    {
        let (request, id) = open(last).await;
        offer(&id, json!({})).await;
        s.approver.done("referralAccept", json!({ "id": id })).await;
        let cancelled = last == "CANCEL_REQUESTED";
        if at >= 1 && !cancelled {
            s.signer.done("referralSchedule", json!({ "id": id })).await;
        }
        if at >= 2 && !cancelled {
            s.start(&id).await;
        }
        if at >= 3 && !cancelled {
            s.deliver(&id).await;
        }
        if cancelled {
            s.approver.done("referralRequestCancel", json!({ "id": id, "reason": "x" })).await;
        }
        if last == "DISPUTED" {
            s.approver.done("requestDispute", json!({ "id": request, "reason": "x" })).await;
            made.push((request, last));
        } else {
            made.push((id, last));
        }
    }
    let _ = w;
    made
}

both! {
    async fn what_needs_somebody_lies_on_somebodys_desk(w: World) {
        let s = Sides::new(w).await;
        let made = one_of_each(w, &s).await;
        let secretariat = lasting(w, "HI", "coordinator");
        let mut seen: Vec<(String, String)> = Vec::new();
        for client in [&s.officer, &s.approver, &s.manager, &s.signer, &secretariat] {
            for (id, status, actions) in entries(&inbox(client, json!({})).await) {
                assert!(actions > 0, "{status} lies on a desk where nothing can be done with it");
                seen.push((id, status));
            }
        }
        seen.sort();
        seen.dedup();
        let mut expected: Vec<(String, String)> = made.into_iter().map(|(id, status)| (id, status.to_owned())).collect();
        expected.sort();
        assert_eq!(seen, expected);
        assert!(inbox(&lasting(w, "FJ", "approver"), json!({})).await.is_empty());
        assert!(inbox(&w.client("SD", "auditor"), json!({})).await.is_empty());
    }

    async fn what_is_due_first_comes_first_and_pages_join(w: World) {
        let s = Sides::new(w).await;
        one_of_each(w, &s).await;
        let whole: Vec<String> = entries(&inbox(&s.manager, json!({})).await).into_iter().map(|one| one.1).collect();
        assert_eq!(whole, ["SENT", "SCHEDULED", "ACKNOWLEDGED", "RETRY_LATER", "IN_PROGRESS"]);
        for client in [&s.manager, &s.officer, &s.approver] {
            let whole: Vec<String> = entries(&inbox(client, json!({})).await).into_iter().map(|one| one.0).collect();
            let (mut walked, mut after) = (Vec::new(), Value::Null);
            loop {
                let page = client.data(INBOX, json!({ "n": 2, "a": after })).await["inbox"].clone();
                walked.extend(entries(page["nodes"].as_array().expect("nodes")).into_iter().map(|one| one.0));
                if page["pageInfo"]["hasNextPage"] != json!(true) {
                    break;
                }
                after = page["pageInfo"]["endCursor"].clone();
            }
            assert_eq!(walked, whole);
        }
        assert_eq!(s.officer.refused(INBOX, json!({ "a": "xx" })).await, "INVALID");
    }

    async fn it_is_counted_and_filtered(w: World) {
        let s = Sides::new(w).await;
        one_of_each(w, &s).await;
        let counts = "{ inboxCounts { requestStatus referralStatus side total overdue dueSoon } }";
        let rows = s.approver.data(counts, json!({})).await["inboxCounts"].clone();
        let told: Vec<String> = rows.as_array().expect("rows").iter()
            .map(|row| format!("{}{} {} {} {}", row["requestStatus"].as_str().unwrap_or(""), row["referralStatus"].as_str().unwrap_or(""),
                row["total"], row["overdue"], row["dueSoon"])).collect();
        assert_eq!(told, ["PENDING_APPROVAL 1 0 0", "CONDITIONAL 1 0 0", "OFFERED 1 0 0", "ACCEPTED 0 0 0",
            "DELIVERED 1 0 0", "CANCEL_REQUESTED 0 0 0", " 0 0 0", " 0 0 0", " 0 0 0"], "the last are offers to be approved and changes of what was agreed");
        w.clock.advance(chrono::TimeDelta::hours(49));
        let soon = inbox(&s.manager, json!({ "referralStatus": ["SENT"] })).await;
        assert_eq!((soon.len(), soon[0]["dueSoon"].clone(), soon[0]["ageWorkdays"].clone()), (1, json!(true), json!(2)));
        w.clock.advance(chrono::TimeDelta::hours(24));
        let overdue: Vec<String> = entries(&inbox(&s.manager, json!({ "overdue": true })).await).into_iter().map(|one| one.1).collect();
        assert_eq!(overdue, ["SENT", "SCHEDULED"]);
        assert!(inbox(&s.manager, json!({ "side": "REQUESTER" })).await.is_empty());
        let pending = inbox(&s.approver, json!({ "requestStatus": ["PENDING_APPROVAL"] })).await;
        assert_eq!(pending.len(), 1);
    }

    async fn a_token_of_one_lab_has_the_desk_of_that_lab(w: World) {
        let s = Sides::new(w).await;
        one_of_each(w, &s).await;
        let bare = |id: &str| uuid::Uuid::parse_str(id.split_once(':').expect("typed").1).expect("an id");
        let own = bare(&s.gd.lab);
        let limited = |lab| w.client_with("GD", "lab-manager", |grant| grant.labs = Some([entity::ids::LabId(lab)].into()));
        assert_eq!(inbox(&limited(own), json!({})).await.len(), 5);
        assert!(inbox(&limited(uuid::Uuid::from_u128(7)), json!({})).await.is_empty());
        let holder = bare(&s.gd.institution);
        let of = |id| w.client_with("GD", "lab-manager", |grant| grant.institutions = Some([entity::ids::InstitutionId(id)].into()));
        assert_eq!(inbox(&of(holder), json!({})).await.len(), 5);
        assert!(inbox(&of(uuid::Uuid::from_u128(7)), json!({})).await.is_empty());
    }
}
