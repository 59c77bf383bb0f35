//! From a client's assertion to an access token (RFC 7523 over RFC 6749).

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::MachineAccountId;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    model::{key_of, scopes_of},
    store,
};
use crate::{
    identity::{
        assertion::{self, ClientKey, Endpoint, Seen},
        embedded::{EmbeddedIssuer, Grant},
        roles::Roles,
        token_request::{TokenError, TokenRequest},
    },
    platform::{
        db::Db,
        fault::{Fault, Outcome},
    },
};

/// How long the tokens of machines live.
pub const LIFE: TimeDelta = TimeDelta::minutes(15);

/// Answers one request for a token: the body of RFC 6749 §5.1.
///
/// # Errors
/// The error of RFC 6749 §5.2 for the client, and for the log why.
pub async fn exchange(
    db: &Db,
    issuer: &EmbeddedIssuer,
    roles: &Roles,
    request: &TokenRequest,
) -> Result<Value, (TokenError, Fault)> {
    let told = |fault: Fault| (TokenError::of_assertion(&fault, request.role), fault);
    let account = proven(db, issuer, request).await.map_err(told)?;
    let scopes = request
        .grant(&scopes_of(&account))
        .map_err(|error| (error, Fault::Unauthenticated("more scopes were asked for than the account has".into())))?;
    let client = account.id.0.to_string();
    let grant = Grant {
        agency: account.agency,
        roles: Vec::new(),
        scopes: scopes.iter().cloned().collect(),
        subject: client.clone(),
        client,
        labs: None,
        institutions: None,
        life: LIFE,
    };
    // An agency that this issuer no longer speaks for gets no token, whoever asks.
    let token = issuer.sign(&grant, roles).map_err(|fault| match fault {
        Fault::Invalid(_) => told(Fault::Unauthenticated("the issuer does not speak for the account's agency".into())),
        other => told(other),
    })?;
    Ok(json!({
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": LIFE.num_seconds(),
        "scope": grant.scopes.join(" "),
    }))
}

/// The account whose key signed the assertion.
async fn proven(db: &Db, issuer: &EmbeddedIssuer, request: &TokenRequest) -> Outcome<entity::machine_account::Model> {
    let refuse = |why: &str| Fault::Unauthenticated(why.to_owned());
    let client = assertion::claimed_client(&request.assertion)?;
    if request.client.as_ref().is_some_and(|named| *named != client) {
        return Err(refuse("client_id is not the assertion's"));
    }
    let id = Uuid::try_parse(&client).ok().filter(|id| id.to_string() == client);
    let id = id.ok_or_else(|| refuse("the client is no account's id"))?;
    let account = store::living(db, MachineAccountId(id)).await?;
    let account = account.ok_or_else(|| refuse("there is no living account of that id"))?;
    let key = key_of(&account).map_err(|_| refuse("the account's key is not taken any more"))?;
    let url = issuer.issuer().url.clone();
    let endpoint = Endpoint { audiences: [format!("{}/token", url.trim_end_matches('/')), url].into() };
    let client = ClientKey { client, key };
    assertion::verify(&request.assertion, &client, &endpoint, &Used(db), db.clock().now()).await?;
    Ok(account)
}

/// Used assertions in the database, so that every node knows them.
struct Used<'d>(&'d Db);

impl Seen for Used<'_> {
    fn first_use<'a>(&'a self, client: &'a str, jti: &'a str, until: DateTime<Utc>) -> BoxFuture<'a, Outcome<bool>> {
        Box::pin(self.0.first_use(client, jti, until))
    }
}
