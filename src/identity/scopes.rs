//! Scopes: what a token can open. Each action of a capability names one of these.

/// Read labs, institutions, certificates, equipment, scope lines, standards and offerings.
pub const DIRECTORY_READ: &str = "directory:read";
/// Write institutions, labs, certificates and signatories of the own agency.
pub const DIRECTORY_WRITE: &str = "directory:write";
/// Write capability annexes.
pub const SCOPE_WRITE: &str = "scope:write";
/// Write equipment and calibrations.
pub const EQUIPMENT_WRITE: &str = "equipment:write";
/// Write what labs offer, and their calendars.
pub const OFFERING_WRITE: &str = "offering:write";
/// Keep searches of the own agency.
pub const SEARCH_SAVE: &str = "search:save";
/// Upload files of the own agency.
pub const ATTACHMENT_WRITE: &str = "attachment:write";
/// Draft and submit requests.
pub const REQUEST_CREATE: &str = "request:create";
/// Approve or return the own agency's requests, accept offers.
pub const REQUEST_APPROVE: &str = "request:approve";
/// Sign as the requesting side.
pub const REQUEST_SIGN: &str = "request:sign";
/// Answer requests for the providing lab.
pub const SUPPLY_RESPOND: &str = "supply:respond";
/// Approve answers for the providing agency.
pub const SUPPLY_APPROVE: &str = "supply:approve";
/// Sign as the providing side.
pub const SUPPLY_SIGN: &str = "supply:sign";
/// Write approval rules and appoint deputies.
pub const APPROVAL_MANAGE: &str = "approval:manage";
/// Manage the own agency's subscriptions and webhooks.
pub const NOTIFY_MANAGE: &str = "notify:manage";
/// Read the change log and check its chain.
pub const AUDIT_READ: &str = "audit:read";
/// Erase data of persons from the own agency's records and their history.
pub const AUDIT_ERASE: &str = "audit:erase";
/// Manage the own agency's machine accounts.
pub const ACCOUNT_MANAGE: &str = "account:manage";
/// Write the pact's catalogue of standards.
pub const STANDARD_WRITE: &str = "standard:write";
/// Write the pact's calendar of holidays.
pub const CALENDAR_WRITE: &str = "calendar:write";
/// Act as the pact's secretariat: see the whole, settle disputes, run joint programmes.
pub const COORDINATOR: &str = "coordinator";
/// Execute documents that were not published, where only published ones run.
pub const GRAPHQL_ADHOC: &str = "graphql:adhoc";

/// Every scope with what it opens, in the order in which they are documented. A scope that is not here opens nothing.
pub const ALL: &[(&str, &str)] = &[
    (DIRECTORY_READ, "Read labs, institutions, certificates, equipment, scope lines, standards and offerings."),
    (DIRECTORY_WRITE, "Write institutions, labs, certificates and signatories of the own agency."),
    (SCOPE_WRITE, "Write capability annexes of the own agency's labs."),
    (EQUIPMENT_WRITE, "Write equipment and calibrations of the own agency's labs."),
    (OFFERING_WRITE, "Write what the own agency's labs offer, and their calendars."),
    (SEARCH_SAVE, "Keep searches of the own agency under a name, edit and delete them."),
    (ATTACHMENT_WRITE, "Upload files of the own agency, to be attached to requests, offers and reports."),
    (REQUEST_CREATE, "Draft and submit requests."),
    (REQUEST_APPROVE, "Approve or return the own agency's requests and accept offers."),
    (REQUEST_SIGN, "Sign as the requesting side."),
    (SUPPLY_RESPOND, "Answer requests for a providing lab."),
    (SUPPLY_APPROVE, "Approve answers for the providing agency."),
    (SUPPLY_SIGN, "Sign as the providing side."),
    (APPROVAL_MANAGE, "Write the rules by which the own agency decides, and appoint deputies."),
    (NOTIFY_MANAGE, "Manage the own agency's subscriptions and webhooks."),
    (AUDIT_READ, "Read the change log and check its chain."),
    (AUDIT_ERASE, "Erase data of persons from the own agency's records and their history."),
    (ACCOUNT_MANAGE, "Manage the own agency's machine accounts."),
    (STANDARD_WRITE, "Write the pact's catalogue of standards."),
    (CALENDAR_WRITE, "Write the pact's calendar of holidays."),
    (GRAPHQL_ADHOC, "Execute documents that were not published, where only published ones run."),
    (COORDINATOR, "Act as the secretariat of the pact."),
];

/// Whether `scope` is one of ours.
pub fn is_known(scope: &str) -> bool {
    ALL.iter().any(|(name, _)| *name == scope)
}
