//! Records of every kind but annexes, in the order of their natural keys.

use std::collections::HashMap;
use std::sync::Arc;

use entity::{
    certificate, equipment,
    ids::{InstitutionId, LabId},
    institution, lab,
};

use super::{Counted, Source};
use crate::{
    directory::{
        calendar::store as calendar,
        certificate::{
            model::{CertificateFilter, CertificateOrder},
            store as certificate_store,
        },
        equipment::{
            model::{CalibrationOrder, EquipmentFilter, EquipmentOrder},
            store as equipment_store,
        },
        family::Args,
        institution::{
            model::{InstitutionFilter, InstitutionOrder},
            store as institution_store,
        },
        lab::{
            model::{LabFilter, LabOrder},
            store as lab_store,
        },
        person::{
            model::{SignatoryFilter, SignatoryOrder, fields_of},
            store as signatory_store,
        },
        standard::{
            model::{StandardFilter, StandardOrder},
            store as standard_store,
        },
    },
    exchange::{
        format::{
            CalibrationRow, CertificateRow, EquipmentRow, HolidayRow, InstitutionRow, Kind, LabRow,
            PerformedCalibration, ScopeRow, SignatoryRow, StandardRow, write,
        },
        sheet::write::Sheet,
    },
    platform::{
        fault::Outcome,
        filter::OneOf,
        page::{Page, Window},
    },
};

/// Rows read with one statement.
const BATCH: u64 = 1_000;

pub(super) fn headings<S: Sheet>(kind: Kind, sheet: &mut S) -> Outcome<()> {
    match kind {
        Kind::Institutions => write::headings::<InstitutionRow>(sheet),
        Kind::Labs => write::headings::<LabRow>(sheet),
        Kind::Certificates => write::headings::<CertificateRow>(sheet),
        Kind::Scopes => write::headings::<ScopeRow>(sheet),
        Kind::Equipment => write::headings::<EquipmentRow>(sheet),
        Kind::Calibrations => write::headings::<CalibrationRow>(sheet),
        Kind::Standards => write::headings::<StandardRow>(sheet),
        Kind::Holidays => write::headings::<HolidayRow>(sheet),
        Kind::Signatories => write::headings::<SignatoryRow>(sheet),
    }
}

/// Every page of a list.
async fn all<M: Clone>(mut page: impl AsyncFnMut(Window) -> Outcome<Page<M>>) -> Outcome<Vec<M>> {
    let mut found = Vec::new();
    let mut window = Window::first(BATCH);
    loop {
        let next = page(window).await?;
        let (more, last) = (next.has_next, next.end());
        found.extend(next.rows.into_iter().map(Arc::unwrap_or_clone));
        match last {
            Some(cursor) if more => window = Window::next(BATCH, cursor),
            _ => return Ok(found),
        }
    }
}

fn own<T>(value: T) -> Option<OneOf<T>> {
    Some(OneOf { any_of: Some(vec![value]), none_of: None })
}

async fn all_institutions(source: &Source<'_>) -> Outcome<Vec<institution::Model>> {
    let filter = InstitutionFilter { agency: own(source.agency()?.clone()), ..InstitutionFilter::default() };
    all(async |window| {
        institution_store::page(source.db, &source.visible, &filter, InstitutionOrder::Code, &window).await
    })
    .await
}

pub(super) async fn all_labs(source: &Source<'_>) -> Outcome<Vec<lab::Model>> {
    let filter = LabFilter { agency: own(source.agency()?.clone()), ..LabFilter::default() };
    all(async |window| lab_store::page(source.db, &source.visible, &filter, LabOrder::Code, &window).await).await
}

/// Certificates by number, scheme and holder.
pub(super) async fn all_certificates(source: &Source<'_>) -> Outcome<Vec<certificate::Model>> {
    let holders = institution_codes(source).await?;
    let filter = CertificateFilter { agency: own(source.agency()?.clone()), ..CertificateFilter::on(source.on) };
    let mut rows = all(async |window| {
        certificate_store::page(source.db, &source.visible, &filter, CertificateOrder::Number, &window).await
    })
    .await?;
    rows.sort_by_cached_key(|row| (row.number_key.clone(), row.scheme, holders.get(&row.institution_id).cloned()));
    Ok(rows)
}

async fn institution_codes(source: &Source<'_>) -> Outcome<HashMap<InstitutionId, String>> {
    Ok(all_institutions(source).await?.into_iter().map(|row| (row.id, row.code)).collect())
}

/// Equipment by lab and asset code, each with the code of its lab.
async fn all_equipment(source: &Source<'_>) -> Outcome<Vec<(String, equipment::Model)>> {
    let labs: HashMap<LabId, String> = all_labs(source).await?.into_iter().map(|lab| (lab.id, lab.code)).collect();
    let filter = EquipmentFilter { agency: own(source.agency()?.clone()), ..EquipmentFilter::on(source.on) };
    let rows = all(async |window| {
        equipment_store::page(source.db, &source.visible, &filter, EquipmentOrder::AssetCode, &window).await
    })
    .await?;
    let mut rows: Vec<_> =
        rows.into_iter().filter_map(|row| labs.get(&row.lab_id).map(|code| (code.clone(), row))).collect();
    rows.sort_by(|a, b| (&a.0, &a.1.asset_code).cmp(&(&b.0, &b.1.asset_code)));
    Ok(rows)
}

pub(super) async fn institutions<S: Sheet>(source: &Source<'_>, out: &mut Counted<'_, S>) -> Outcome<()> {
    for row in all_institutions(source).await? {
        out.put(&InstitutionRow {
            agency: Some(row.agency.0),
            code: Some(row.code),
            uscc: row.uscc,
            name_zh: row.name_zh,
            name_en: row.name_en,
            region: row.region.0,
            address: row.address,
            contact_name: row.contact_name,
            contact_phone: row.contact_phone,
            contact_email: row.contact_email,
            visibility: Some(row.visibility),
        })?;
    }
    Ok(())
}

pub(super) async fn labs<S: Sheet>(source: &Source<'_>, out: &mut Counted<'_, S>) -> Outcome<()> {
    let institutions = institution_codes(source).await?;
    for row in all_labs(source).await? {
        let Some(institution) = institutions.get(&row.institution_id).cloned() else { continue };
        out.put(&LabRow {
            agency: Some(row.agency.0),
            code: row.code,
            institution,
            name_zh: row.name_zh,
            name_en: row.name_en,
            region: row.region.0,
            address: row.address,
            longitude: row.longitude,
            latitude: row.latitude,
            contact_name: row.contact_name,
            contact_phone: row.contact_phone,
            contact_email: row.contact_email,
            visibility: Some(row.visibility),
        })?;
    }
    Ok(())
}

pub(super) async fn certificates<S: Sheet>(source: &Source<'_>, out: &mut Counted<'_, S>) -> Outcome<()> {
    let institutions = institution_codes(source).await?;
    let labs: HashMap<LabId, String> = all_labs(source).await?.into_iter().map(|lab| (lab.id, lab.code)).collect();
    for row in all_certificates(source).await? {
        let Some(institution) = institutions.get(&row.institution_id).cloned() else { continue };
        let covered = certificate_store::covered_labs(source.db, &source.visible, &[row.id.0], source.on).await?;
        let mut lab_codes: Vec<String> =
            covered.into_values().flatten().filter_map(|id| labs.get(&id).cloned()).collect();
        lab_codes.sort_unstable();
        out.put(&CertificateRow {
            agency: Some(row.agency.0),
            scheme: row.scheme,
            number: row.number,
            institution,
            issuer: row.issuer,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            status: Some(row.status),
            status_reason: row.status_reason,
            lab_codes,
            visibility: Some(row.visibility),
        })?;
    }
    Ok(())
}

pub(super) async fn equipment<S: Sheet>(source: &Source<'_>, out: &mut Counted<'_, S>) -> Outcome<()> {
    for (lab_code, row) in all_equipment(source).await? {
        out.put(&EquipmentRow {
            agency: Some(row.agency.0),
            lab_code,
            asset_code: row.asset_code,
            name_zh: row.name_zh,
            name_en: row.name_en,
            class: row.class,
            manufacturer: row.manufacturer,
            model: row.model,
            serial_number: row.serial_number,
            measuring_range: row.measuring_range,
            uncertainty: row.uncertainty,
            status: Some(row.status),
            status_reason: row.status_reason,
            commissioned_on: row.commissioned_on,
            visibility: Some(row.visibility),
            calibration: None,
        })?;
    }
    Ok(())
}

pub(super) async fn calibrations<S: Sheet>(source: &Source<'_>, out: &mut Counted<'_, S>) -> Outcome<()> {
    for (lab_code, item) in all_equipment(source).await? {
        let id = item.id.0;
        let mut rows = all(async |window| {
            let pages =
                equipment_store::calibrations_of(source.db, &source.visible, &[id], CalibrationOrder::Recent, &window)
                    .await?;
            Ok(pages.into_values().next().unwrap_or_else(Page::empty))
        })
        .await?;
        rows.retain(|row| row.voided_on.is_none());
        rows.sort_by(|a, b| (a.performed_on, &a.certificate_number).cmp(&(b.performed_on, &b.certificate_number)));
        for row in rows {
            out.put(&CalibrationRow {
                lab_code: lab_code.clone(),
                asset_code: item.asset_code.clone(),
                calibration: PerformedCalibration {
                    performed_on: row.performed_on,
                    due_on: row.due_on,
                    certificate_number: row.certificate_number,
                    provider: row.provider,
                    result: row.result,
                    remarks: row.remarks,
                },
            })?;
        }
    }
    Ok(())
}

pub(super) async fn signatories<S: Sheet>(source: &Source<'_>, out: &mut Counted<'_, S>) -> Outcome<()> {
    for lab in all_labs(source).await? {
        let rows = all(async |window| {
            let args = Args { filter: SignatoryFilter::default(), order: SignatoryOrder::Code, window };
            let pages = signatory_store::children(source.db, &source.visible, &[lab.id.0], &args).await?;
            Ok(pages.into_values().next().unwrap_or_else(Page::empty))
        })
        .await?;
        for row in rows {
            out.put(&SignatoryRow {
                agency: Some(row.agency.0.clone()),
                lab_code: lab.code.clone(),
                fields: fields_of(&row),
                code: row.code,
                name: row.name,
                title: row.title,
                valid_from: row.valid_from,
                valid_to: row.valid_to,
                visibility: Some(row.visibility),
            })?;
        }
    }
    Ok(())
}

pub(super) async fn standards<S: Sheet>(source: &Source<'_>, out: &mut Counted<'_, S>) -> Outcome<()> {
    let filter = StandardFilter::default();
    let rows =
        all(async |window| standard_store::page(source.db, &filter, StandardOrder::Number, &window).await).await?;
    for row in rows {
        out.put(&StandardRow {
            number: row.number,
            title_zh: row.title_zh,
            title_en: row.title_en,
            status: row.status,
            replaced_by: row.replaced_by,
            published_on: row.published_on,
            effective_on: row.effective_on,
            withdrawn_on: row.withdrawn_on,
        })?;
    }
    Ok(())
}

pub(super) async fn holidays<S: Sheet>(source: &Source<'_>, out: &mut Counted<'_, S>) -> Outcome<()> {
    for row in calendar::all(source.db).await? {
        out.put(&HolidayRow { date: row.day, kind: row.kind, name: Some(row.name) })?;
    }
    Ok(())
}
