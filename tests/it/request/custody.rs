//! Samples on their way, and the reports that come of them.

use serde_json::{Value, json};

use super::{Sides, lasting};
use crate::{
    api::{changes, column, text},
    both,
};

const SAMPLES: &str = "query($id: ID!) { referral(id: $id) { status consignments { id status sent received \
    custody { event units side actor reason { code } } } } }";

async fn consignments(s: &Sides, referral: &str) -> Value {
    s.officer.data(SAMPLES, json!({ "id": referral })).await["referral"]["consignments"].clone()
}

/// An agreed and signed referral.
async fn signed(s: &Sides) -> (String, String) {
    let (request, referral) = s.agreed().await;
    s.signer.done("referralSchedule", json!({ "id": referral })).await;
    (request, referral)
}

async fn dispatched(s: &Sides, referral: &str, units: i32) -> String {
    let input = json!({ "units": units, "carrier": "顺丰冷运", "waybill": "SF1" });
    s.officer.done("consignmentDispatch", json!({ "referral": referral, "input": input })).await;
    let rows = consignments(s, referral).await;
    text(&rows.as_array().expect("rows").last().expect("one")["id"])
}

both! {
    async fn samples_are_counted_as_they_come(w: World) {
        let s = Sides::new(w).await;
        let (_, referral) = signed(&s).await;
        assert_eq!(s.manager.blocked("referralStart", json!({ "id": referral })).await, "NO_SAMPLES");
        let id = dispatched(&s, &referral, 10).await;
        assert_eq!(s.officer.blocked("consignmentReceive", json!({ "id": id, "units": 4 })).await, "FORBIDDEN");
        assert_eq!(s.manager.blocked("consignmentReceive", json!({ "id": id, "units": 11 })).await, "INVALID");
        s.manager.done("consignmentReceive", json!({ "id": id, "units": 4 })).await;
        s.manager.done("referralStart", json!({ "id": referral })).await;
        s.manager.done("consignmentReceive", json!({ "id": id, "units": 6 })).await;
        assert_eq!(s.manager.blocked("consignmentReceive", json!({ "id": id, "units": 1 })).await, "INVALID");
        s.manager.done("consignmentReturn", json!({ "id": id, "reason": "余样退回" })).await;
        let rows = consignments(&s, &referral).await;
        assert_eq!(rows[0]["status"], "RETURNED");
        let chain: Vec<String> = rows[0]["custody"].as_array().expect("links").iter()
            .map(|link| format!("{} {} {}", text(&link["event"]), link["units"], text(&link["actor"]))).collect();
        assert_eq!(chain, ["DISPATCH 10 officer@sd", "RECEIVE 4 lab-manager@gd", "RECEIVE 6 lab-manager@gd",
            "RETURN 10 lab-manager@gd"]);
        let fj = lasting(w, "FJ", "lab-manager");
        assert_eq!(fj.blocked("consignmentReceive", json!({ "id": id, "units": 1 })).await, "NOT_FOUND");
        assert_eq!(s.manager.blocked("consignmentReceive", json!({ "id": id, "units": 1 })).await, "TOO_LATE");
    }

    async fn refused_and_lost_samples_have_their_reason(w: World) {
        let s = Sides::new(w).await;
        let request = s.open(&[&s.offering], json!({})).await;
        let early = json!({ "referral": s.referral(&request, 0).await, "input": { "units": 1 } });
        assert_eq!(s.officer.blocked("consignmentDispatch", early).await, "NOT_AGREED");
        let (_, referral) = s.agreed_again().await;
        let id = dispatched(&s, &referral, 5).await;
        assert_eq!(s.manager.blocked("consignmentReject", json!({ "id": id, "code": "OTHER" })).await, "INVALID");
        s.manager.done("consignmentReject", json!({ "id": id, "code": "SAMPLE_UNFIT", "reason": "破损" })).await;
        let second = dispatched(&s, &referral, 5).await;
        s.officer.done("consignmentLose", json!({ "id": second, "reason": "途中遗失" })).await;
        s.manager.done("consignmentReceive", json!({ "id": second, "units": 5 })).await;
        let rows = consignments(&s, &referral).await;
        assert_eq!(column(&rows, "status"), ["REJECTED", "RECEIVED"], "what was given up for lost may turn up");
        assert_eq!(rows[0]["custody"][1]["reason"]["code"], "SAMPLE_UNFIT");
    }

    async fn reports_are_held_against_the_line_on_the_date_of_issue(w: World) {
        let s = Sides::new(w).await;
        let (_, referral) = signed(&s).await;
        s.start(&referral).await;
        let deliver = |reports: Value| json!({ "id": referral, "reports": reports });
        let before = changes(w).await;
        assert_eq!(s.manager.blocked("referralDeliver", deliver(json!([]))).await, "INVALID");
        let bare = json!({ "number": "R", "issuedOn": "2026-11-23" });
        assert_eq!(s.manager.blocked("referralDeliver", deliver(json!([bare]))).await, "INVALID", "a hash, or a file");
        let future = s.report("R", json!({ "issuedOn": "2026-11-24" }));
        assert_eq!(s.manager.blocked("referralDeliver", deliver(json!([future]))).await, "INVALID");
        let lone = s.report("R", json!({ "scopes": [] }));
        assert_eq!(s.manager.blocked("referralDeliver", deliver(json!([lone]))).await, "SCOPE_REQUIRED");
        // The annex is dated 2021-01-01, the certificate 2020-01-01.
        let early = s.report("R", json!({ "issuedOn": "2020-06-01" }));
        assert_eq!(s.manager.blocked("referralDeliver", deliver(json!([early]))).await, "SCOPE_NOT_IN_FORCE");
        assert_eq!(changes(w).await, before);
        s.manager.done("referralDeliver", deliver(json!([s.report("R-1", json!({})), s.report("R-2", json!({}))]))).await;
        s.approver.done("referralCorrect", json!({ "id": referral, "reason": "单位有误" })).await;
        s.manager.done("referralDeliver", deliver(json!([s.report("R-1", json!({ "sha256": "f".repeat(64) }))]))).await;
        let see = "query($id: ID!) { referral(id: $id) { revision deliverables { reportNumber revision superseded scopes { id } } } }";
        let row = s.officer.data(see, json!({ "id": referral })).await["referral"].clone();
        let told: Vec<String> = row["deliverables"].as_array().expect("rows").iter()
            .map(|one| format!("{} {} {}", text(&one["reportNumber"]), one["revision"], one["superseded"])).collect();
        assert_eq!((row["revision"].clone(), told), (json!(2), vec!["R-1 1 true".into(), "R-2 1 true".into(), "R-1 2 false".into()]));
        assert_eq!(row["deliverables"][2]["scopes"], json!([{ "id": s.gd.line }]));
    }

    async fn whose_goods_are_sampled_stays_hidden_until_it_is_told(w: World) {
        let s = Sides::new(w).await;
        let more = json!({ "sampledCompany": "某乳业", "blind": true });
        let request = s.open(&[&s.offering], more).await;
        let see = "query($id: ID!) { request(id: $id) { sampledCompany blind unblindedAt } }";
        let seen = async |client: &crate::support::world::Client| {
            client.data(see, json!({ "id": request })).await["request"]["sampledCompany"].clone()
        };
        assert_eq!((seen(&s.officer).await, seen(&s.manager).await), (json!("某乳业"), json!(null)));
        assert_eq!(s.manager.blocked("requestUnblind", json!({ "id": request, "reason": "x" })).await, "FORBIDDEN");
        s.approver.done("requestUnblind", json!({ "id": request, "reason": "结果异常，需现场核查" })).await;
        assert_eq!(seen(&s.manager).await, json!("某乳业"));
        w.app.accesses.flush(&w.db).await.expect("written");
        let ask = "{ accessLog { nodes { agency subject what object owner reason } } }";
        let noted = w.client("SD", "auditor").data(ask, json!({})).await["accessLog"]["nodes"].clone();
        assert_eq!(noted, json!([{
            "agency": "agency:GD", "subject": "lab-manager@gd", "what": "UNBLINDED_SAMPLES", "object": request,
            "owner": "agency:SD", "reason": null,
        }]));
        let steps = "query($id: ID!) { request(id: $id) { timeline { event actor reason { text } told { agency } } } }";
        let rows = s.officer.data(steps, json!({ "id": request })).await["request"]["timeline"].clone();
        let last = rows.as_array().expect("steps").last().expect("one").clone();
        assert_eq!((last["event"].clone(), last["told"].clone()), (json!("UNBLIND"), json!([{ "agency": "GD" }])));
        assert_eq!(s.approver.blocked("requestUnblind", json!({ "id": request, "reason": "x" })).await, "NOT_BLIND");
    }
}
