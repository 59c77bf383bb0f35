//! Machine accounts over the network: registered through the API, proven at `/token`, ended at once.

use serde_json::{Value, json};

use super::forge::{GD_EC, GD_ED, GD_RSA, SD_ED, Signer, with};
use crate::{
    both,
    support::world::{Answer, Client, World},
};

const REGISTER: &str =
    "mutation($i: MachineAccountRegisterInput!) { machineAccountRegister(input: $i) { machineAccount {
    id version clientId agency name keyThumbprint scopes createdBy revokedAt key } } }";
const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn input(signer: &Signer, more: Value) -> Value {
    with(json!({ "name": "LIMS", "key": signer.jwk("k"), "scopes": ["directory:read", "equipment:write"] }), more)
}

async fn registered(admin: &Client, signer: &Signer, more: Value) -> Value {
    let data = admin.data(REGISTER, json!({ "i": input(signer, more) })).await;
    data["machineAccountRegister"]["machineAccount"].clone()
}

/// An assertion of a client for the token endpoint of this world.
fn assertion(w: &World, signer: &Signer, client: &Value, more: Value) -> String {
    let now = w.clock.now().timestamp();
    let body = json!({
        "iss": client, "sub": client, "aud": "http://127.0.0.1/labpact/token",
        "exp": now + 60, "iat": now, "jti": uuid::Uuid::now_v7().to_string(),
    });
    signer.token(&json!({ "alg": signer.alg(), "typ": "JWT" }), &with(body, more))
}

/// What `/token` answers to form data.
async fn exchanged(w: &World, form: &[(&str, &str)]) -> Answer {
    let request = w.http().post(w.url("/token")).header("content-type", "application/x-www-form-urlencoded");
    let body = serde_urlencoded::to_string(form).expect("form data");
    let response = request.body(body).send().await.expect("an answer");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let status = response.status().as_u16();
    Answer { status, body: response.json().await.expect("JSON") }
}

async fn token(w: &World, assertion: &str) -> Answer {
    let form = [("grant_type", "client_credentials"), ("client_assertion_type", TYPE), ("client_assertion", assertion)];
    exchanged(w, &form).await
}

fn is_refused(answer: &Answer, status: u16, error: &str) {
    assert_eq!((answer.status, &answer.body), (status, &json!({ "error": error })));
}

both! {
    async fn a_system_proves_itself_with_its_own_key(w: World) {
        let admin = w.client("GD", "administrator");
        for (at, signer) in [&*GD_ED, &*GD_EC, &*GD_RSA].into_iter().enumerate() {
            let account = registered(&admin, signer, json!({ "name": format!("LIMS {at}") })).await;
            assert_eq!((&account["agency"], &account["version"], &account["revokedAt"]), (&json!("GD"), &json!(1), &json!(null)));
            let client = &account["clientId"];
            let signed = assertion(w, signer, client, json!({}));
            let answer = token(w, &signed).await;
            assert_eq!(answer.status, 200, "{:#}", answer.body);
            assert_eq!(answer.body["token_type"], "Bearer");
            assert_eq!(answer.body["expires_in"], 900);
            assert_eq!(answer.body["scope"], "directory:read equipment:write");
            let machine = w.bearer(answer.body["access_token"].as_str().expect("a token"));
            machine.data("{ labs { totalCount } }", json!({})).await;
            assert_eq!(machine.refused("{ machineAccounts { totalCount } }", json!({})).await, "FORBIDDEN");
            is_refused(&token(w, &signed).await, 401, "invalid_client");
        }
    }

    async fn the_grant_may_be_narrower_but_not_wider(w: World) {
        let admin = w.client("GD", "administrator");
        let account = registered(&admin, &GD_ED, json!({})).await;
        let ask = async |scope: &str, client: Option<&str>| {
            let signed = assertion(w, &GD_ED, &account["clientId"], json!({}));
            let mut form = vec![("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", &signed), ("scope", scope)];
            form.extend(client.map(|client| ("client_id", client)));
            exchanged(w, &form).await
        };
        let narrow = ask("directory:read", None).await;
        assert_eq!((narrow.status, &narrow.body["scope"]), (200, &json!("directory:read")));
        let machine = w.bearer(narrow.body["access_token"].as_str().expect("a token"));
        let write = "mutation { equipmentCreate(input: { lab: \"lab:01a20621-ad00-7000-8000-000000000009\", assetCode: \"E\", nameZh: \"天平\" }) { equipment { id } } }";
        assert_eq!(machine.refused(write, json!({})).await, "FORBIDDEN");
        is_refused(&ask("directory:read scope:write", None).await, 400, "invalid_scope");
        is_refused(&ask("everything", None).await, 400, "invalid_scope");
        is_refused(&ask("directory:read", Some("somebody")).await, 400, "invalid_grant");
    }

    async fn what_proves_nothing_gets_nothing(w: World) {
        let admin = w.client("GD", "administrator");
        let account = registered(&admin, &GD_ED, json!({})).await;
        let client = &account["clientId"];
        let nobody = json!("01a20621-ad00-7000-8000-00000000ffff");
        for bad in [
            assertion(w, &SD_ED, client, json!({})),
            assertion(w, &GD_ED, &nobody, json!({})),
            assertion(w, &GD_ED, &json!("LIMS"), json!({})),
            assertion(w, &GD_ED, client, json!({ "aud": "https://elsewhere.example/token" })),
            assertion(w, &GD_ED, client, json!({ "exp": w.clock.now().timestamp() + 3600 })),
            assertion(w, &GD_ED, client, json!({ "jti": null })),
            w.token("GD", "editor", |_| {}),
            "nonsense".to_owned(),
        ] {
            is_refused(&token(w, &bad).await, 401, "invalid_client");
        }
        is_refused(&exchanged(w, &[]).await, 400, "invalid_request");
        is_refused(&exchanged(w, &[("grant_type", "password"), ("username", "x")]).await, 400, "unsupported_grant_type");
        let answer = w.http().post(w.url("/token")).json(&json!({})).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 400);
        let answer = w.http().get(w.url("/token")).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 405);
        assert_eq!(token(w, &assertion(w, &GD_ED, client, json!({}))).await.status, 200, "the account itself is well");
    }

    async fn revoking_an_account_ends_its_tokens_at_once(w: World) {
        let admin = w.client("GD", "administrator");
        let account = registered(&admin, &GD_ED, json!({})).await;
        let answer = token(w, &assertion(w, &GD_ED, &account["clientId"], json!({}))).await;
        let machine = w.bearer(answer.body["access_token"].as_str().expect("a token"));
        machine.data("{ labs { totalCount } }", json!({})).await;
        let revoke = "mutation($id: ID!, $v: Int) { machineAccountRevoke(id: $id, reason: \"lost\", version: $v) {
            machineAccount { version revokedAt revokeReason } } }";
        assert_eq!(admin.refused(revoke, json!({ "id": account["id"], "v": 7 })).await, "STALE_VERSION");
        let done = admin.data(revoke, json!({ "id": account["id"], "v": 1 })).await;
        assert_eq!(done["machineAccountRevoke"]["machineAccount"], json!({
            "version": 2, "revokedAt": "2026-11-23T02:00:00Z", "revokeReason": "lost",
        }));
        assert_eq!(machine.refused("{ labs { totalCount } }", json!({})).await, "UNAUTHENTICATED");
        is_refused(&token(w, &assertion(w, &GD_ED, &account["clientId"], json!({}))).await, 401, "invalid_client");
        assert_eq!(admin.refused(revoke, json!({ "id": account["id"] })).await, "ACCOUNT_REVOKED");
        let list = admin.data("{ all: machineAccounts { totalCount } living: machineAccounts(revoked: false) { totalCount }
            ended: machineAccounts(revoked: true) { nodes { name } } }", json!({})).await;
        assert_eq!(list, json!({ "all": { "totalCount": 1 }, "living": { "totalCount": 0 }, "ended": { "nodes": [{ "name": "LIMS" }] } }));
    }

    async fn another_node_knows_of_a_revocation_that_it_reads(w: World) {
        let admin = w.client("GD", "administrator");
        let lost = w.client("GD", "officer");
        lost.data("{ labs { totalCount } }", json!({})).await;
        let other = w.another_node().await;
        let there = lost.at(&other);
        there.data("{ labs { totalCount } }", json!({})).await;
        let revoke = "mutation($i: TokenRevokeInput!) { tokenRevoke(input: $i) { issuedBefore } }";
        admin.data(revoke, json!({ "i": { "by": "SUBJECT", "value": "officer@gd", "reason": "laptop stolen" } })).await;
        assert_eq!(lost.refused("{ labs { totalCount } }", json!({})).await, "UNAUTHENTICATED");
        other.knows_of_revocations().await;
        assert_eq!(there.refused("{ labs { totalCount } }", json!({})).await, "UNAUTHENTICATED");
        w.client("SD", "officer").data("{ labs { totalCount } }", json!({})).await;
        other.stop().await;
    }

    async fn a_new_key_takes_the_place_of_the_old_one(w: World) {
        let admin = w.client("GD", "administrator");
        let account = registered(&admin, &GD_ED, json!({})).await;
        let replace = "mutation($id: ID!, $k: JWK!) { machineAccountReplaceKey(id: $id, key: $k) { machineAccount { version keyThumbprint } } }";
        let replaced = admin.data(replace, json!({ "id": account["id"], "k": GD_EC.jwk("new") })).await;
        assert_ne!(replaced["machineAccountReplaceKey"]["machineAccount"]["keyThumbprint"], account["keyThumbprint"]);
        is_refused(&token(w, &assertion(w, &GD_ED, &account["clientId"], json!({}))).await, 401, "invalid_client");
        assert_eq!(token(w, &assertion(w, &GD_EC, &account["clientId"], json!({}))).await.status, 200);
    }

    async fn only_the_own_agency_manages_its_accounts(w: World) {
        let admin = w.client("GD", "administrator");
        let account = registered(&admin, &GD_ED, json!({})).await;
        let id = json!({ "id": account["id"] });
        let other = w.client("SD", "administrator");
        let edit = "mutation($id: ID!) { machineAccountEdit(id: $id, input: { name: \"x\" }) { machineAccount { id } } }";
        assert_eq!(other.refused(edit, id.clone()).await, "NOT_FOUND");
        assert_eq!(other.data("query($id: ID!) { node(id: $id) { id } machineAccounts { totalCount } }", id.clone()).await,
            json!({ "node": null, "machineAccounts": { "totalCount": 0 } }));
        assert_eq!(w.client("GD", "editor").refused("query($id: ID!) { node(id: $id) { id } }", id.clone()).await, "FORBIDDEN");
        let limited = w.client_with("GD", "administrator", |grant| grant.labs = Some(Vec::new()));
        assert_eq!(limited.refused(REGISTER, json!({ "i": input(&SD_ED, json!({ "name": "way around" })) })).await, "FORBIDDEN");
        assert_eq!(limited.refused(edit, id.clone()).await, "FORBIDDEN");
        let edited = admin.data("mutation($id: ID!) { machineAccountEdit(id: $id, version: 1, input: { name: \"LIMS 2\", scopes: [\"directory:read\"] }) {
            machineAccount { version name scopes } } }", id).await;
        assert_eq!(edited["machineAccountEdit"]["machineAccount"], json!({ "version": 2, "name": "LIMS 2", "scopes": ["directory:read"] }));
    }

    async fn an_account_is_no_way_to_more_than_its_maker_may_give(w: World) {
        let admin = w.client("GD", "administrator");
        for (more, problem) in [
            (json!({ "scopes": ["account:manage"] }), "SCOPE_FOR_PERSONS"),
            (json!({ "scopes": ["coordinator"] }), "SCOPE_NOT_HELD"),
            (json!({ "scopes": ["standard:write"] }), "SCOPE_NOT_HELD"),
            (json!({ "scopes": ["everything"] }), "SCOPE_UNKNOWN"),
            (json!({ "scopes": [] }), "REQUIRED"),
            (json!({ "name": " " }), "NAME_FORM"),
            (json!({ "key": { "kty": "oct", "k": "AAAA" } }), "CLIENT_KEY"),
            (json!({ "key": with(GD_ED.jwk("k"), json!({ "d": "AAAA" })) }), "CLIENT_KEY"),
        ] {
            let answer = admin.send(REGISTER, json!({ "i": input(&GD_ED, more) })).await;
            assert_eq!(answer.body["errors"][0]["extensions"]["fields"][0]["code"], problem, "{:#}", answer.body);
        }
        registered(&admin, &GD_ED, json!({})).await;
        let twice = admin.refused(REGISTER, json!({ "i": input(&GD_EC, json!({})) })).await;
        assert_eq!(twice, "MACHINE_ACCOUNT_NAME_TAKEN");
    }
}
