//! Equipment.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::{
    enums::{CalibrationResult, EquipmentStatus, Visibility},
    ids::EquipmentId,
};
use labpact::{
    directory::{
        equipment::{
            loader::{CalibrationOn, EquipmentOf},
            model::{
                CalibrationStanding, EquipmentEdge, EquipmentEdit, EquipmentFilter, EquipmentOrder, NewCalibration,
                NewEquipment, StatusChange,
            },
            service, store,
        },
        family::Args,
    },
    platform::{command::Command, page::Window, patch::Patch, reads::Reads},
};

use crate::both;

use super::{Desk, caller, code, day, editor, limited_to, scope::with_lines, today};

fn scale(desk: &Desk, asset_code: &str) -> NewEquipment {
    NewEquipment {
        lab: desk.lab,
        asset_code: asset_code.to_owned(),
        name_zh: "电子天平".to_owned(),
        name_en: None,
        class: Some("天平".to_owned()),
        manufacturer: None,
        model: None,
        serial_number: None,
        measuring_range: None,
        uncertainty: None,
        commissioned_on: Some(day(2020, 1, 1)),
        visibility: Visibility::Public,
        effective_from: None,
    }
}

async fn calibrate(desk: &Desk, id: EquipmentId, on: NaiveDate, due: NaiveDate, result: CalibrationResult) {
    let new = NewCalibration {
        performed_on: on,
        due_on: due,
        certificate_number: None,
        provider: None,
        result,
        remarks: None,
    };
    service::record(&desk.cmd(), id, new).await.unwrap();
}

both! {
    async fn its_calibration_has_an_answer_for_any_date(w: World) {
        let desk = Desk::new(w).await;
        let id = service::create(&desk.cmd(), scale(&desk, "T-1")).await.unwrap();
        calibrate(&desk, id, day(2023, 1, 10), day(2024, 1, 9), CalibrationResult::Passed).await;
        calibrate(&desk, id, day(2024, 3, 1), day(2025, 2, 28), CalibrationResult::Failed).await;
        calibrate(&desk, id, day(2024, 5, 1), day(2025, 4, 30), CalibrationResult::Limited).await;
        let reads = Reads::new(desk.db.clone(), desk.gd.clone());
        for (on, expected) in [
            (day(2023, 1, 9), CalibrationStanding::Never),
            (day(2023, 1, 10), CalibrationStanding::InCalibration { until: day(2024, 1, 9) }),
            (day(2024, 1, 9), CalibrationStanding::InCalibration { until: day(2024, 1, 9) }),
            (day(2024, 1, 10), CalibrationStanding::Overdue { since: day(2024, 1, 10) }),
            (day(2024, 3, 1), CalibrationStanding::Failed { since: day(2024, 3, 1) }),
            (day(2024, 5, 1), CalibrationStanding::InCalibration { until: day(2025, 4, 30) }),
            (today(), CalibrationStanding::Overdue { since: day(2025, 5, 1) }),
        ] {
            assert_eq!(reads.load(CalibrationOn { id, on }).await.unwrap(), Some(expected), "{on}");
            let filter = EquipmentFilter { calibration_due_before: Some(on), ..EquipmentFilter::on(on) };
            let listed = store::count(&desk.db, &desk.own(), &filter).await.unwrap() == 1;
            assert_eq!(listed, !matches!(expected, CalibrationStanding::InCalibration { .. }), "{on}");
        }
        let page =
            store::calibrations_of(&desk.db, &desk.own(), &[id.0], Default::default(), &Window::first(1)).await.unwrap();
        let last = page[&id.0].rows[0].id;
        service::void(&desk.cmd(), last, "录入错误").await.unwrap();
        assert_eq!(code(service::void(&desk.cmd(), last, "again").await), "ALREADY_VOIDED");
        let on = day(2024, 6, 1);
        assert_eq!(
            reads.load(CalibrationOn { id, on }).await.unwrap(),
            Some(CalibrationStanding::Failed { since: day(2024, 3, 1) })
        );
        let sd = caller(editor("SD"));
        assert_eq!(code(service::void(&Command::new(&desk.db, &sd), last, "x").await), "FORBIDDEN");
    }
}

both! {
    async fn status_changes_with_a_reason_and_retirement_is_final(w: World) {
        let desk = Desk::new(w).await;
        let id = service::create(&desk.cmd(), scale(&desk, "T-1")).await.unwrap();
        let to = |status, reason: &str, on| StatusChange { status, reason: reason.to_owned(), on };
        let refused = service::change_status(&desk.cmd(), id, to(EquipmentStatus::OutOfService, " ", None)).await;
        assert_eq!(code(refused), "INVALID");
        let out = to(EquipmentStatus::OutOfService, "送修", Some(day(2026, 1, 1)));
        service::change_status(&desk.cmd(), id, out.clone()).await.unwrap();
        assert_eq!(code(service::change_status(&desk.cmd(), id, out).await), "STATUS_UNCHANGED");
        service::change_status(&desk.cmd(), id, to(EquipmentStatus::Retired, "报废", None)).await.unwrap();
        let edit = EquipmentEdit { model: Patch::Set("X".to_owned()), ..EquipmentEdit::default() };
        assert_eq!(code(service::edit(&desk.cmd(), id, edit).await), "EQUIPMENT_RETIRED");
        for (on, status) in [
            (day(2025, 12, 31), EquipmentStatus::InService),
            (day(2026, 1, 1), EquipmentStatus::OutOfService),
            (today(), EquipmentStatus::Retired),
        ] {
            let row = store::by_asset_code(&desk.db, &desk.own(), desk.lab, "ｔ－1", on).await.unwrap().unwrap();
            assert_eq!(row.status, status, "{on}");
        }
        assert_eq!(store::history(&desk.db, &desk.own(), &[id.0]).await.unwrap().len(), 3);
    }
}

both! {
    async fn it_is_linked_with_lines_of_its_own_lab(w: World) {
        let desk = Desk::new(w).await;
        let lines = with_lines(&desk, &["1", "2"]).await;
        let id = service::create(&desk.cmd(), scale(&desk, "T-1")).await.unwrap();
        let far = service::create(&desk.cmd(), NewEquipment { lab: desk.annexe, ..scale(&desk, "T-1") }).await.unwrap();
        assert_eq!(code(service::link(&desk.cmd(), far, lines[0], None).await), "LINE_OF_OTHER_LAB");
        service::link(&desk.cmd(), id, lines[0], Some(day(2025, 1, 1))).await.unwrap();
        assert_eq!(code(service::link(&desk.cmd(), id, lines[0], None).await), "ALREADY_LINKED");
        service::unlink(&desk.cmd(), id, lines[0], Some(day(2026, 1, 1))).await.unwrap();
        let reads = Reads::new(desk.db.clone(), desk.gd.clone());
        for (on, count) in [(day(2024, 12, 31), 0), (day(2025, 1, 1), 1), (day(2026, 1, 1), 0)] {
            let args = Arc::new(Args {
                filter: EquipmentFilter::on(on),
                order: EquipmentOrder::AssetCode,
                window: Window::first(5),
            });
            let of = |line: entity::ids::ScopeId| EquipmentOf {
                edge: EquipmentEdge::Line,
                parent: line.0,
                args: Arc::clone(&args),
            };
            let (first, second) = tokio::join!(reads.load(of(lines[0])), reads.load(of(lines[1])));
            assert_eq!(first.unwrap().unwrap().rows.len(), count, "{on}");
            assert!(second.unwrap().unwrap().rows.is_empty());
        }
    }
}

both! {
    async fn a_limited_token_writes_its_own_lab_only(w: World) {
        let desk = Desk::new(w).await;
        let id = service::create(&desk.cmd(), scale(&desk, "T-1")).await.unwrap();
        assert_eq!(code(service::create(&desk.cmd(), scale(&desk, "t-1")).await), "EQUIPMENT_ASSET_CODE_TAKEN");
        let other = limited_to(desk.annexe);
        let edit = EquipmentEdit { model: Patch::Set("X".to_owned()), ..EquipmentEdit::default() };
        assert_eq!(code(service::edit(&Command::new(&desk.db, &other), id, edit.clone()).await), "FORBIDDEN");
        let own = limited_to(desk.lab);
        service::edit(&Command::new(&desk.db, &own), id, edit).await.unwrap();
    }
}
