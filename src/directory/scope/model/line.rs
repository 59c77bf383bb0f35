//! One line of an annex.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    FOREVER, competence_scope as line,
    enums::Visibility,
    ids::{AgencyCode, CertificateId, LabId, ScopeId, ScopeVersionId},
};

use crate::{
    directory::{
        scope::serial::sort_key,
        standard::number::{self, StandardNumber},
        text,
    },
    platform::{
        fault::{Outcome, Problems},
        patch::Patch,
    },
};

/// A line as a caller writes it; texts are kept as written, but for blanks at their ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewLine {
    /// 序号, such as `1.2.1`; may be empty.
    pub serial: String,
    /// 类别 / 领域.
    pub field: String,
    /// 产品 / 检测对象.
    pub object: String,
    /// 项目 / 参数.
    pub parameter: String,
    /// 依据的标准（方法）: name and number with year; one standard.
    pub method: String,
    /// Clause or 第一法, where it does not stand in the method.
    pub clause: Option<String>,
    /// 限制范围.
    pub limits: Option<String>,
    /// 说明.
    pub remarks: Option<String>,
    /// Who may see it; none: as before, and `PUBLIC` for a new line, for annexes are published.
    pub visibility: Option<Visibility>,
}

/// A line in good form, with what is derived from its texts. Made by [`NewLine::validated`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub(super) written: NewLine,
    pub(super) serial_key: String,
    pub(super) standard_key: Option<String>,
    pub(super) standard_year: Option<i32>,
}

/// Where and when a new line stands.
#[derive(Clone, Debug)]
pub struct Placing {
    /// The edition that brings it.
    pub edition: ScopeVersionId,
    /// The certificate.
    pub certificate: CertificateId,
    /// The site.
    pub lab: LabId,
    /// The owner.
    pub agency: AgencyCode,
    /// First date on which it is in force.
    pub from: NaiveDate,
    /// When it enters the register.
    pub at: DateTime<Utc>,
}

/// Edits of one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineEdit {
    /// 序号.
    pub serial: Option<String>,
    /// 类别 / 领域.
    pub field: Option<String>,
    /// 产品 / 检测对象.
    pub object: Option<String>,
    /// 项目 / 参数.
    pub parameter: Option<String>,
    /// 依据的标准（方法）.
    pub method: Option<String>,
    /// Clause or 第一法; emptied, it is read from the method.
    pub clause: Patch<String>,
    /// 限制范围.
    pub limits: Patch<String>,
    /// 说明.
    pub remarks: Patch<String>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// The date from which the edit holds; none: today.
    pub effective_from: Option<NaiveDate>,
}

impl NewLine {
    /// The line in good form; problems are added under `path` (`input`, `input.lines[3]`), and then the line must not
    /// be used.
    pub fn checked(self, path: &str, problems: &mut Problems) -> Line {
        let at = |field: &str| format!("{path}.{field}");
        let serial = text::optional(problems, &at("serial"), Some(self.serial), text::NAME).unwrap_or_default();
        let method = text::required(problems, &at("method"), &self.method, text::FREE);
        let clause = text::optional(problems, &at("clause"), self.clause, text::NAME);
        let cited = cited(&method);
        let suffix = cited.as_ref().and_then(|number| number.suffix.clone());
        Line {
            serial_key: sort_key(&serial),
            standard_key: cited.as_ref().map(StandardNumber::key),
            standard_year: cited.and_then(|number| number.year).map(i32::from),
            written: Self {
                serial,
                field: text::required(problems, &at("field"), &self.field, text::FREE),
                object: text::required(problems, &at("object"), &self.object, text::FREE),
                parameter: text::required(problems, &at("parameter"), &self.parameter, text::FREE),
                method,
                clause: clause.or(suffix),
                limits: text::optional(problems, &at("limits"), self.limits, text::FREE),
                remarks: text::optional(problems, &at("remarks"), self.remarks, text::FREE),
                visibility: self.visibility,
            },
        }
    }

    /// The line in good form.
    ///
    /// # Errors
    /// `INVALID` with every problem, under `path`.
    pub fn validated(self, path: &str) -> Outcome<Line> {
        let mut problems = Problems::default();
        let line = self.checked(path, &mut problems);
        problems.finish()?;
        Ok(line)
    }
}

/// The standard that a method names. Where it names several, the first counts; importing splits such cells before.
fn cited(method: &str) -> Option<StandardNumber> {
    StandardNumber::parse(method).ok().or_else(|| number::find_all(method).into_iter().next().map(|(_, number)| number))
}

impl Line {
    /// The first revision of a new line.
    pub fn opened(self, id: ScopeId, place: &Placing) -> line::Model {
        let written = self.written;
        line::Model {
            id,
            revision: 1,
            scope_version_id: place.edition,
            certificate_id: place.certificate,
            lab_id: place.lab,
            agency: place.agency.clone(),
            serial: written.serial,
            serial_key: self.serial_key,
            field: written.field,
            object: written.object,
            parameter: written.parameter,
            method: written.method,
            standard_key: self.standard_key,
            standard_year: self.standard_year,
            clause: written.clause,
            limits: written.limits,
            remarks: written.remarks,
            visibility: written.visibility.unwrap_or(Visibility::Public),
            effective_from: place.from,
            effective_to: FOREVER,
            recorded_at: place.at,
        }
    }

    /// What the line makes of its last revision; the caller places revision and span.
    pub fn over(self, last: &line::Model, place: &Placing) -> line::Model {
        let visibility = self.written.visibility.unwrap_or(last.visibility);
        line::Model { revision: last.revision, visibility, ..self.opened(last.id, place) }
    }
}

impl LineEdit {
    /// The edited line.
    ///
    /// # Errors
    /// `INVALID` with every problem.
    pub fn over(self, last: &line::Model) -> Outcome<Line> {
        let method = self.method.unwrap_or_else(|| last.method.clone());
        // A clause that was read from the old method must not outlive it.
        let read_before = cited(&last.method).and_then(|number| number.suffix);
        let stated = last.clause.clone().filter(|clause| Some(clause) != read_before.as_ref());
        NewLine {
            serial: self.serial.unwrap_or_else(|| last.serial.clone()),
            field: self.field.unwrap_or_else(|| last.field.clone()),
            object: self.object.unwrap_or_else(|| last.object.clone()),
            parameter: self.parameter.unwrap_or_else(|| last.parameter.clone()),
            method,
            clause: self.clause.over(stated),
            limits: self.limits.over(last.limits.clone()),
            remarks: self.remarks.over(last.remarks.clone()),
            visibility: Some(self.visibility.unwrap_or(last.visibility)),
        }
        .validated("input")
    }
}
