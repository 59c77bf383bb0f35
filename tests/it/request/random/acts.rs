//! All that somebody can do, and what they would do next.

use serde_json::{Value, json};

use super::Play;
use crate::{
    api::{over, text},
    request::terms,
    support::world::Client,
};

/// Who acts.
#[derive(Clone, Copy)]
pub enum By {
    /// Who writes requests.
    Officer,
    /// Who approves them.
    Approver,
    /// Who approves them besides.
    Second,
    /// Who answers for the provider's lab.
    Manager,
    /// Who signs for the provider.
    Signer,
}

/// An act: who, which mutation, with what.
pub type Act = (By, &'static str, Value);

impl Play<'_> {
    /// Whoever that is, with a token of today.
    pub fn client(&self, by: By) -> &Client {
        match by {
            By::Officer => &self.s.officer,
            By::Approver => &self.s.approver,
            By::Second => &self.second,
            By::Manager => &self.s.manager,
            By::Signer => &self.s.signer,
        }
    }

    /// All that can be tried of a request and one of its referrals.
    pub async fn acts(&mut self, request: &str, referral: &str) -> Vec<Act> {
        use By::{Approver, Manager, Officer, Second, Signer};
        let today = self.w.clock.today();
        let day = |days: u64| json!(today + chrono::Days::new(days));
        let conditions = if self.dice.below(4) == 0 { json!(["冷链"]) } else { json!([]) };
        let price = ["900", "1200"][self.dice.below(2)];
        let offer = terms(json!({ "startsOn": today, "reportBy": day(10), "conditions": conditions, "price": price }));
        let report = self.s.report("R", json!({ "issuedOn": today }));
        let (waiting, change) = self.pending(referral).await;
        let amendment = json!({ "reportBy": day(12), "remarks": "x" });
        let is_granted = self.dice.below(2) == 0;
        let (id, whole) = (json!({ "id": referral }), json!({ "id": request }));
        let (waiting, change) = (json!({ "id": waiting }), json!({ "id": change }));
        let with = |base: &Value, more: Value| over(base.clone(), more);
        let why = json!({ "reason": "x" });
        vec![
            (Officer, "requestSubmit", whole.clone()),
            (Approver, "requestApprove", whole.clone()),
            (Second, "requestApprove", whole.clone()),
            (Officer, "requestApprove", whole.clone()),
            (Approver, "requestReturn", with(&whole, why.clone())),
            (Officer, "requestWithdraw", with(&whole, why.clone())),
            (Approver, "requestDispute", with(&whole, why.clone())),
            (Manager, "referralAcknowledge", id.clone()),
            (Manager, "referralOffer", with(&id, json!({ "input": offer }))),
            (Manager, "referralOffer", with(&id, json!({ "input": offer }))),
            (Signer, "offerApprove", waiting.clone()),
            (Signer, "offerApprove", waiting.clone()),
            (Signer, "offerReturn", with(&waiting, why.clone())),
            (Manager, "referralDecline", with(&id, json!({ "code": "NO_CAPACITY" }))),
            (Manager, "referralRetryLater", with(&id, json!({ "code": "NO_CAPACITY", "retryOn": day(3) }))),
            (Approver, "referralCounter", with(&id, json!({ "input": offer }))),
            (Approver, "referralReject", with(&id, why.clone())),
            (Approver, "referralAccept", id.clone()),
            (Approver, "referralAccept", id.clone()),
            (Signer, "referralSchedule", id.clone()),
            (Manager, "referralStart", with(&id, json!({ "despite": ["NO_SAMPLES"] }))),
            (Manager, "referralDeliver", with(&id, json!({ "reports": [report] }))),
            (Approver, "referralSettle", id.clone()),
            (Approver, "referralCorrect", with(&id, why.clone())),
            (Approver, "referralRequestCancel", with(&id, why.clone())),
            (Signer, "referralAnswerCancel", with(&id, json!({ "grant": is_granted, "reason": "x" }))),
            (Manager, "referralFail", with(&id, json!({ "code": "EQUIPMENT_DOWN" }))),
            (Approver, "referralCallOff", with(&id, why.clone())),
            (Officer, "referralAmend", with(&id, json!({ "input": amendment }))),
            (Manager, "supplyAmend", with(&id, json!({ "input": amendment }))),
            (Approver, "amendmentSign", change.clone()),
            (Signer, "supplyAmendmentSign", change.clone()),
            (Approver, "amendmentRefuse", with(&change, why.clone())),
            (Signer, "supplyAmendmentRefuse", with(&change, why)),
        ]
    }

    /// Ids of the offer that waits for the provider's approver, and of the change that is under way; the referral's own
    /// where there is none.
    async fn pending(&self, referral: &str) -> (String, String) {
        let query = "query($id: ID!) { referral(id: $id) { pendingOffer { id } amendment { id } } }";
        let mut found = (referral.to_owned(), referral.to_owned());
        for client in [&self.s.signer, &self.s.approver] {
            let row = client.send(query, json!({ "id": referral })).await.body["data"]["referral"].clone();
            if row["pendingOffer"]["id"].is_string() {
                found.0 = text(&row["pendingOffer"]["id"]);
            }
            if row["amendment"]["id"].is_string() {
                found.1 = text(&row["amendment"]["id"]);
            }
        }
        found
    }

    /// Offers spare capacity, or takes an offer of it back.
    pub async fn offer_spare(&mut self) -> String {
        if self.dice.below(3) == 0
            && let Some((spare, _)) = self.dice.of(&self.spare).cloned()
        {
            let query = "mutation($id: ID!) { spareOfferWithdraw(id: $id) { spareOffer { open } } }";
            let answer = self.s.signer.send(query, json!({ "id": spare })).await;
            return format!("spareOfferWithdraw {}", answer.body["errors"][0]["extensions"]["code"]);
        }
        let at = self.dice.below(self.offerings.len());
        let (offering, today) = (self.offerings[at].clone(), self.w.clock.today());
        let query = "mutation($i: SpareOfferInput!) { spareOfferMake(input: $i) { spareOffer { id } } }";
        let input = json!({
            "offering": offering, "title": "余量", "units": self.dice.below(5) + 1, "unitPrice": "90",
            "startsOn": today, "reportBy": today + chrono::Days::new(15),
            "validUntil": self.w.clock.now() + chrono::TimeDelta::days(6),
        });
        let answer = self.s.signer.send(query, json!({ "i": input })).await;
        let id = &answer.body["data"]["spareOfferMake"]["spareOffer"]["id"];
        if id.is_string() {
            self.spare.push((text(id), offering));
            return "spareOfferMake done".to_owned();
        }
        format!("spareOfferMake {}", answer.body["errors"][0])
    }
}

/// What somebody would do next.
pub fn likely(request: &str, referral: &str) -> &'static [&'static str] {
    match (request, referral) {
        ("DRAFT", _) => &["requestSubmit"],
        ("PENDING_APPROVAL", _) => &["requestApprove", "requestReturn"],
        (_, "SENT" | "ACKNOWLEDGED" | "RETRY_LATER") => {
            &["referralAcknowledge", "referralOffer", "offerApprove", "referralDecline", "referralRetryLater"]
        }
        (_, "OFFERED" | "CONDITIONAL") => &["referralAccept", "referralCounter", "referralReject", "referralOffer"],
        (_, "ACCEPTED") => &["referralSchedule", "referralRequestCancel", "referralFail", "referralCallOff"],
        (_, "SCHEDULED") => &[
            "referralStart",
            "referralAmend",
            "supplyAmend",
            "amendmentSign",
            "supplyAmendmentSign",
            "amendmentRefuse",
        ],
        (_, "IN_PROGRESS") => &["referralDeliver", "referralRequestCancel", "referralCallOff"],
        (_, "DELIVERED") => &["referralSettle", "referralCorrect", "requestDispute"],
        (_, "CANCEL_REQUESTED") => &["referralAnswerCancel"],
        _ => &[],
    }
}
