//! What a row of an annex is about, when cells above it hold for it too.
//!
//! - An empty 类别 or 检测对象 is the one above; a new 类别 ends the 检测对象 above it. An empty outer 序号 is the one
//!   above. An empty 参数 beside a method is the one above: one more method for it.
//! - The inner 序号 continues the outer: `1` and `3` make `1.3`; `1` and `1.3` stay `1.3`.
//! - A row with a name and no method, followed by a row whose 序号 lies below its own (`1.2`, then `1.2.1`), names a
//!   group: the object of the rows below it. Without such a row after it, it lacks its method and is refused.

use super::C;
use crate::exchange::format::{Cells, Refusal};

/// What a line is about.
pub(super) struct Subject {
    pub(super) serial: String,
    pub(super) field: String,
    pub(super) object: String,
    pub(super) parameter: String,
    pub(super) method: String,
}

/// What is remembered from the rows above.
#[derive(Default)]
pub struct Annex {
    outer: String,
    field: String,
    object: String,
    inner: String,
    parameter: String,
    /// Groups that the next row may lie in: serial number and name, outermost first.
    groups: Vec<(String, String)>,
    /// A row without a method that may yet turn out to name a group.
    pending: Option<(String, String, Refusal)>,
    refused: Option<Refusal>,
}

/// The subject of a row that stands by itself.
pub(super) fn alone(cells: &mut Cells<'_>) -> Subject {
    let (outer, inner) = (cells.raw(C::Serial).to_owned(), cells.raw(C::ParameterSerial).to_owned());
    let (field, object) = (cells.raw(C::Field).to_owned(), cells.raw(C::Object).to_owned());
    if field.is_empty() && object.is_empty() {
        cells.missing(C::Object);
    }
    let method = method(cells);
    if method.is_empty() {
        cells.missing(C::Method);
    }
    let parameter = cells.required(C::Parameter);
    Subject { serial: joined(&outer, &inner), parameter, method, ..placed(field, object) }
}

/// Field and object, each standing for the other where the file has only one.
fn placed(field: String, object: String) -> Subject {
    let field_or = if field.is_empty() { object.clone() } else { field.clone() };
    let object_or = if object.is_empty() { field } else { object };
    Subject {
        serial: String::new(),
        field: field_or,
        object: object_or,
        parameter: String::new(),
        method: String::new(),
    }
}

impl Annex {
    /// What the row is about; none where it only says what the rows below are about.
    pub(super) fn subject(&mut self, cells: &mut Cells<'_>) -> Option<Subject> {
        let (own_inner, own_parameter) = (cells.raw(C::ParameterSerial).to_owned(), cells.raw(C::Parameter).to_owned());
        let new_outer = self.take_place(cells);
        let method = method(cells);
        if own_parameter.is_empty() && own_inner.is_empty() && method.is_empty() {
            return self.title(cells);
        }
        if own_parameter.is_empty() && (new_outer || !own_inner.is_empty() || self.parameter.is_empty()) {
            cells.missing(C::Parameter);
        }
        if !own_parameter.is_empty() {
            (self.inner, self.parameter) = (own_inner, own_parameter);
        }
        let serial = joined(&self.outer, &self.inner);
        self.settle(&serial);
        if method.is_empty() {
            cells.missing(C::Method);
            // The refusal waits until the next row shows whether this one names a group.
            let refusal = cells.problems.pop()?;
            self.pending = Some((serial, self.parameter.clone(), refusal));
            return None;
        }
        let group = |at: Option<&(String, String)>| at.map(|(_, name)| name.clone()).unwrap_or_default();
        let object = if self.object.is_empty() { group(self.groups.last()) } else { self.object.clone() };
        let field = if self.field.is_empty() { group(self.groups.first()) } else { self.field.clone() };
        if field.is_empty() && object.is_empty() {
            cells.missing(C::Object);
        }
        Some(Subject { serial, parameter: self.parameter.clone(), method, ..placed(field, object) })
    }

    /// Takes 序号, 类别 and 检测对象 of a row; true where the outer 序号 is a new one.
    fn take_place(&mut self, cells: &mut Cells<'_>) -> bool {
        let field = cells.raw(C::Field);
        if !field.is_empty() && field != self.field {
            field.clone_into(&mut self.field);
            self.object.clear();
            self.parameter.clear();
        }
        let object = cells.raw(C::Object);
        if !object.is_empty() && object != self.object {
            object.clone_into(&mut self.object);
            self.parameter.clear();
        }
        let outer = cells.raw(C::Serial);
        let new = !outer.is_empty() && outer != self.outer;
        if new {
            outer.clone_into(&mut self.outer);
            self.inner.clear();
        }
        new
    }

    /// A row that only names what is below it; one that names nothing is refused.
    fn title(&mut self, cells: &mut Cells<'_>) -> Option<Subject> {
        if cells.raw(C::Field).is_empty() && cells.raw(C::Object).is_empty() {
            cells.missing(C::Parameter);
            cells.missing(C::Method);
        }
        None
    }

    /// Settles what the row before was, now that the serial number of this one is known, and leaves the groups that
    /// end here.
    fn settle(&mut self, serial: &str) {
        if let Some((above, name, refusal)) = self.pending.take() {
            if below(serial, &above) {
                self.groups.push((above, name));
            } else {
                self.refused = Some(refusal);
            }
        }
        self.groups.retain(|(group, _)| below(serial, group));
    }

    pub(super) fn late(&mut self, ended: bool) -> Option<Refusal> {
        if ended {
            return self.refused.take().or_else(|| self.pending.take().map(|(_, _, refusal)| refusal));
        }
        self.refused.take()
    }
}

/// The method, with the number from its own column where the method has none.
fn method(cells: &mut Cells<'_>) -> String {
    let number = cells.raw(C::Standard).to_owned();
    let method = cells.raw(C::Method);
    if number.is_empty() || method.contains(&number) || !crate::directory::standard::number::find_all(method).is_empty()
    {
        method.to_owned()
    } else if method.is_empty() {
        number
    } else {
        format!("{number} {method}")
    }
}

/// Outer and inner serial number as one.
fn joined(outer: &str, inner: &str) -> String {
    if inner.is_empty() {
        outer.to_owned()
    } else if outer.is_empty() || inner.contains('.') {
        inner.to_owned()
    } else {
        format!("{outer}.{inner}")
    }
}

/// Whether a serial number lies below a group's.
fn below(serial: &str, group: &str) -> bool {
    serial.strip_prefix(group).is_some_and(|rest| rest.starts_with('.') && !group.is_empty())
}
