//! The request desk, over HTTP as its users meet it.

mod amend;
mod attach;
mod clock;
mod custody;
mod ends;
mod inbox;
mod life;
mod live;
mod machine;
mod quote;
mod race;
mod random;
mod remind;
mod rota;
mod spare;

use serde_json::{Value, json};

use crate::{
    api::{Desk, over, signatory, text},
    capacity::{opened, testing},
    support::world::{Answer, Client, World},
};

/// What is asked of every referral in these tests.
pub const REFERRAL: &str = "id version status reason { code text } movedByClock due { on side overdue } \
    offer { id status validUntil conditions { id position answer } } items { position state } availableActions";

/// A provider in GD with an offering, and a requester in SD.
pub struct Sides {
    /// The provider's register.
    pub gd: Desk,
    /// Its offering.
    pub offering: String,
    /// Who answers for the provider's lab.
    pub manager: Client,
    /// Who signs for the provider.
    pub signer: Client,
    /// Who writes requests.
    pub officer: Client,
    /// Who approves them.
    pub approver: Client,
}

impl Sides {
    /// Sets them up by mutations.
    pub async fn new(w: &World) -> Self {
        let gd = Desk::new(w).await;
        let offering = opened(&gd.gd, testing("O1", &gd.lab, json!({}))).await;
        signatory(&gd.gd, &gd.lab, json!({})).await;
        w.indexed().await;
        Self {
            gd,
            offering,
            manager: lasting(w, "GD", "lab-manager"),
            signer: lasting(w, "GD", "approver"),
            officer: lasting(w, "SD", "officer"),
            approver: lasting(w, "SD", "approver"),
        }
    }

    /// Begins agreed work of which the lab takes the samples itself.
    pub async fn start(&self, referral: &str) -> Value {
        self.manager.done("referralStart", json!({ "id": referral, "despite": ["NO_SAMPLES"] })).await
    }

    /// Delivers a report that was issued today under the lab's line.
    pub async fn deliver(&self, referral: &str) -> Value {
        self.manager
            .done("referralDeliver", json!({ "id": referral, "reports": [self.report("R-1", json!({}))] }))
            .await
    }

    /// A report that was issued today under the lab's line.
    pub fn report(&self, number: &str, more: Value) -> Value {
        let base = json!({
            "number": number, "issuedOn": "2026-11-23", "sha256": "0123456789abcdef".repeat(4), "scopes": [self.gd.line],
        });
        over(base, more)
    }

    /// The same persons with tokens of today.
    pub fn renew(&mut self, w: &World) {
        self.manager = lasting(w, "GD", "lab-manager");
        self.signer = lasting(w, "GD", "approver");
        self.officer = lasting(w, "SD", "officer");
        self.approver = lasting(w, "SD", "approver");
    }

    /// One more offering of the same lab.
    pub async fn another(&self, code: &str) -> String {
        opened(&self.gd.gd, testing(code, &self.gd.lab, json!({}))).await
    }

    /// An offering of an agency itself that has no lab.
    pub async fn of_agency(&self, w: &World, agency: &str) -> String {
        let editor = w.client(agency, "editor");
        opened(&editor, json!({ "code": "E1", "kind": "EXPERT", "titleZh": "专家", "unit": "人日" })).await
    }

    /// A draft that names these offerings; its id.
    pub async fn draft(&self, offerings: &[&str], more: Value) -> String {
        let payload = self.officer.done("requestCreate", json!({ "input": over(need(offerings), more) })).await;
        text(&payload["request"]["id"])
    }

    /// An open request that names these offerings; its id.
    pub async fn open(&self, offerings: &[&str], more: Value) -> String {
        let id = self.draft(offerings, more).await;
        self.officer.done("requestSubmit", json!({ "id": id })).await;
        self.approver.done("requestApprove", json!({ "id": id })).await;
        id
    }

    /// The referrals of a request, as the requester sees them.
    pub async fn referrals(&self, request: &str) -> Vec<Value> {
        let query = format!("query($id: ID!) {{ request(id: $id) {{ referrals {{ {REFERRAL} }} }} }}");
        let data = self.officer.data(&query, json!({ "id": request })).await;
        data["request"]["referrals"].as_array().expect("a list").clone()
    }

    /// The id of the n-th referral of a request.
    pub async fn referral(&self, request: &str, at: usize) -> String {
        text(&self.referrals(request).await[at]["id"])
    }

    /// The status of a request.
    pub async fn status(&self, request: &str) -> String {
        let data = self.officer.data("query($id: ID!) { request(id: $id) { status } }", json!({ "id": request })).await;
        text(&data["request"]["status"])
    }

    /// A request whose offer was accepted; ids of request and referral.
    pub async fn agreed(&self) -> (String, String) {
        let request = self.draft(&[&self.offering], json!({})).await;
        self.agreed_of(&request).await
    }

    /// As [`Sides::agreed`], for something else.
    pub async fn agreed_again(&self) -> (String, String) {
        let request = self.draft(&[&self.offering], json!({ "sampledCompany": "乙" })).await;
        self.agreed_of(&request).await
    }

    /// Takes a draft to an accepted offer.
    pub async fn agreed_of(&self, request: &str) -> (String, String) {
        self.officer.done("requestSubmit", json!({ "id": request })).await;
        self.approver.done("requestApprove", json!({ "id": request })).await;
        let request = request.to_owned();
        let referral = self.referral(&request, 0).await;
        self.manager.done("referralOffer", json!({ "id": referral, "input": terms(json!({})) })).await;
        self.approver.done("referralAccept", json!({ "id": referral })).await;
        (request, referral)
    }
}

/// A client whose token outlives the long time that these tests let pass.
pub fn lasting(w: &World, agency: &str, role: &str) -> Client {
    w.client_with(agency, role, |grant| grant.life = chrono::TimeDelta::days(30))
}

/// What SD needs: lead in infant formula.
pub fn need(offerings: &[&str]) -> Value {
    let providers: Vec<Value> = offerings.iter().map(|id| json!({ "offering": id })).collect();
    json!({
        "title": "婴幼儿配方食品抽检", "purpose": "SUPERVISION", "needBy": "2026-12-31",
        "items": [{
            "parameter": "铅", "object": "婴幼儿配方食品", "method": "GB 5009.12-2017", "quantity": 10, "unit": "样品",
        }],
        "providers": providers,
    })
}

/// Terms of an offer.
pub fn terms(more: Value) -> Value {
    over(json!({ "price": "1200", "startsOn": "2026-11-25", "reportBy": "2026-12-09" }), more)
}

impl Client {
    /// Sends a mutation of the desk.
    pub async fn act(&self, mutation: &str, variables: Value) -> Answer {
        let (declared, passed) = spelled(mutation, &variables);
        let query = format!(
            "mutation({declared}) {{ {mutation}({passed}) {{ dryRun blockers {{ code facts overridableBy }} \
             moves {{ subject event from to side told dueAt }} request {{ id status version }} \
             referral {{ {REFERRAL} }} offer {{ id }} }} }}"
        );
        self.send(&query, variables).await
    }

    /// As [`Client::act`]; any error fails the test. The payload.
    pub async fn done(&self, mutation: &str, variables: Value) -> Value {
        let answer = self.act(mutation, variables).await;
        assert!(answer.body.get("errors").is_none(), "{mutation}\n{:#}", answer.body);
        answer.body["data"][mutation].clone()
    }

    /// As [`Client::act`] where it must be refused; the code.
    pub async fn blocked(&self, mutation: &str, variables: Value) -> String {
        let answer = self.act(mutation, variables).await;
        let code = answer.body["errors"][0]["extensions"]["code"].as_str();
        code.unwrap_or_else(|| panic!("{mutation} was not refused: {:#}", answer.body)).to_owned()
    }
}

/// The variables of a mutation as it declares and passes them.
fn spelled(mutation: &str, variables: &Value) -> (String, String) {
    let kind = |name: &str| match (mutation, name) {
        ("requestCreate", "input") => "RequestCreateInput!",
        ("requestEdit", "input") => "RequestEditInput!",
        ("referralCreate", "input") => "ProviderInput!",
        ("consignmentDispatch", "input") => "ConsignmentInput!",
        ("referralAmend" | "supplyAmend", "input") => "AmendmentInput!",
        (_, "input") => "TermsInput!",
        (_, "id" | "request") => "ID!",
        (_, "version") => "Int",
        (_, "attachments") => "[ID!]!",
        (_, "dryRun" | "grant") => "Boolean!",
        (_, "despite") => "[String!]!",
        (_, "code") => "RefusalReason!",
        (_, "retryOn") => "Date!",
        (_, "verdict") => "Verdict!",
        (_, "answers") => "[ConditionAnswerInput!]!",
        ("referralDecline" | "referralFail" | "referralRetryLater" | "referralAnswerCancel", "reason") => "String",
        ("consignmentReject", "reason") => "String",
        (_, "reason") => "String!",
        (_, "referral") => "ID!",
        (_, "units") => "Int!",
        (_, "reports") => "[ReportInput!]!",
        (_, "idempotencyKey") => "String",
        (_, other) => panic!("no type is known for {other}"),
    };
    let names: Vec<&String> = variables.as_object().expect("an object").keys().collect();
    let declared: Vec<String> = names.iter().map(|name| format!("${name}: {}", kind(name))).collect();
    let passed: Vec<String> = names.iter().map(|name| format!("{name}: ${name}")).collect();
    (declared.join(", "), passed.join(", "))
}

/// `EVENT FROM→TO` of each step of a payload.
pub fn moves(payload: &Value) -> Vec<String> {
    let rows = payload["moves"].as_array().expect("moves");
    rows.iter().map(|row| format!("{} {}→{}", text(&row["event"]), text(&row["from"]), text(&row["to"]))).collect()
}
