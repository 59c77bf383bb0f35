//! The checks. Dates are calendar dates of Asia/Shanghai; spans `[from, to)` of the register are half-open, a window and
//! the dates of validity on paper include both ends.

use chrono::NaiveDate;
use entity::enums::{CertificateStatus, EquipmentStatus, Standing};

use crate::platform::fault::{Fault, Outcome, Problems};

/// The longest window, in days.
pub const LONGEST_WINDOW: i64 = 366;

/// A window of days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
}

impl Window {
    /// From the first to the last day.
    ///
    /// # Errors
    /// `INVALID` for days in the wrong order, or more of them than [`LONGEST_WINDOW`].
    pub fn new(first: NaiveDate, last: NaiveDate, path: &str) -> Outcome<Self> {
        let mut problems = Problems::default();
        let days = last.signed_duration_since(first).num_days();
        if days < 0 {
            problems.add(format!("{path}.to"), "DATES_REVERSED", "The window ends before it begins.");
        }
        if days >= LONGEST_WINDOW {
            problems.add(
                format!("{path}.to"),
                "WINDOW_TOO_LONG",
                format!("Ask for a window of at most {LONGEST_WINDOW} days, then for the next."),
            );
        }
        problems.finish()?;
        Ok(Self { first, last })
    }

    /// One day.
    pub fn day(day: NaiveDate) -> Self {
        Self { first: day, last: day }
    }

    /// The first day behind it.
    fn end(self) -> NaiveDate {
        self.last.succ_opt().unwrap_or(self.last)
    }

    /// The part of a half-open span that lies within it.
    fn part(self, from: NaiveDate, to: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let (from, to) = (from.max(self.first), to.min(self.end()));
        (from < to).then_some((from, to))
    }
}

/// Why a line does not count as available.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// `LAB_SUSPENDED`: the site or its institution is set aside.
    LabSuspended,
    /// `LAB_RETIRED`: the site or its institution is gone for good.
    LabRetired,
    /// `CERTIFICATE_NOT_YET_VALID`: the certificate begins later.
    CertificateNotYetValid,
    /// `CERTIFICATE_EXPIRED`: the certificate ends before the window does.
    CertificateExpired,
    /// `CERTIFICATE_SUSPENDED` by its issuer.
    CertificateSuspended,
    /// `CERTIFICATE_WITHDRAWN` by its issuer.
    CertificateWithdrawn,
    /// `SITE_NOT_COVERED`: the certificate does not cover the site.
    SiteNotCovered,
    /// `SCOPE_NOT_IN_FORCE`: the line begins later, or ends before the window does.
    ScopeNotInForce,
    /// `EQUIPMENT_OUT_OF_SERVICE`: an instrument that the line needs is set aside.
    EquipmentOutOfService,
    /// `EQUIPMENT_RETIRED`: an instrument that the line needs is gone.
    EquipmentRetired,
    /// `CALIBRATION_NEVER`: an instrument that the line needs was never calibrated.
    CalibrationNever,
    /// `CALIBRATION_OVERDUE`: the calibration of an instrument ends before the window does.
    CalibrationOverdue,
    /// `CALIBRATION_FAILED`: an instrument was found unfit.
    CalibrationFailed,
    /// `NO_SIGNATORY`: nobody may sign for the field.
    NoSignatory,
    /// `NO_OFFERING`: nothing that you may see is offered for it.
    NoOffering,
    /// `OFFERING_PAUSED`: what is offered is paused.
    OfferingPaused,
    /// `QUANTITY_OUT_OF_RANGE`: more, or less, than the offering takes at once.
    QuantityOutOfRange,
    /// `NO_CAPACITY`: less is free over the window than is asked for.
    NoCapacity,
}

impl Reason {
    /// The spelling in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::LabSuspended => "LAB_SUSPENDED",
            Self::LabRetired => "LAB_RETIRED",
            Self::CertificateNotYetValid => "CERTIFICATE_NOT_YET_VALID",
            Self::CertificateExpired => "CERTIFICATE_EXPIRED",
            Self::CertificateSuspended => "CERTIFICATE_SUSPENDED",
            Self::CertificateWithdrawn => "CERTIFICATE_WITHDRAWN",
            Self::SiteNotCovered => "SITE_NOT_COVERED",
            Self::ScopeNotInForce => "SCOPE_NOT_IN_FORCE",
            Self::EquipmentOutOfService => "EQUIPMENT_OUT_OF_SERVICE",
            Self::EquipmentRetired => "EQUIPMENT_RETIRED",
            Self::CalibrationNever => "CALIBRATION_NEVER",
            Self::CalibrationOverdue => "CALIBRATION_OVERDUE",
            Self::CalibrationFailed => "CALIBRATION_FAILED",
            Self::NoSignatory => "NO_SIGNATORY",
            Self::NoOffering => "NO_OFFERING",
            Self::OfferingPaused => "OFFERING_PAUSED",
            Self::QuantityOutOfRange => "QUANTITY_OUT_OF_RANGE",
            Self::NoCapacity => "NO_CAPACITY",
        }
    }
}

/// One thing that stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exclusion {
    /// What.
    pub reason: Reason,
    /// The first day of the window on which it does.
    pub from: NaiveDate,
}

/// What is found, each reason once with its first day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exclusions(Vec<Exclusion>);

impl Exclusions {
    /// Adds one, unless the same reason bites earlier.
    pub fn add(&mut self, reason: Reason, from: NaiveDate) {
        match self.0.iter_mut().find(|one| one.reason == reason) {
            Some(one) => one.from = one.from.min(from),
            None => self.0.push(Exclusion { reason, from }),
        }
    }

    /// Whether nothing stands in the way.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in the order of their days.
    pub fn into_sorted(mut self) -> Vec<Exclusion> {
        self.0.sort_unstable_by_key(|one| (one.from, one.reason));
        self.0
    }
}

/// A revision of a certificate, as far as the checks need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificateFact {
    /// The half-open span of the revision.
    pub span: (NaiveDate, NaiveDate),
    /// First and last day of validity.
    pub valid: (NaiveDate, NaiveDate),
    /// What the issuer says.
    pub status: CertificateStatus,
}

/// The certificate is ACTIVE and in date on every day. Withdrawal outranks expiry, and expiry suspension, because
/// resuming an expired certificate would not help.
pub fn certificate(revisions: impl IntoIterator<Item = CertificateFact>, window: Window, found: &mut Exclusions) {
    let mut known = Cover::over(window);
    for CertificateFact { span, valid, status } in revisions {
        let Some((from, to)) = window.part(span.0, span.1) else { continue };
        known.add(from, to);
        let expires = valid.1.succ_opt().unwrap_or(valid.1);
        match status {
            CertificateStatus::Withdrawn => found.add(Reason::CertificateWithdrawn, from),
            _ if expires <= from => found.add(Reason::CertificateExpired, from),
            CertificateStatus::Suspended => found.add(Reason::CertificateSuspended, from),
            CertificateStatus::Active if valid.0 > from => found.add(Reason::CertificateNotYetValid, from),
            CertificateStatus::Active => {}
        }
        if status != CertificateStatus::Withdrawn && from < expires && expires < to {
            found.add(Reason::CertificateExpired, expires);
        }
    }
    if let Some(day) = known.first_gap() {
        found.add(Reason::CertificateNotYetValid, day);
    }
}

/// These half-open spans together have every day of the window; else `reason` bites on the first day that they lack.
pub fn covered(
    spans: impl IntoIterator<Item = (NaiveDate, NaiveDate)>,
    window: Window,
    reason: Reason,
    found: &mut Exclusions,
) {
    let mut cover = Cover::over(window);
    for (from, to) in spans {
        cover.add(from, to);
    }
    if let Some(day) = cover.first_gap() {
        found.add(reason, day);
    }
}

/// The site and its institution take part.
pub fn standing(standing: Standing, window: Window, found: &mut Exclusions) {
    match standing {
        Standing::Active => {}
        Standing::Suspended => found.add(Reason::LabSuspended, window.first),
        Standing::Retired => found.add(Reason::LabRetired, window.first),
    }
}

/// A calibration, as far as the checks need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalibrationFact {
    /// When it was done.
    pub performed: NaiveDate,
    /// The last day on which it counts.
    pub due: NaiveDate,
    /// Whether the item was found fit.
    pub fit: bool,
}

/// An item is in service on every day: the half-open spans of its revisions with their status.
pub fn service(
    revisions: impl IntoIterator<Item = (NaiveDate, NaiveDate, EquipmentStatus)>,
    window: Window,
    found: &mut Exclusions,
) {
    for (from, to, status) in revisions {
        let Some((from, _)) = window.part(from, to) else { continue };
        match status {
            EquipmentStatus::InService => {}
            EquipmentStatus::OutOfService => found.add(Reason::EquipmentOutOfService, from),
            EquipmentStatus::Retired => found.add(Reason::EquipmentRetired, from),
        }
    }
}

/// An item is in calibration on every day. Its calibrations come in the order of their dates, voided ones left out; on
/// each day the last one done by then counts.
pub fn calibration(calibrations: &[CalibrationFact], window: Window, found: &mut Exclusions) {
    let before = calibrations.partition_point(|one| one.performed <= window.first);
    let mut from = window.first;
    let mut last = before.checked_sub(1).map(|at| calibrations[at]);
    for next in calibrations[before..].iter().copied().map(Some).chain([None]) {
        let to = next.map_or(window.end(), |next| next.performed.min(window.end()));
        if from < to {
            match last {
                None => found.add(Reason::CalibrationNever, from),
                Some(one) if !one.fit => found.add(Reason::CalibrationFailed, from),
                Some(one) => {
                    let overdue = one.due.succ_opt().unwrap_or(one.due).max(from);
                    if overdue < to {
                        found.add(Reason::CalibrationOverdue, overdue);
                    }
                }
            }
        }
        (from, last) = (to, next);
    }
}

/// Enough is free over the window: the units of its days together reach what is asked for. `free` has a day with what is
/// free of it, the Monday of a week where that is counted, in any order; days that it lacks have nothing. Where they do not
/// reach, the first day on which nothing is free is where it bites, or the first day where each has something.
pub fn free_capacity(
    free: impl IntoIterator<Item = (NaiveDate, i32)>,
    wanted: u32,
    window: Window,
    found: &mut Exclusions,
) {
    let mut days: Vec<(NaiveDate, i32)> = free.into_iter().filter(|(day, _)| *day <= window.last).collect();
    days.sort_unstable();
    let sum: i64 = days.iter().map(|(_, free)| i64::from(*free).max(0)).sum();
    if sum < i64::from(wanted) {
        let nothing = days.iter().find(|(_, free)| *free <= 0).map_or(window.first, |(day, _)| *day);
        found.add(Reason::NoCapacity, nothing.max(window.first));
    }
}

/// Which days of a window are covered by spans that come in any order.
struct Cover {
    window: Window,
    spans: Vec<(NaiveDate, NaiveDate)>,
}

impl Cover {
    fn over(window: Window) -> Self {
        Self { window, spans: Vec::new() }
    }

    fn add(&mut self, from: NaiveDate, to: NaiveDate) {
        self.spans.extend(self.window.part(from, to));
    }

    fn first_gap(mut self) -> Option<NaiveDate> {
        self.spans.sort_unstable();
        let mut reached = self.window.first;
        for (from, to) in self.spans {
            if from > reached {
                break;
            }
            reached = reached.max(to);
        }
        (reached <= self.window.last).then_some(reached)
    }
}

/// A fault for a quantity that cannot be meant.
///
/// # Errors
/// `INVALID` below one.
pub fn quantity(asked: Option<i32>, path: &str) -> Outcome<Option<u32>> {
    asked
        .map(|asked| {
            u32::try_from(asked)
                .ok()
                .filter(|asked| *asked > 0)
                .ok_or_else(|| Fault::invalid(path, "QUANTITY", "Ask for a quantity of 1 or more, or leave it away."))
        })
        .transpose()
}
