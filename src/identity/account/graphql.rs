//! Machine accounts in the schema.

use std::sync::Arc;

use async_graphql::{
    Context, Enum, ID, InputObject, InputValueError, InputValueResult, Object, Result, Scalar, ScalarType,
    SimpleObject, Value,
};
use entity::{ids::MachineAccountId, machine_account::Model};

use super::{
    model::{AccountEdit, NewAccount, key_of, scopes_of},
    policy, service, store,
};
use crate::{
    connection,
    graphql::{
        access::access,
        context::{command, reads, revocations},
        scalars::{Instant, parse_id, show_id},
    },
    identity::revocation::Kind,
    payload,
    platform::{access::permit, fault::Outcome, page::Window},
};

/// A public key as a JSON object (JWK, RFC 7517): Ed25519, P-256, or RSA of at least 2048 bits.
#[derive(Clone, Debug)]
pub struct Jwk(pub serde_json::Value);

/// A public key as a JSON object (JWK, RFC 7517): Ed25519, P-256, or RSA of at least 2048 bits.
#[Scalar(name = "JWK", specified_by_url = "https://www.rfc-editor.org/rfc/rfc7517")]
impl ScalarType for Jwk {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::Object(_) => Ok(Self(value.into_json()?)),
            _ => Err(InputValueError::custom("Send the public key as a JSON object (JWK).")),
        }
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}

/// A system of an agency that signs its own assertions (RFC 7523) and gets short tokens for them at `/token`.
#[derive(Clone)]
pub struct MachineAccount {
    row: Arc<Model>,
}

/// A system of an agency that signs its own assertions (RFC 7523) and gets short tokens for them at `/token`.
#[Object]
impl MachineAccount {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits; pass it as `version` when you edit.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// The `client_id`: what the system writes as `iss` and `sub` of its assertions.
    async fn client_id(&self) -> String {
        self.row.id.0.to_string()
    }

    /// Code of the agency that it acts for.
    async fn agency(&self) -> &str {
        self.row.agency.as_str()
    }

    /// Name for people.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// Its public key.
    async fn key(&self) -> Jwk {
        Jwk(self.row.jwk.clone())
    }

    /// SHA-256 thumbprint of the key (RFC 7638), to compare with the one that its owner reads out.
    async fn key_thumbprint(&self) -> Result<String> {
        Ok(key_of(&self.row)?.thumbprint().to_owned())
    }

    /// Scopes that its tokens may carry.
    async fn scopes(&self) -> Vec<String> {
        scopes_of(&self.row).into_iter().collect()
    }

    /// Subject of who registered it.
    async fn created_by(&self) -> &str {
        &self.row.created_by
    }

    /// When it was registered.
    async fn created_at(&self) -> Instant {
        Instant(self.row.created_at)
    }

    /// When it was last edited.
    async fn updated_at(&self) -> Instant {
        Instant(self.row.updated_at)
    }

    /// When it was revoked; null while it lives.
    async fn revoked_at(&self) -> Option<Instant> {
        self.row.revoked_at.map(Instant)
    }

    /// Why it was revoked.
    async fn revoke_reason(&self) -> Option<&str> {
        self.row.revoke_reason.as_deref()
    }
}

impl MachineAccount {
    /// The account of that id, for those who manage the accounts of its agency.
    ///
    /// # Errors
    /// `FORBIDDEN` for callers without the scope; `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: MachineAccountId) -> Result<Option<Self>> {
        let reads = reads(ctx)?;
        permit(&reads.caller, policy::READ)?;
        let row = store::by_id(&reads.db, &reads.visible, id).await?;
        Ok(row.map(|row| Self { row: Arc::new(row) }))
    }
}

/// Counts the accounts of a list.
pub struct AccountTotal(Option<bool>);

impl AccountTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        let reads = reads(ctx)?;
        store::count(&reads.db, &reads.visible, self.0).await
    }
}

connection!(MachineAccountConnection, MachineAccountEdge, MachineAccount, "machine accounts", AccountTotal);

/// Asking for machine accounts.
#[derive(Default)]
pub struct AccountQuery;

#[Object]
impl AccountQuery {
    /// The machine accounts of your agency, by name.
    #[graphql(directive = access::apply(policy::READ))]
    async fn machine_accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only revoked ones, or only living ones; both where not given.")] revoked: Option<bool>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<MachineAccountConnection> {
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        let reads = reads(ctx)?;
        let page = store::page(&reads.db, &reads.visible, revoked, &window).await?;
        let node = |row| MachineAccount { row };
        Ok(MachineAccountConnection::new(page, node, AccountTotal(revoked)))
    }
}

/// A machine account to be registered.
#[derive(Clone, Debug, InputObject)]
pub struct MachineAccountRegisterInput {
    /// Name for people, unique within the agency.
    pub name: String,
    /// The system's public key; the private one stays with the system.
    pub key: Jwk,
    /// Scopes that its tokens may carry.
    pub scopes: Vec<String>,
}

/// Edits of a machine account. What is not given is left as it is.
#[derive(Clone, Debug, InputObject)]
pub struct MachineAccountEditInput {
    /// Name for people, unique within the agency.
    pub name: Option<String>,
    /// Scopes that its tokens may carry; those that are out keep theirs until they end.
    pub scopes: Option<Vec<String>>,
}

/// What names the tokens that end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TokenName {
    /// One token, by its `jti`.
    Token,
    /// Every token of one program, by its `client_id`.
    Client,
    /// Every token of one person or machine, by its `sub`.
    Subject,
}

/// Tokens that shall end before their time.
#[derive(Clone, Debug, InputObject)]
pub struct TokenRevokeInput {
    /// What the value names.
    pub by: TokenName,
    /// The `jti`, `client_id` or `sub`.
    pub value: String,
    /// Why; 1 to 500 bytes.
    pub reason: String,
}

/// What ended.
#[derive(Clone, Debug, SimpleObject)]
pub struct TokenRevokePayload {
    /// Tokens of your agency that bear the name and were issued before this instant no longer hold.
    pub issued_before: Instant,
}

payload!(MachineAccountPayload, machine_account: MachineAccount, MachineAccountId, "The account");

/// Changing machine accounts.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Register a system of your agency by its public key.
    #[graphql(directive = access::apply(policy::REGISTER))]
    async fn machine_account_register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] input: MachineAccountRegisterInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<MachineAccountPayload> {
        let new = NewAccount { name: input.name, key: input.key.0, scopes: input.scopes };
        Ok(MachineAccountPayload(service::register(&command(ctx, None, idempotency_key)?, new).await?))
    }

    /// Change the name or the scopes of an account.
    #[graphql(directive = access::apply(policy::EDIT))]
    async fn machine_account_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] id: ID,
        #[graphql(desc = "The edits.")] input: MachineAccountEditInput,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<MachineAccountPayload> {
        let edit = AccountEdit { name: input.name, scopes: input.scopes };
        let cmd = command(ctx, version, idempotency_key)?;
        Ok(MachineAccountPayload(service::edit(&cmd, parse_id(&id, "id")?, edit).await?))
    }

    /// Give an account another public key. The former one proves nothing from then on; tokens that are out live on.
    #[graphql(directive = access::apply(policy::REPLACE_KEY))]
    async fn machine_account_replace_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] id: ID,
        #[graphql(desc = "The new public key.")] key: Jwk,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<MachineAccountPayload> {
        let cmd = command(ctx, version, idempotency_key)?;
        Ok(MachineAccountPayload(service::replace_key(&cmd, parse_id(&id, "id")?, &key.0).await?))
    }

    /// End an account for good, with every token that it has.
    #[graphql(directive = access::apply(policy::REVOKE))]
    async fn machine_account_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] id: ID,
        #[graphql(desc = "Why; 1 to 500 bytes.")] reason: String,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<MachineAccountPayload> {
        let cmd = command(ctx, version, idempotency_key)?;
        let id = service::revoke(&cmd, revocations(ctx)?, parse_id(&id, "id")?, &reason).await?;
        Ok(MachineAccountPayload(id))
    }

    /// End tokens of your agency before their time, whoever issued them: those that were issued until now.
    #[graphql(directive = access::apply(policy::REVOKE_TOKEN))]
    async fn token_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which tokens, and why.")] input: TokenRevokeInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<TokenRevokePayload> {
        let kind = match input.by {
            TokenName::Token => Kind::Token,
            TokenName::Client => Kind::Client,
            TokenName::Subject => Kind::Subject,
        };
        let cmd = command(ctx, None, idempotency_key)?;
        let before = service::revoke_tokens(&cmd, revocations(ctx)?, (kind, &input.value), &input.reason).await?;
        Ok(TokenRevokePayload { issued_before: Instant(before) })
    }
}
