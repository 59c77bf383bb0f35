//! What a rule answers by itself, within its limits.

use serde_json::json;

use super::{administrator, decisions, done};
use crate::{
    both,
    request::{Sides, terms},
};

both! {
    async fn notes_are_taken_and_cheap_offers_accepted_without_anybody(w: World) {
        let s = Sides::new(w).await;
        done(&administrator(w, "GD"), "PROVIDER", json!([{ "name": "收到", "point": "ACKNOWLEDGE", "automatic": true }])).await;
        let cheap = json!({ "name": "小额", "point": "ACCEPT", "when": { "priceTo": "1000", "quantityTo": 20 }, "automatic": true });
        done(&administrator(w, "SD"), "REQUESTER", json!([cheap])).await;
        let request = s.open(&[&s.offering], json!({})).await;
        let row = &s.referrals(&request).await[0];
        assert_eq!(row["status"], "ACKNOWLEDGED", "the provider's rule has taken note");
        let id = row["id"].as_str().expect("an id").to_owned();
        s.manager.done("referralOffer", json!({ "id": id, "input": terms(json!({ "price": "1000.01" })) })).await;
        assert_eq!(s.referrals(&request).await[0]["status"], "OFFERED", "over the limit");
        s.manager.done("referralOffer", json!({ "id": id, "input": terms(json!({ "price": "1000" })) })).await;
        assert_eq!(s.referrals(&request).await[0]["status"], "ACCEPTED");
        assert_eq!(s.status(&request).await, "AGREED");
        let seen = decisions(&s.officer, &request).await;
        let outcomes: Vec<_> = seen["decisions"].as_array().expect("a list").iter().map(|one| (one["rule"].clone(), one["outcome"].clone())).collect();
        assert_eq!(outcomes, [(json!("小额"), json!("AUTOMATIC"))]);
        assert_eq!(decisions(&s.signer, &request).await["decisions"][0]["rule"], "收到", "each side sees its own");
        // The provider's signature is still somebody's.
        s.signer.done("referralSchedule", json!({ "id": id })).await;
    }

    async fn conditions_and_the_rules_own_author_are_for_somebody(w: World) {
        let s = Sides::new(w).await;
        let cheap = json!({ "name": "小额", "point": "ACCEPT", "when": { "priceTo": "5000" }, "automatic": true });
        let both = w.client_with("SD", "officer", |grant| grant.roles.push("administrator".to_owned()));
        done(&both, "REQUESTER", json!([cheap.clone()])).await;
        let request = s.open(&[&s.offering], json!({})).await;
        let id = s.referral(&request, 0).await;
        s.manager.done("referralOffer", json!({ "id": id, "input": terms(json!({})) })).await;
        assert_eq!(s.referrals(&request).await[0]["status"], "OFFERED", "whoever wrote the rule has written the request");
        s.approver.done("referralAccept", json!({ "id": id })).await;
        done(&administrator(w, "SD"), "REQUESTER", json!([cheap])).await;
        let other = s.open(&[&s.offering], json!({ "sampledCompany": "乙" })).await;
        let id = s.referral(&other, 0).await;
        s.manager.done("referralOffer", json!({ "id": id, "input": terms(json!({ "conditions": ["自送样"] })) })).await;
        assert_eq!(s.referrals(&other).await[0]["status"], "CONDITIONAL");
    }

    async fn cancelling_before_the_start_is_granted(w: World) {
        let s = Sides::new(w).await;
        done(&administrator(w, "GD"), "PROVIDER", json!([{ "name": "未开始", "point": "CANCEL", "automatic": true }])).await;
        let (request, id) = s.agreed().await;
        s.approver.done("referralRequestCancel", json!({ "id": id, "reason": "不需要了" })).await;
        assert_eq!((s.referrals(&request).await[0]["status"].as_str(), s.status(&request).await.as_str()), (Some("CANCELLED"), "CANCELLED"));
        let (other, id) = s.agreed_again().await;
        s.signer.done("referralSchedule", json!({ "id": id })).await;
        s.start(&id).await;
        s.approver.done("referralRequestCancel", json!({ "id": id, "reason": "不需要了" })).await;
        assert_eq!(s.referrals(&other).await[0]["status"], "CANCEL_REQUESTED", "work has begun: somebody answers");
    }
}
