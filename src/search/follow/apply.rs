//! From rows to what the index keeps.

use std::collections::HashMap;

use entity::{
    calibration, certificate, certificate_lab,
    enums::{CalibrationResult, Standing},
    equipment, institution, lab, offering, signatory, standard,
};
use uuid::Uuid;

use super::lines::{LinkRow, Revision};
use crate::{
    directory::standard::number::StandardNumber,
    platform::fault::Outcome,
    search::{
        index::{LineRow, Writer, stricter},
        register::{
            Certificate, CertificateRevision, Competence, Day, Entry, Equipment, EquipmentRevision, Holder, Kind, Lab,
            Link, Offering, Shelf, Signatory, Span, Standard,
        },
    },
};

/// Rows as they are now.
#[derive(Default)]
pub(super) struct Batch {
    /// Lines whose revisions in the index go first; those in `revisions` come anew.
    pub(super) replaced: Vec<Uuid>,
    /// The revisions of each line stand together, the oldest first.
    pub(super) revisions: Vec<Revision>,
    pub(super) equipment_links: HashMap<Uuid, Vec<LinkRow>>,
    pub(super) signatory_links: HashMap<Uuid, Vec<LinkRow>>,
    pub(super) labs: Vec<(lab::Model, Option<institution::Model>)>,
    pub(super) certificates: (Vec<certificate::Model>, Vec<certificate_lab::Model>),
    pub(super) equipment: (Vec<equipment::Model>, Vec<calibration::Model>),
    pub(super) signatories: Vec<signatory::Model>,
    pub(super) standards: Vec<standard::Model>,
    pub(super) offerings: Vec<(offering::Model, Vec<Uuid>)>,
}

/// Writes a batch. Nothing is seen of it before the commit.
pub(super) fn apply(writer: &mut Writer, batch: Batch) -> Outcome<()> {
    for row in batch.standards {
        put_standard(writer, row);
    }
    for (row, institution) in batch.labs {
        put_lab(writer, row, institution);
    }
    put_certificates(writer, batch.certificates);
    put_equipment(writer, batch.equipment);
    for row in batch.signatories {
        put_signatory(writer, row);
    }
    for (row, lines) in batch.offerings {
        put_offering(writer, row, lines);
    }
    for id in batch.replaced {
        writer.remove_line(id);
    }
    for line in batch.revisions.chunk_by(|one, next| one.id == next.id) {
        let links = Links {
            equipment: batch.equipment_links.get(&line[0].id).map_or(&[], Vec::as_slice),
            signatories: batch.signatory_links.get(&line[0].id).map_or(&[], Vec::as_slice),
        };
        put_line(writer, line, &links)?;
    }
    Ok(())
}

struct Links<'a> {
    equipment: &'a [LinkRow],
    signatories: &'a [LinkRow],
}

fn put_line(writer: &mut Writer, revisions: &[Revision], links: &Links<'_>) -> Outcome<()> {
    let Some(last) = revisions.last() else { return Ok(()) };
    let mut linked = |shelf: Shelf, rows: &[LinkRow]| -> Vec<Link> {
        let link = |row: &LinkRow| Link { to: writer.number(shelf, row.0), from: row.1.into(), until: row.2.into() };
        rows.iter().map(link).collect()
    };
    let equipment = linked(Shelf::Equipment, links.equipment);
    let signatories = linked(Shelf::Signatory, links.signatories);
    let (mut until, mut follows) = (Day::from(last.to), last.from);
    for row in revisions.iter().rev() {
        if row.to != follows {
            until = row.to.into();
        }
        follows = row.from;
        // A revision that was corrected on the day on which it began has never been in force.
        if row.from >= row.to {
            continue;
        }
        let competence = Competence {
            field: writer.value(Kind::Field, &row.field),
            object: writer.value(Kind::Object, &row.object),
            parameter: writer.value(Kind::Parameter, &row.parameter),
            method: writer.value(Kind::Method, &row.method),
            standard: row.standard.as_ref().map(|key| writer.value(Kind::Standard, key)),
            year: row.year,
            limited: row.limited,
        };
        let lab = writer.number(Shelf::Lab, row.lab);
        let holder = Holder {
            lab,
            certificate: writer.number(Shelf::Certificate, row.certificate),
            agency: writer.value(Kind::Agency, &row.agency),
            visibility: stricter(row.visibility, last.visibility),
        };
        let span = Span { from: row.from.into(), to: row.to.into(), until };
        let line = LineRow {
            id: row.id,
            competence: writer.competence(competence),
            holder: writer.holder(holder),
            span: writer.span(span),
            lab,
            equipment: equipment.clone(),
            signatories: signatories.clone(),
        };
        writer.line(&line)?;
    }
    Ok(())
}

fn put_lab(writer: &mut Writer, row: lab::Model, institution: Option<institution::Model>) {
    let mut names = vec![writer.value(Kind::Lab, &row.name_zh)];
    names.extend(row.name_en.as_deref().map(|name| writer.value(Kind::Lab, name)));
    let agency = writer.value(Kind::Agency, row.agency.as_str());
    let mut entry = Lab {
        id: row.id.0,
        institution: row.institution_id.0,
        agency,
        institution_agency: agency,
        region: row.region.as_str().parse().unwrap_or(0),
        point: row.longitude.zip(row.latitude),
        visibility: row.visibility,
        institution_visibility: row.visibility,
        standing: row.standing,
        names,
    };
    if let Some(of) = institution {
        entry.names.push(writer.value(Kind::Institution, &of.name_zh));
        entry.names.extend(of.name_en.as_deref().map(|name| writer.value(Kind::Institution, name)));
        entry.institution_agency = writer.value(Kind::Agency, of.agency.as_str());
        entry.institution_visibility = of.visibility;
        if entry.standing == Standing::Active {
            entry.standing = of.standing;
        }
    }
    let number = writer.number(Shelf::Lab, row.id.0);
    writer.put(number, Entry::Lab(entry));
}

fn put_certificates(writer: &mut Writer, (rows, covers): (Vec<certificate::Model>, Vec<certificate_lab::Model>)) {
    let mut covered: HashMap<Uuid, Vec<(u32, Day, Day)>> = HashMap::new();
    for row in covers {
        let lab = writer.number(Shelf::Lab, row.lab_id.0);
        let cover = (lab, row.effective_from.into(), row.effective_to.into());
        covered.entry(row.certificate_id.0).or_default().push(cover);
    }
    for revisions in rows.chunk_by(|one, next| one.id == next.id) {
        let id = revisions[0].id.0;
        let revision = |row: &certificate::Model| CertificateRevision {
            from: row.effective_from.into(),
            to: row.effective_to.into(),
            scheme: row.scheme,
            valid_from: row.valid_from.into(),
            valid_to: row.valid_to.map_or(Day::forever(), Into::into),
            status: row.status,
        };
        let entry = Certificate {
            id,
            revisions: revisions.iter().map(revision).collect(),
            covers: covered.remove(&id).unwrap_or_default(),
        };
        let number = writer.number(Shelf::Certificate, id);
        writer.put(number, Entry::Certificate(entry));
    }
}

fn put_equipment(writer: &mut Writer, (rows, calibrations): (Vec<equipment::Model>, Vec<calibration::Model>)) {
    let mut of: HashMap<Uuid, Vec<calibration::Model>> = HashMap::new();
    for row in calibrations {
        of.entry(row.equipment_id.0).or_default().push(row);
    }
    for revisions in rows.chunk_by(|one, next| one.id == next.id) {
        let id = revisions[0].id.0;
        let mut calibrations = of.remove(&id).unwrap_or_default();
        calibrations.sort_by_key(|row| (row.performed_on, row.id));
        let said = |row: &calibration::Model| {
            (row.performed_on.into(), row.due_on.into(), row.result != CalibrationResult::Failed)
        };
        let entry = Equipment {
            id,
            revisions: revisions.iter().map(|row| equipment_revision(writer, row)).collect(),
            calibrations: calibrations.iter().map(said).collect(),
        };
        let number = writer.number(Shelf::Equipment, id);
        writer.put(number, Entry::Equipment(entry));
    }
}

fn equipment_revision(writer: &mut Writer, row: &equipment::Model) -> EquipmentRevision {
    let mut names = vec![writer.value(Kind::Instrument, &row.name_zh)];
    names.extend(row.name_en.as_deref().map(|name| writer.value(Kind::Instrument, name)));
    EquipmentRevision {
        from: row.effective_from.into(),
        to: row.effective_to.into(),
        lab: writer.number(Shelf::Lab, row.lab_id.0),
        agency: writer.value(Kind::Agency, row.agency.as_str()),
        visibility: row.visibility,
        status: row.status,
        names,
        class: row.class.as_deref().map(|text| writer.value(Kind::Class, text)),
        manufacturer: row.manufacturer.as_deref().map(|text| writer.value(Kind::Manufacturer, text)),
        model: row.model.as_deref().map(|text| writer.value(Kind::Model, text)),
    }
}

fn put_signatory(writer: &mut Writer, row: signatory::Model) {
    let fields = row.fields.as_array().map(Vec::as_slice).unwrap_or_default();
    let fields =
        fields.iter().filter_map(serde_json::Value::as_str).map(|text| writer.value(Kind::Field, text)).collect();
    let entry = Signatory {
        id: row.id.0,
        lab: writer.number(Shelf::Lab, row.lab_id.0),
        fields,
        valid_from: row.valid_from.into(),
        valid_to: row.valid_to.map_or(Day::forever(), Into::into),
        standing: row.standing,
    };
    let number = writer.number(Shelf::Signatory, row.id.0);
    writer.put(number, Entry::Signatory(entry));
}

fn put_standard(writer: &mut Writer, row: standard::Model) {
    let mut titles = vec![writer.value(Kind::Title, &row.title_zh)];
    titles.extend(row.title_en.as_deref().map(|title| writer.value(Kind::Title, title)));
    let successor = row.replaced_by.as_deref().map(|number| StandardNumber::or_raw(number).key());
    let entry = Standard {
        id: row.id.0,
        key: writer.value(Kind::Standard, &row.key),
        number: row.number.into(),
        year: row.year,
        status: row.status,
        replaced_by: row.replaced_by.map(Into::into),
        successor: successor.map(|key| writer.value(Kind::Standard, &key)),
        titles,
    };
    let number = writer.number(Shelf::Standard, row.id.0);
    writer.put(number, Entry::Standard(entry));
}

fn put_offering(writer: &mut Writer, row: offering::Model, lines: Vec<Uuid>) {
    let texts = |list: &serde_json::Value| -> Vec<String> {
        let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(serde_json::Value::as_str).map(str::to_owned).collect()
    };
    let mut lines: Vec<u128> = lines.iter().map(Uuid::as_u128).collect();
    lines.sort_unstable();
    let days = |days: Option<i32>| days.and_then(|days| u32::try_from(days).ok());
    let entry = Offering {
        id: row.id.0,
        // What an agency itself offers is no site's.
        lab: row.lab_id.map(|lab| writer.number(Shelf::Lab, lab.0)),
        agency: writer.value(Kind::Agency, row.agency.as_str()),
        kind: Some(row.kind),
        status: row.status,
        visibility: row.visibility,
        shown_to: texts(&row.shown_to).iter().map(|code| writer.value(Kind::Agency, code)).collect(),
        was_opened: row.opened_at.is_some(),
        fields: texts(&row.fields).iter().map(|field| writer.value(Kind::Field, field)).collect(),
        lines,
        lead: days(Some(row.lead_days)).unwrap_or(0),
        turnaround: days(row.turnaround_days),
        quantity: (days(row.quantity_min), days(row.quantity_max)),
        valid_from: row.valid_from.map_or(Day(i32::MIN), Into::into),
        valid_to: row.valid_to.map_or(Day::forever(), Into::into),
    };
    let number = writer.number(Shelf::Offering, row.id.0);
    writer.put(number, Entry::Offering(entry));
}
