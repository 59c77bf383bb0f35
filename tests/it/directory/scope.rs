//! Capability annexes.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::{
    competence_scope::Model,
    enums::{ScopeVersionReason, Visibility},
    ids::{CertificateId, ScopeId},
};
use labpact::{
    directory::{
        certificate as certificates,
        family::Args,
        scope::{
            loader::{EditionCount, EditionEdge, LineCount, LineOn, LinesOf},
            model::{
                Annex, AnnexOutcome, Edition, LineEdge, LineEdit, LineFilter, LineOrder, NewEdition, NewLine,
                StandardRef,
            },
            service::{self, AddLine},
            store,
        },
    },
    platform::{command::Command, fault::Fault, filter::TextFilter, page::Window, patch::Patch, reads::Reads},
};
use proptest::prelude::*;

use crate::{
    both,
    support::{base::Backend, world::World},
};

use super::{Desk, caller, code, day, editor, today};

fn line(serial: &str, parameter: &str, method: &str) -> NewLine {
    NewLine {
        serial: serial.to_owned(),
        field: "食品".to_owned(),
        object: "婴幼儿配方食品".to_owned(),
        parameter: parameter.to_owned(),
        method: method.to_owned(),
        ..NewLine::default()
    }
}

fn edition(dated: NaiveDate) -> Edition {
    Edition { reason: ScopeVersionReason::Extension, dated, remarks: None }
}

async fn deliver(
    desk: &Desk,
    certificate: CertificateId,
    dated: NaiveDate,
    lines: &[NewLine],
    complete: bool,
) -> Result<AnnexOutcome, Fault> {
    let lines = lines.iter().cloned().map(|line| line.validated("line").unwrap()).collect();
    let annex = Annex { certificate, lab: desk.lab, edition: edition(dated), lines, complete };
    service::deliver_annex(&desk.cmd(), annex).await
}

fn counts(outcome: AnnexOutcome) -> (u64, u64, u64, u64) {
    (outcome.created, outcome.changed, outcome.closed, outcome.unchanged)
}

async fn on(desk: &Desk, date: NaiveDate) -> Vec<Model> {
    let page = store::page(&desk.db, &desk.own(), &LineFilter::on(date), LineOrder::Serial, &Window::first(200))
        .await
        .unwrap();
    page.rows.into_iter().map(std::sync::Arc::unwrap_or_clone).collect()
}

/// Lines with these serial numbers at the desk's first lab since 2021; their ids in that order.
pub(super) async fn with_lines(desk: &Desk, serials: &[&str]) -> Vec<ScopeId> {
    let certificate = desk.certificate().await;
    let lines: Vec<_> = serials.iter().map(|serial| line(serial, "铅", "GB 5009.12-2017")).collect();
    deliver(desk, certificate, day(2021, 1, 1), &lines, true).await.unwrap();
    on(desk, today()).await.into_iter().map(|row| row.id).collect()
}

both! {
    async fn an_annex_delivered_twice_writes_nothing(w: World) {
        let desk = Desk::new(w).await;
        let certificate = desk.certificate().await;
        let first = [
            line("1.10", "镉", "《食品中镉的测定》GB 5009.15-2014"),
            line("1.2", "铅", "GB/T 5009.12-2010 第一法"),
            line("1.2", "铅", "GB/T 5009.12-2010 第一法"),
            line("2", "水分", "企业方法"),
        ];
        let outcome = deliver(&desk, certificate, day(2021, 1, 1), &first, true).await.unwrap();
        assert_eq!(counts(outcome), (4, 0, 0, 0));
        let rows = on(&desk, today()).await;
        assert_eq!(rows.iter().map(|row| row.serial.as_str()).collect::<Vec<_>>(), ["1.2", "1.2", "1.10", "2"]);
        let lead = &rows[0];
        assert_eq!((lead.standard_key.as_deref(), lead.standard_year), (Some("GB 5009.12"), Some(2010)));
        assert_eq!(lead.clause.as_deref(), Some("第一法"));
        assert_eq!(rows[3].standard_key, None);
        let changes = desk.rows("change").await;
        let outcome = deliver(&desk, certificate, day(2022, 1, 1), &first, true).await.unwrap();
        assert_eq!((counts(outcome), outcome.edition), ((0, 0, 0, 4), None));
        assert_eq!((desk.rows("change").await, desk.rows("scope_version").await), (changes, 1));
    }
}

both! {
    async fn a_new_annex_revises_closes_and_adds(w: World) {
        let desk = Desk::new(w).await;
        let certificate = desk.certificate().await;
        let old =
            [line("1", "铅", "GB 5009.12-2010"), line("2", "镉", "GB 5009.15-2014"), line("3", "砷", "GB 5009.11-2014")];
        deliver(&desk, certificate, day(2021, 1, 1), &old, true).await.unwrap();
        let new =
            [line("1", "铅", "GB 5009.12-2017"), line("2", "镉", "GB 5009.15-2014"), line("4", "汞", "GB 5009.17-2021")];
        let partial = deliver(&desk, certificate, day(2023, 1, 1), &new[..1], false).await.unwrap();
        assert_eq!(counts(partial), (0, 1, 0, 2));
        let early = deliver(&desk, certificate, day(2022, 6, 1), &old, true).await;
        assert_eq!(code(early), "EFFECTIVE_BEFORE_REVISION");
        let whole = deliver(&desk, certificate, day(2024, 1, 1), &new, true).await.unwrap();
        assert_eq!(counts(whole), (1, 0, 1, 2));
        let methods =
            async |date| on(&desk, date).await.into_iter().map(|row| (row.serial, row.standard_year)).collect::<Vec<_>>();
        let told = |pairs: &[(&str, i32)]| pairs.iter().map(|(s, y)| ((*s).to_owned(), Some(*y))).collect::<Vec<_>>();
        assert_eq!(methods(day(2022, 12, 31)).await, told(&[("1", 2010), ("2", 2014), ("3", 2014)]));
        assert_eq!(methods(day(2023, 12, 31)).await, told(&[("1", 2017), ("2", 2014), ("3", 2014)]));
        assert_eq!(methods(day(2024, 1, 1)).await, told(&[("1", 2017), ("2", 2014), ("4", 2021)]));
        let lead = on(&desk, today()).await.remove(0);
        assert_eq!(lead.revision, 2, "the line kept its id");
        assert_eq!(store::history(&desk.db, &desk.own(), &[lead.id.0]).await.unwrap().len(), 2);
        let reads = Reads::new(desk.db.clone(), desk.gd.clone());
        let editions = EditionCount { edge: EditionEdge, parent: certificate.0, filter: Arc::new(()) };
        assert_eq!(reads.load(editions).await.unwrap(), Some(3));
    }
}

both! {
    async fn a_long_annex_is_replaced_in_batches(w: World) {
        let desk = Desk::new(w).await;
        let certificate = desk.certificate().await;
        let lines = |year: i32| -> Vec<NewLine> {
            (0..7_000).map(|n| line(&n.to_string(), "铅", &format!("GB {n}-{year}"))).collect()
        };
        deliver(&desk, certificate, day(2021, 1, 1), &lines(2010), true).await.unwrap();
        let mut next = lines(2010);
        next.splice(..1_000, lines(2017).drain(..1_000));
        next.truncate(6_000);
        let outcome = deliver(&desk, certificate, day(2022, 1, 1), &next, true).await.unwrap();
        assert_eq!(counts(outcome), (0, 1_000, 1_000, 5_000));
        let count = async |date| store::count(&desk.db, &desk.own(), &LineFilter::on(date)).await.unwrap();
        assert_eq!((count(day(2021, 6, 1)).await, count(today()).await), (7_000, 6_000));
    }
}

both! {
    async fn lines_are_found_by_what_a_reader_asks(w: World) {
        let desk = Desk::new(w).await;
        let certificate = desk.certificate().await;
        let lines =
            vec![line("1", "铅", "GB 5009.12-2017"), line("2", "铅", "GB/T 5009.12"), line("3", "100%乙醇", "Q/X 1-2020")];
        let new = NewEdition { certificate, lab: desk.lab, edition: edition(day(2021, 1, 1)), lines };
        let brought = service::open_edition(&desk.cmd(), new).await.unwrap();
        let count = async |filter: LineFilter| store::count(&desk.db, &desk.own(), &filter).await.unwrap();
        let all = LineFilter::on(today());
        for (text, expected) in [("gbt5009.12", 2), ("ＧＢ 5009.12—2017", 1), ("GB 5009.13", 0)] {
            let standard = Some(StandardRef::parse(text, "where.standard").unwrap());
            assert_eq!(count(LineFilter { standard, ..all.clone() }).await, expected, "{text}");
        }
        let containing = |text: &str| Some(TextFilter { contains: Some(text.to_owned()), ..TextFilter::default() });
        assert_eq!(count(LineFilter { parameter: containing("0%"), ..all.clone() }).await, 1);
        let institution = labpact::platform::filter::OneOf { any_of: Some(vec![desk.institution]), none_of: None };
        assert_eq!(count(LineFilter { institution: Some(institution), ..all.clone() }).await, 3);
        let reads = Reads::new(desk.db.clone(), desk.gd.clone());
        for (edge, parent) in
            [(LineEdge::Lab, desk.lab.0), (LineEdge::Certificate, certificate.0), (LineEdge::Edition, brought.0)]
        {
            let args = Args { filter: all.clone(), order: LineOrder::Recent, window: Window::first(2) };
            let page = reads.load(LinesOf { edge, parent, args: Arc::new(args) }).await.unwrap().unwrap();
            assert_eq!(page.rows.iter().map(|row| row.serial.as_str()).collect::<Vec<_>>(), ["3", "2"], "{edge:?}");
            assert!(page.has_next);
            let counted = reads.load(LineCount { edge, parent, filter: Arc::new(all.clone()) }).await.unwrap();
            assert_eq!(counted, Some(3), "{edge:?}");
        }
    }
}

both! {
    async fn lines_of_a_standard_are_those_that_cite_that_edition(w: World) {
        use labpact::directory::standard::{model::NewStandard, service as standards};
        let desk = Desk::new(w).await;
        let certificate = desk.certificate().await;
        let lines = [line("1", "铅", "GB 5009.12-2017"), line("2", "铅", "GB/T 5009.12-2010")];
        deliver(&desk, certificate, day(2021, 1, 1), &lines, true).await.unwrap();
        let new = NewStandard {
            number: "GB 5009.12-2017".to_owned(),
            title_zh: "铅".to_owned(),
            title_en: None,
            status: entity::enums::StandardStatus::Current,
            replaced_by: None,
            published_on: None,
            effective_on: None,
            withdrawn_on: None,
        };
        let standard = standards::create(&desk.cmd(), new).await.unwrap();
        let reads = Reads::new(desk.db.clone(), desk.gd.clone());
        let args = Args { filter: LineFilter::on(today()), order: LineOrder::Serial, window: Window::first(5) };
        let key = LinesOf { edge: LineEdge::Standard, parent: standard.0, args: Arc::new(args) };
        let page = reads.load(key).await.unwrap().unwrap();
        assert_eq!(page.rows.iter().map(|row| row.serial.as_str()).collect::<Vec<_>>(), ["1"]);
    }
}

both! {
    async fn single_lines_are_added_edited_hidden_and_ended(w: World) {
        let desk = Desk::new(w).await;
        let id = with_lines(&desk, &["1"]).await[0];
        let row = on(&desk, today()).await.remove(0);
        let add = AddLine {
            edition: row.scope_version_id,
            lab: desk.lab,
            line: line("2", "汞", "GB 1-2020"),
            effective_from: None,
        };
        let added = service::add_line(&desk.cmd(), add.clone()).await.unwrap();
        assert_eq!(code(service::add_line(&desk.cmd(), AddLine { lab: desk.annexe, ..add }).await), "LAB_NOT_COVERED");
        let edit = LineEdit {
            method: Some("GB 5009.12-2023".to_owned()),
            limits: Patch::Set("不测液体".to_owned()),
            ..LineEdit::default()
        };
        service::edit_line(&desk.cmd(), id, edit.clone()).await.unwrap();
        let stale = Command { version: Some(1), ..desk.cmd() };
        assert_eq!(code(service::edit_line(&stale, id, edit).await), "STALE_VERSION");
        let reads = Reads::new(desk.db.clone(), desk.gd.clone());
        let year = async |on| reads.load(LineOn { id, on }).await.unwrap().unwrap().standard_year;
        assert_eq!((year(day(2026, 11, 22)).await, year(today()).await), (Some(2017), Some(2023)));
        let sd = caller(editor("SD"));
        let theirs = Command::new(&desk.db, &sd);
        assert_eq!(code(service::show_line(&theirs, id, Visibility::Own).await), "FORBIDDEN");
        service::show_line(&desk.cmd(), id, Visibility::Own).await.unwrap();
        assert_eq!(code(service::show_line(&theirs, id, Visibility::Public).await), "NOT_FOUND");
        assert_eq!(store::count(&desk.db, &desk.partner(), &LineFilter::on(day(2022, 1, 1))).await.unwrap(), 1);
        service::withdraw_line(&desk.cmd(), added, "标准废止", Some(day(2025, 1, 1))).await.unwrap();
        assert_eq!(code(service::withdraw_line(&desk.cmd(), added, "again", None).await), "ALREADY_CLOSED");
        assert_eq!(on(&desk, today()).await.len(), 1);
        assert_eq!(on(&desk, day(2024, 12, 31)).await.len(), 2);
    }
}

both! {
    async fn refused_annexes_leave_nothing_behind(w: World) {
        let desk = Desk::new(w).await;
        let certificate = desk.certificate().await;
        let bad = NewEdition {
            certificate,
            lab: desk.lab,
            edition: edition(day(2021, 1, 1)),
            lines: vec![line("1", "", "GB 1-2020"), line("2", "铅", " ")],
        };
        let Err(Fault::Invalid(problems)) = service::open_edition(&desk.cmd(), bad).await else { panic!("refused") };
        let paths: Vec<_> = problems.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(paths, ["input.lines[0].parameter", "input.lines[1].method"]);
        let lines = [line("1", "铅", "GB 1-2020")];
        assert_eq!(code(deliver(&desk, certificate, day(2019, 1, 1), &lines, true).await), "LAB_NOT_COVERED");
        let step = certificates::service::Step { reason: "撤销".to_owned(), on: None };
        certificates::service::withdraw(&desk.cmd(), certificate, step).await.unwrap();
        assert_eq!(code(deliver(&desk, certificate, today(), &lines, true).await), "CERTIFICATE_WITHDRAWN");
        let rehearsal = Command { dry_run: true, ..desk.cmd() };
        let other = certificates::model::NewCertificate { number: "L1234".to_owned(), ..desk.new_certificate() };
        certificates::service::create(&rehearsal, other).await.unwrap();
        assert_eq!((desk.rows("scope_version").await, desk.rows("competence_scope").await), (0, 0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever was in force, after a complete annex just its lines are, and the second delivery finds no difference.
    #[test]
    fn a_complete_annex_is_what_is_in_force(
        annexes in prop::collection::vec(prop::collection::vec((0_u8..4, 0_u8..3, 2010_i32..2013), 0..12), 1..4)
    ) {
        World::run(Backend::Sqlite, async |w| {
            let desk = Desk::new(w).await;
            let certificate = desk.certificate().await;
            for (n, annex) in annexes.into_iter().enumerate() {
                let dated = day(2021 + i32::try_from(n).unwrap(), 1, 1);
                let lines: Vec<_> = annex
                    .iter()
                    .map(|(serial, parameter, year)| line(&serial.to_string(), &parameter.to_string(), &format!("GB 9-{year}")))
                    .collect();
                deliver(&desk, certificate, dated, &lines, true).await.unwrap();
                let mut wanted: Vec<_> = lines.iter().map(|l| (l.serial.clone(), l.parameter.clone(), l.method.clone())).collect();
                let mut found: Vec<_> = on(&desk, dated).await.into_iter().map(|r| (r.serial, r.parameter, r.method)).collect();
                wanted.sort();
                found.sort();
                assert_eq!(found, wanted);
                let again = deliver(&desk, certificate, dated, &lines, true).await.unwrap();
                assert_eq!(again.edition, None);
            }
        });
    }
}
