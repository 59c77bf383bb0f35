//! Delivering reports. Each is held against the scope lines under which it was issued, on the date of its issue.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::{
    attachment, deliverable,
    enums::{AttachmentPurpose, CertificateStatus, OfferingKind, Side},
    ids::{AttachmentId, DeliverableId, ReferralId, ScopeId},
};
use serde_json::json;

use super::{desk::Desk, room};
use crate::{
    attachment::service as attachments,
    directory::{certificate, scope, text},
    platform::{
        command::Command,
        db::Tx,
        fault::{Outcome, Problems},
    },
    request::{
        model::{Done, blocker::Blockers, reason::Reason, referral as machine},
        policy, store,
    },
};

/// Most reports of one delivery.
const MOST_REPORTS: usize = 50;
/// Most scope lines of one report.
const MOST_SCOPES: usize = 100;

/// A report that is delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its number.
    pub number: String,
    /// The date of issue on it.
    pub issued_on: NaiveDate,
    /// The file, where it is kept here.
    pub attachment: Option<AttachmentId>,
    /// SHA-256 of the file, where it is kept elsewhere.
    pub sha256: Option<String>,
    /// The scope lines under which it was issued.
    pub scopes: Vec<ScopeId>,
}

/// Delivers the results; what is left of the capacity is freed, and reports of an earlier delivery are superseded.
///
/// # Errors
/// `INVALID`; with all of them at once `SCOPE_REQUIRED`, `SCOPE_NOT_IN_FORCE`, `CERTIFICATE_NOT_VALID`; the refusals of the
/// machine.
pub async fn deliver(cmd: &Command<'_>, id: ReferralId, reports: Vec<Report>) -> Outcome<Done> {
    cmd.run(policy::DELIVER, async |tx: &mut Tx| {
        let (mut desk, at) = Desk::of_referral(tx, id).await?;
        cmd.expect_version(desk.referrals[at].version)?;
        desk.may(at, machine::Event::Deliver)?;
        let rows = checked(&mut desk, at, reports).await?;
        for old in store::current_reports(desk.tx, id).await? {
            desk.tx.replace(&old, deliverable::Model { superseded: true, ..old.clone() }).await?;
        }
        for row in rows {
            desk.tx.insert(row).await?;
        }
        desk.step_referral(at, machine::Event::Deliver, (Side::Provider, Reason::default()), |_| {}).await?;
        room::finish(desk.tx, desk.referrals[at].hold_id).await?;
        desk.settle().await?;
        Ok(desk.done(Some(id), None))
    })
    .await
}

async fn checked(desk: &mut Desk<'_>, at: usize, reports: Vec<Report>) -> Outcome<Vec<deliverable::Model>> {
    let mut problems = Problems::default();
    formed(&mut problems, &reports, desk.tx.today());
    problems.finish()?;
    let referral = desk.referrals[at].clone();
    let tests = desk.offering(at).await?.is_some_and(|offering| offering.kind == OfferingKind::Testing);
    let mut blockers = Blockers::default();
    for report in &reports {
        if tests && report.scopes.is_empty() {
            let message = format!("Say under which scope lines report {} was issued.", report.number);
            blockers.add("SCOPE_REQUIRED", message, json!({ "report": report.number }));
        }
        for line in &report.scopes {
            held(desk, (at, report), *line, &mut blockers).await?;
        }
    }
    blockers.finish()?;
    let files: Vec<AttachmentId> = reports.iter().filter_map(|report| report.attachment).collect();
    let parties = [referral.requester.clone(), referral.agency.clone()];
    let subject = referral.id.to_string();
    let files = attachments::bind(desk.tx, &files, &subject, AttachmentPurpose::Report, &parties).await?;
    let (now, author) = (desk.tx.now(), desk.who());
    let row = |report: Report| {
        let file: Option<&attachment::Model> = files.iter().find(|file| Some(file.id) == report.attachment);
        let listed: Vec<String> = report.scopes.iter().map(ToString::to_string).collect();
        deliverable::Model {
            id: DeliverableId(desk.tx.id()),
            referral_id: referral.id,
            agency: referral.agency.clone(),
            requester: referral.requester.clone(),
            revision: referral.revision,
            report_number: report.number.trim().to_owned(),
            issued_on: report.issued_on,
            sha256: file.map_or_else(|| report.sha256.unwrap_or_default().to_lowercase(), |file| file.sha256.clone()),
            size: file.map(|file| file.size),
            attachment_id: report.attachment,
            scopes: listed.into(),
            superseded: false,
            author: author.clone(),
            created_at: now,
        }
    };
    Ok(reports.into_iter().map(row).collect())
}

fn formed(problems: &mut Problems, reports: &[Report], today: NaiveDate) {
    if reports.is_empty() {
        problems.add("reports", "REQUIRED", "Deliver at least one report.");
    }
    if reports.len() > MOST_REPORTS {
        problems.add("reports", "TOO_MANY", format!("Deliver at most {MOST_REPORTS} reports at once."));
    }
    let mut numbers = BTreeSet::new();
    for (at, report) in reports.iter().enumerate() {
        let number = text::required(problems, &format!("reports[{at}].number"), &report.number, text::NAME);
        if !numbers.insert(number) {
            problems.add(format!("reports[{at}].number"), "REPORT_TWICE", "Name each report once.");
        }
        if report.issued_on > today {
            problems.add(
                format!("reports[{at}].issuedOn"),
                "DATE_FUTURE",
                format!("Choose {today} or an earlier date."),
            );
        }
        if report.scopes.len() > MOST_SCOPES {
            problems.add(format!("reports[{at}].scopes"), "TOO_MANY", format!("Name at most {MOST_SCOPES} lines."));
        }
        let hash = report.sha256.as_deref();
        let formed = hash.is_some_and(|hash| hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match (report.attachment, hash) {
            (Some(_), Some(_)) => {
                problems.add(
                    format!("reports[{at}].sha256"),
                    "HASH_OF_FILE",
                    "The file is kept here and has its hash.",
                );
            }
            (None, _) if !formed => {
                let message = "Attach the file, or give its SHA-256 as 64 hexadecimal digits.";
                problems.add(format!("reports[{at}].sha256"), "HASH_REQUIRED", message);
            }
            _ => {}
        }
    }
}

/// Holds a scope line against the date of issue: it was in force at the site, and its certificate valid.
async fn held(desk: &Desk<'_>, (at, report): (usize, &Report), line: ScopeId, blockers: &mut Blockers) -> Outcome<()> {
    let (on, lab) = (report.issued_on, desk.referrals[at].lab_id);
    let facts = json!({ "report": report.number, "scope": line.to_string(), "issuedOn": on });
    let row = scope::store::in_force_on(desk.tx, line, on).await?.filter(|row| Some(row.lab_id) == lab);
    let Some(row) = row else {
        let message = format!("{line} was no line of this site on {on}, when report {} was issued.", report.number);
        blockers.add("SCOPE_NOT_IN_FORCE", message, facts);
        return Ok(());
    };
    let held = certificate::store::in_force_on(desk.tx, row.certificate_id, on).await?;
    let valid = held.is_some_and(|held| {
        held.status == CertificateStatus::Active && held.valid_from <= on && held.valid_to.is_none_or(|last| on <= last)
    });
    if !valid {
        let message =
            format!("The certificate of {line} did not hold on {on}, when report {} was issued.", report.number);
        blockers.add("CERTIFICATE_NOT_VALID", message, facts);
    }
    Ok(())
}
