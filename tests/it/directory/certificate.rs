//! Certificates.

use std::sync::Arc;

use entity::{enums::Visibility, ids::CertificateId};
use labpact::{
    directory::{
        certificate::{
            loader::{CertificateOn, CertificatesOf, CoveredLabs},
            model::{CertificateEdge, CertificateEdit, CertificateFilter, CertificateOrder, CertificateStanding},
            service::{self, Step},
            store,
        },
        family::Args,
    },
    platform::{command::Command, page::Window, patch::Patch, reads::Reads},
};

use crate::both;

use super::{Desk, caller, code, day, editor, today};

fn step(reason: &str, on: Option<chrono::NaiveDate>) -> Step {
    Step { reason: reason.to_owned(), on }
}

async fn standing(desk: &Desk, id: CertificateId, on: chrono::NaiveDate) -> Option<CertificateStanding> {
    let rows = store::by_ids(&desk.db, &desk.own(), &[id.0], on).await.unwrap();
    rows.first().map(|row| CertificateStanding::on(row, on))
}

both! {
    async fn its_standing_has_an_answer_for_any_date(w: World) {
        let desk = Desk::new(w).await;
        let id = desk.certificate().await;
        service::suspend(&desk.cmd(), id, step("复查不合格", Some(day(2024, 3, 1)))).await.unwrap();
        service::resume(&desk.cmd(), id, step("整改完成", Some(day(2024, 9, 1)))).await.unwrap();
        service::withdraw(&desk.cmd(), id, step("注销", Some(day(2027, 2, 1)))).await.unwrap();
        for (on, expected) in [
            (day(2019, 12, 31), None),
            (day(2020, 1, 1), Some(CertificateStanding::Active)),
            (day(2024, 2, 29), Some(CertificateStanding::Active)),
            (day(2024, 3, 1), Some(CertificateStanding::Suspended)),
            (day(2024, 8, 31), Some(CertificateStanding::Suspended)),
            (day(2024, 9, 1), Some(CertificateStanding::Active)),
            (day(2026, 12, 31), Some(CertificateStanding::Active)),
            (day(2027, 1, 1), Some(CertificateStanding::Expired)),
            (day(2027, 2, 1), Some(CertificateStanding::Withdrawn)),
        ] {
            assert_eq!(standing(&desk, id, on).await, expected, "{on}");
            if let Some(expected) = expected {
                let filter = |one| CertificateFilter { standing: Some(vec![one]), ..CertificateFilter::on(on) };
                assert_eq!(store::count(&desk.db, &desk.own(), &filter(expected)).await.unwrap(), 1, "{on}");
                let others = [
                    CertificateStanding::Active,
                    CertificateStanding::NotYetValid,
                    CertificateStanding::Expired,
                    CertificateStanding::Suspended,
                    CertificateStanding::Withdrawn,
                ];
                for other in others.into_iter().filter(|one| *one != expected) {
                    assert_eq!(store::count(&desk.db, &desk.own(), &filter(other)).await.unwrap(), 0, "{on} {other:?}");
                }
            }
        }
        assert_eq!(store::history(&desk.db, &desk.own(), &[id.0]).await.unwrap().len(), 4);
        assert_eq!(code(service::resume(&desk.cmd(), id, step("再来", None)).await), "CERTIFICATE_WITHDRAWN");
    }
}

both! {
    async fn edits_keep_the_past_and_the_version(w: World) {
        let desk = Desk::new(w).await;
        let id = desk.certificate().await;
        let edit = CertificateEdit {
            valid_to: Patch::Set(day(2030, 12, 31)),
            effective_from: Some(day(2026, 6, 1)),
            ..CertificateEdit::default()
        };
        let stale = Command { version: Some(2), ..desk.cmd() };
        assert_eq!(code(service::edit(&stale, id, edit.clone()).await), "STALE_VERSION");
        service::edit(&desk.cmd(), id, edit.clone()).await.unwrap();
        assert_eq!(standing(&desk, id, day(2027, 1, 1)).await, Some(CertificateStanding::Active));
        let before = store::by_ids(&desk.db, &desk.own(), &[id.0], day(2026, 5, 31)).await.unwrap();
        assert_eq!(before[0].valid_to, Some(day(2026, 12, 31)));
        let changes = desk.rows("change").await;
        service::edit(&desk.cmd(), id, edit).await.unwrap();
        assert_eq!(desk.rows("change").await, changes, "an edit that changes nothing writes nothing");
        let early = CertificateEdit {
            issuer: Patch::Set("局".to_owned()),
            effective_from: Some(day(2026, 5, 1)),
            ..CertificateEdit::default()
        };
        assert_eq!(code(service::edit(&desk.cmd(), id, early).await), "EFFECTIVE_BEFORE_REVISION");
        let reversed = CertificateEdit { valid_to: Patch::Set(day(2019, 1, 1)), ..CertificateEdit::default() };
        assert_eq!(code(service::edit(&desk.cmd(), id, reversed).await), "INVALID");
    }
}

both! {
    async fn a_number_is_found_in_any_spelling_and_taken_once(w: World) {
        let desk = Desk::new(w).await;
        let id = desk.certificate().await;
        assert_eq!(code(service::create(&desk.cmd(), desk.new_certificate()).await), "CERTIFICATE_NUMBER_TAKEN");
        for spelling in ["202019000001", "ＣＭＡ　２０２０１９０００００１", "编号：202019000001"] {
            let found = store::by_number(&desk.db, &desk.own(), spelling, today()).await.unwrap();
            assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [id], "{spelling}");
        }
    }
}

both! {
    async fn covers_have_spans(w: World) {
        let desk = Desk::new(w).await;
        let id = desk.certificate().await;
        assert_eq!(code(service::cover(&desk.cmd(), id, desk.lab, None).await), "ALREADY_COVERED");
        service::cover(&desk.cmd(), id, desk.annexe, Some(day(2022, 1, 1))).await.unwrap();
        service::uncover(&desk.cmd(), id, desk.annexe, Some(day(2023, 1, 1))).await.unwrap();
        assert_eq!(code(service::uncover(&desk.cmd(), id, desk.annexe, None).await), "NOT_COVERED");
        // Entered and taken back on one day, and entered again.
        service::cover(&desk.cmd(), id, desk.annexe, Some(today())).await.unwrap();
        service::uncover(&desk.cmd(), id, desk.annexe, Some(today())).await.unwrap();
        service::cover(&desk.cmd(), id, desk.annexe, Some(today())).await.unwrap();
        let reads = Reads::new(desk.db.clone(), desk.gd.clone());
        for (on, labs) in [
            (day(2021, 12, 31), vec![desk.lab]),
            (day(2022, 6, 1), vec![desk.lab, desk.annexe]),
            (day(2023, 1, 1), vec![desk.lab]),
            (today(), vec![desk.lab, desk.annexe]),
        ] {
            assert_eq!(*reads.load(CoveredLabs { certificate: id, on }).await.unwrap().unwrap(), labs, "{on}");
            let args = Arc::new(Args {
                filter: CertificateFilter::on(on),
                order: CertificateOrder::Number,
                window: Window::first(5),
            });
            let of = |lab: entity::ids::LabId| CertificatesOf {
                edge: CertificateEdge::Lab,
                parent: lab.0,
                args: Arc::clone(&args),
            };
            let (a, b) = tokio::join!(reads.load(of(desk.lab)), reads.load(of(desk.annexe)));
            assert_eq!(a.unwrap().unwrap().rows.len(), 1);
            assert_eq!(b.unwrap().unwrap().rows.len(), labs.len() - 1, "{on}");
        }
    }
}

both! {
    async fn others_may_read_but_not_write_and_the_hidden_is_not_there(w: World) {
        let desk = Desk::new(w).await;
        let id = desk.certificate().await;
        let sd = caller(editor("SD"));
        let theirs = Command::new(&desk.db, &sd);
        let changes = desk.rows("change").await;
        assert_eq!(code(service::suspend(&theirs, id, step("x", None)).await), "FORBIDDEN");
        assert_eq!(desk.rows("change").await, changes);
        assert_eq!(store::by_ids(&desk.db, &desk.partner(), &[id.0], today()).await.unwrap().len(), 1);
        let hide = CertificateEdit { visibility: Some(Visibility::Own), ..CertificateEdit::default() };
        service::edit(&desk.cmd(), id, hide).await.unwrap();
        assert_eq!(code(service::suspend(&theirs, id, step("x", None)).await), "NOT_FOUND");
        // Hidden with its past.
        for on in [today(), day(2021, 1, 1)] {
            assert!(store::by_ids(&desk.db, &desk.partner(), &[id.0], on).await.unwrap().is_empty());
            assert_eq!(store::by_ids(&desk.db, &desk.own(), &[id.0], on).await.unwrap().len(), 1);
        }
        assert!(store::history(&desk.db, &desk.partner(), &[id.0]).await.unwrap().is_empty());
        let reads = Reads::new(desk.db.clone(), sd.clone());
        assert!(reads.load(CertificateOn { id, on: today() }).await.unwrap().is_none());
    }
}

both! {
    async fn of_two_who_suspend_at_once_one_does(w: World) {
        let desk = Desk::new(w).await;
        let id = desk.certificate().await;
        let cmd = desk.cmd();
        let (a, b) = tokio::join!(
            service::suspend(&cmd, id, step("甲", None)),
            service::suspend(&cmd, id, step("乙", None))
        );
        let refused = if a.is_ok() { b } else { a };
        assert_eq!(code(refused), "ALREADY_SUSPENDED");
        assert_eq!(store::history(&desk.db, &desk.own(), &[id.0]).await.unwrap().len(), 2);
    }
}
