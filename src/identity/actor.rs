//! From verified claims to an [`Actor`]: whose agency, which scopes, which limits.

use std::collections::BTreeSet;

use entity::ids::{AgencyCode, InstitutionId, LabId};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    issuer::Issuer,
    roles::Roles,
    scopes,
    token::{Claims, refuse},
};
use crate::platform::{
    access::{Actor, ActorKind},
    fault::Outcome,
};

/// Most roles, scopes or limits that one claim may list.
const MAX_ITEMS: usize = 1000;

/// The actor that verified claims of `issuer` make. Roles and scopes that are not known here open nothing.
///
/// # Errors
/// `UNAUTHENTICATED` where the agency is not one of the issuer's, or a claim has the wrong type: a limit that cannot be
/// read must not become no limit.
pub fn from_claims(claims: &Claims, issuer: &Issuer, roles: &Roles) -> Outcome<Actor> {
    let names = &issuer.claims;
    let agency = agency(&claims.all, issuer)?;
    let held = words(&claims.all, &names.roles)?.unwrap_or_default();
    let mut scopes: BTreeSet<String> =
        held.iter().filter_map(|role| roles.scopes_of(role)).flatten().cloned().collect();
    let asked = words(&claims.all, &names.scope)?.unwrap_or_default();
    scopes.extend(asked.into_iter().filter(|scope| scopes::is_known(scope)));
    Ok(Actor {
        kind: kind(claims, &names.machine)?,
        agency: Some(agency),
        subject: claims.subject.clone(),
        client: claims.client.clone(),
        scopes,
        roles: held,
        labs: ids(&claims.all, &names.labs, LabId::KIND)?.map(|ids| ids.into_iter().map(LabId).collect()),
        institutions: ids(&claims.all, &names.institutions, InstitutionId::KIND)?
            .map(|ids| ids.into_iter().map(InstitutionId).collect()),
        issuer: claims.issuer.clone(),
        token_id: claims.token_id.clone(),
        issued_at: claims.issued_at,
        expires_at: Some(claims.expires_at),
    })
}

/// The claimed agency, or the only one that the issuer speaks for where the token names none.
fn agency(all: &Map<String, Value>, issuer: &Issuer) -> Outcome<AgencyCode> {
    match claim(all, &issuer.claims.agency) {
        Some(Value::String(code)) => {
            issuer.agency(code).cloned().ok_or_else(|| refuse("the issuer may not speak for the agency of the token"))
        }
        Some(_) => Err(refuse("the agency is no string")),
        None => match (issuer.agencies.first(), issuer.agencies.len()) {
            (Some(only), 1) => Ok(only.clone()),
            _ => Err(refuse("the token names no agency, and its issuer speaks for several")),
        },
    }
}

fn kind(claims: &Claims, mark: &str) -> Outcome<ActorKind> {
    let marked = match claim(&claims.all, mark) {
        None => false,
        Some(Value::Bool(marked)) => *marked,
        Some(_) => return Err(refuse("the mark of a machine is no boolean")),
    };
    let own = claims.all.get("client_id").and_then(Value::as_str) == Some(&claims.subject);
    Ok(if marked || own { ActorKind::Machine } else { ActorKind::Person })
}

/// A claim by its name, or by a JSON pointer where the name begins with `/`.
fn claim<'a>(all: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    match name.strip_prefix('/') {
        None => all.get(name),
        Some(path) => {
            let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
            let found = all.get(&first.replace("~1", "/").replace("~0", "~"))?;
            rest.map_or(Some(found), |rest| found.pointer(&format!("/{rest}")))
        }
    }
}

/// An array of strings, or one string with blanks between; `None` where the claim is absent.
fn words(all: &Map<String, Value>, name: &str) -> Outcome<Option<Vec<String>>> {
    let wrong = || refuse(format!("the claim {name} is not a list of names"));
    let found: Vec<String> = match claim(all, name) {
        None => return Ok(None),
        Some(Value::String(text)) => text.split_ascii_whitespace().map(str::to_owned).collect(),
        Some(Value::Array(items)) => {
            items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>().ok_or_else(wrong)?
        }
        Some(_) => return Err(wrong()),
    };
    if found.len() > MAX_ITEMS { Err(wrong()) } else { Ok(Some(found)) }
}

/// An array of ids, bare or typed (`lab:…`); `None` where the claim is absent.
fn ids(all: &Map<String, Value>, name: &str, kind: &str) -> Outcome<Option<BTreeSet<Uuid>>> {
    let wrong = || refuse(format!("the claim {name} is no array of {kind} ids"));
    let Some(value) = claim(all, name) else { return Ok(None) };
    let items = value.as_array().filter(|items| items.len() <= MAX_ITEMS).ok_or_else(wrong)?;
    let parse = |item: &Value| {
        let text = item.as_str()?;
        let bare = match text.split_once(':') {
            Some((typed, bare)) if typed == kind => bare,
            Some(_) => return None,
            None => text,
        };
        Uuid::try_parse(bare).ok()
    };
    items.iter().map(parse).collect::<Option<_>>().map(Some).ok_or_else(wrong)
}
