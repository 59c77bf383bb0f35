//! Who may do what: the type net ([`Permit`]) and the row net ([`Ruled`], [`Sealed`], [`Visible`]) of policy.
//!
//! A verified token makes an [`Actor`]; [`permit`] turns an actor and an [`Action`] into a [`Permit`], which has
//! no other constructor; only a permit opens a transaction, and only a transaction opens a [`Sealed`] row. So a
//! mutation without a decision does not compile.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};
use entity::ids::{AgencyCode, InstitutionId, LabId};

use super::fault::{Fault, Outcome};

/// What kind of caller an [`Actor`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// No token; exists only where the configuration opens anonymous reading.
    Anonymous,
    /// A person, vouched for by an issuer.
    Person,
    /// A system of an agency, with a machine account.
    Machine,
    /// Labpact itself: the command line, a sweeper, an import at the console.
    System,
}

/// Who is calling, as far as a verified token says. Built by `identity` and by the command line only.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Person, machine, system or nobody.
    pub kind: ActorKind,
    /// The agency that the caller acts for; `None` for the anonymous and for the system at large.
    pub agency: Option<AgencyCode>,
    /// Who, within the agency's issuer (`sub`).
    pub subject: String,
    /// Which program (`client_id`), where the token names one.
    pub client: Option<String>,
    /// What the roles and scopes of the token add up to.
    pub scopes: BTreeSet<String>,
    /// Roles as the token named them; for display and audit, never for decisions.
    pub roles: Vec<String>,
    /// Where set, only these labs may be written.
    pub labs: Option<BTreeSet<LabId>>,
    /// Where set, only what belongs to these institutions may be written.
    pub institutions: Option<BTreeSet<InstitutionId>>,
    /// Issuer of the token.
    pub issuer: String,
    /// `jti` of the token, where it has one.
    pub token_id: Option<String>,
    /// When the token was issued, where it says so.
    pub issued_at: Option<DateTime<Utc>>,
    /// When the token ends.
    pub expires_at: Option<DateTime<Utc>>,
}

impl Actor {
    /// A caller without a token, holding just the scopes that the configuration gives away.
    pub fn anonymous(scopes: impl IntoIterator<Item = String>) -> Self {
        Self::bare(ActorKind::Anonymous, None, "", scopes.into_iter().collect())
    }

    /// Labpact itself, acting for one agency or, with `None`, for the whole; `subject` names the part, as `cli:import`.
    pub fn system(agency: Option<AgencyCode>, subject: &str) -> Self {
        Self::bare(ActorKind::System, agency, subject, BTreeSet::new())
    }

    fn bare(kind: ActorKind, agency: Option<AgencyCode>, subject: &str, scopes: BTreeSet<String>) -> Self {
        Self {
            kind,
            agency,
            subject: subject.to_owned(),
            client: None,
            scopes,
            roles: Vec::new(),
            labs: None,
            institutions: None,
            issuer: String::new(),
            token_id: None,
            issued_at: None,
            expires_at: None,
        }
    }

    /// Whether the caller holds a scope. The system holds all of them.
    pub fn holds(&self, scope: &str) -> bool {
        self.kind == ActorKind::System || self.scopes.contains(scope)
    }

    /// Who this is over all issuers: as authors, approvers and signers are written down and compared.
    pub fn who(&self) -> String {
        format!("{}#{}", self.issuer, self.subject)
    }

    /// Whether the caller acts for `agency`. The system at large acts for every agency.
    pub fn acts_for(&self, agency: &AgencyCode) -> bool {
        match &self.agency {
            Some(own) => own == agency,
            None => self.kind == ActorKind::System,
        }
    }
}

/// An actor in the course of one request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub actor: Arc<Actor>,
    /// The request, as logs, errors and the change log name it.
    pub request_id: Arc<str>,
    /// Why they read, where they said so.
    pub reason: Option<Arc<str>>,
}

impl Caller {
    /// `actor` in the request of that id.
    pub fn new(actor: impl Into<Arc<Actor>>, request_id: impl Into<Arc<str>>) -> Self {
        Self { actor: actor.into(), request_id: request_id.into(), reason: None }
    }

    /// The same with why they read.
    pub fn reading(self, reason: Option<Arc<str>>) -> Self {
        Self { reason, ..self }
    }
}

/// A named thing that can be done, and the scope that opens it. Declared in each capability's `policy.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    /// Stable name in SDL, audit and errors: `noun.verb`.
    pub name: &'static str,
    /// The scope that a caller must hold.
    pub scope: &'static str,
}

impl Action {
    /// An action of this name, opened by this scope.
    pub const fn new(name: &'static str, scope: &'static str) -> Self {
        Self { name, scope }
    }
}

/// Proof that an actor holds the scope of an action. Only [`permit`] makes one.
#[derive(Clone, Debug)]
pub struct Permit {
    caller: Caller,
    action: Action,
}

impl Permit {
    /// Who was permitted.
    pub fn actor(&self) -> &Actor {
        &self.caller.actor
    }

    /// In which request.
    pub fn request_id(&self) -> &str {
        &self.caller.request_id
    }

    /// What was permitted.
    pub fn action(&self) -> Action {
        self.action
    }

    /// The agency for which the act happens.
    ///
    /// # Errors
    /// `INVALID` when the system acts for no agency in particular and the act needs one.
    pub fn agency(&self) -> Outcome<&AgencyCode> {
        self.actor().agency.as_ref().ok_or_else(|| {
            Fault::invalid(
                "agency",
                "AGENCY_REQUIRED",
                "Say for which agency this is done (on the command line: --agency GD).",
            )
        })
    }
}

/// Decides whether the caller may do `action` at all; rows are decided later, by their own rule.
///
/// # Errors
/// `UNAUTHENTICATED` for the anonymous, `FORBIDDEN` for a caller without the scope.
pub fn permit(caller: &Caller, action: Action) -> Outcome<Permit> {
    let actor = &caller.actor;
    if actor.holds(action.scope) {
        return Ok(Permit { caller: caller.clone(), action });
    }
    if actor.kind == ActorKind::Anonymous {
        return Err(Fault::Unauthenticated(format!("{} needs a token", action.name)));
    }
    Err(Fault::Forbidden {
        action: action.name,
        message: format!("{} needs the scope {}, which your token does not carry.", action.name, action.scope),
    })
}

/// What a row's rule says of an actor who holds the scope of the action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// Go ahead.
    Allowed,
    /// The actor may see the row but not do this; the text says why.
    Forbidden(&'static str),
    /// The row does not exist for this actor.
    Hidden,
}

/// A row with a rule: implemented in each capability's `policy.rs` for the rows that it owns.
pub trait Ruled {
    /// The kind in typed ids and errors.
    const KIND: &'static str;

    /// The id as callers know it.
    fn key(&self) -> String;

    /// May `actor` do `action` with this row?
    fn rule(&self, actor: &Actor, action: Action) -> Ruling;
}

/// A locked row that cannot be read before its rule has been asked.
#[derive(Debug)]
pub struct Sealed<R>(R);

impl<R: Ruled> Sealed<R> {
    /// Seals a row. Called by the transaction and by nobody else.
    pub(in crate::platform) fn new(row: R) -> Self {
        Self(row)
    }

    /// Opens the row for the permitted action.
    ///
    /// # Errors
    /// `NOT_FOUND` where the actor may not see the row, `FORBIDDEN` where the rule refuses.
    pub fn open(self, permit: &Permit) -> Outcome<R> {
        match self.0.rule(permit.actor(), permit.action()) {
            Ruling::Allowed => Ok(self.0),
            Ruling::Hidden => Err(Fault::not_found(R::KIND, self.0.key())),
            Ruling::Forbidden(why) => Err(Fault::Forbidden { action: permit.action().name, message: why.to_owned() }),
        }
    }
}

/// Which rows an actor may see, compiled once per request. Every read begins from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visible {
    /// Public records only.
    Public,
    /// Public and partner records, and everything of the caller's own agency.
    Partner(AgencyCode),
    /// Everything: the system itself.
    All,
}

impl Visible {
    /// What `actor` may see.
    pub fn to(actor: &Actor) -> Self {
        match (&actor.agency, actor.kind) {
            (Some(agency), ActorKind::Person | ActorKind::Machine | ActorKind::System) => Self::Partner(agency.clone()),
            (None, ActorKind::System) => Self::All,
            _ => Self::Public,
        }
    }

    /// Whether the caller is a member of the pact, to whom contact data and price bases are shown.
    pub fn is_partner(&self) -> bool {
        !matches!(self, Self::Public)
    }
}
