//! How it is written.

use std::time::Instant;

use entity::{agency, competence_scope, ids::AgencyCode, institution, lab, standard};
use labpact::{
    demo::{Filled, Progress, Size, fill},
    directory::agency::members::MEMBERS,
    platform::{
        access::{Action, Actor, Caller, permit},
        clock::Clock,
        db::{DatabaseConfig, Db, Tx},
        fault::Outcome,
    },
};
use sea_orm::EntityTrait;
use tempfile::TempDir;

use super::today;

const SMALL: Size = Size { labs: 40, scope_lines: 200, seed: 3 };
const ENTER: Action = Action::new("agency.enter", "coordinator");

async fn empty() -> (Db, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}", folder.path().join("demo.db").display());
    let config = DatabaseConfig { url, durable: false, ..DatabaseConfig::default() };
    let clock = Clock::fixed("2026-11-23T02:00:00Z".parse().expect("an instant"));
    let db = Db::migrate(&config, clock).await.expect("the database migrates");
    enter_agencies(&db).await.expect("the agencies are entered");
    (db, folder)
}

async fn enter_agencies(db: &Db) -> Outcome<()> {
    let permit = permit(&Caller::new(Actor::system(None, "test"), "test"), ENTER)?;
    db.write(&permit, async |tx: &mut Tx| {
        for member in MEMBERS {
            let row = agency::Model {
                code: AgencyCode::from(member.code),
                name_zh: member.name_zh.to_owned(),
                name_en: member.name_en.to_owned(),
                region: member.region.into(),
                contact_name: None,
                contact_phone: None,
                contact_email: None,
                version: 1,
                created_at: tx.now(),
                updated_at: tx.now(),
            };
            tx.insert(row).await?;
        }
        Ok(())
    })
    .await
}

async fn filled(db: &Db, size: Size) -> Outcome<(Filled, Vec<Progress>)> {
    let mut heard = Vec::new();
    let filled = fill(db, size, today(), &mut |progress| heard.push(progress)).await?;
    Ok((filled, heard))
}

async fn held(db: &Db) -> (u64, u64) {
    let labs = db.count(lab::Entity::find()).await.expect("counted");
    (db.count(institution::Entity::find()).await.expect("counted"), labs)
}

#[tokio::test]
async fn the_default_size_is_written_at_once_and_once_only() {
    let (db, _folder) = empty().await;
    let began = Instant::now();
    let (first, heard) = filled(&db, Size::default()).await.expect("filled");
    let took = began.elapsed();
    assert_eq!((first.already, first.labs, first.scope_lines), (false, 300, 12_000));
    let last = heard.last().expect("progress");
    assert_eq!((last.institutions, last.scope_lines), (last.of_institutions, last.of_scope_lines));
    // Far above what it takes, so that a busy machine does not fail it.
    assert!(took.as_secs() < 60, "{took:?}");
    let (second, silent) = filled(&db, Size::default()).await.expect("recognised");
    assert_eq!((second.already, second.rows, silent.len()), (true, 0, 0));
    let (other, _) = filled(&db, SMALL).await.expect("recognised, whatever its size");
    assert!(other.already);
    assert_eq!(held(&db).await, (first.institutions, 300));
}

/// Fills until the first transaction is committed, then drops the fill wherever it stands in the next one.
async fn cut_short(db: &Db, size: Size) {
    let committed = tokio::sync::Notify::new();
    let mut heard = |_: Progress| committed.notify_one();
    tokio::select! {
        biased;
        () = committed.notified() => (),
        ended = fill(db, size, today(), &mut heard) => panic!("it was to be cut short: {ended:?}"),
    }
}

#[tokio::test]
async fn a_fill_that_was_cut_short_goes_on_where_it_was() {
    // More than 500 institutions, which is what one transaction takes.
    let size = Size { labs: 1_500, scope_lines: 1_500, seed: 4 };
    let (db, _folder) = empty().await;
    cut_short(&db, size).await;
    let (before, _) = held(&db).await;
    assert_eq!(before, 500, "whole transactions only");

    let fault = filled(&db, SMALL).await.expect_err("of another size");
    assert_eq!(fault.code(), "DEMO_HALF_FILLED");

    let (rest, heard) = filled(&db, size).await.expect("filled");
    assert!(!rest.already && heard.first().is_some_and(|first| first.institutions > before));
    let plan = super::plan(size);
    assert_eq!(before + rest.institutions, plan.institutions());
    assert_eq!(held(&db).await, (plan.institutions(), 1_500));
    let lines: usize = plan.parts().map(|part| part.lines.len()).sum();
    assert_eq!(db.count(competence_scope::Entity::find()).await.expect("counted"), lines as u64);
    assert!(filled(&db, size).await.expect("recognised").0.already);
}

#[tokio::test]
async fn standards_that_are_there_already_are_left_alone() {
    let (db, _folder) = empty().await;
    let mut own = super::plan(SMALL).standards().expect("the seed is whole").swap_remove(0);
    own.title_zh = "自有题名".to_owned();
    own.id = db.clock().id().into();
    let permit = permit(&Caller::new(Actor::system(None, "test"), "test"), ENTER).expect("permitted");
    let entered = own.clone();
    db.write(&permit, async |tx: &mut Tx| tx.insert(entered).await).await.expect("entered");
    filled(&db, SMALL).await.expect("filled");
    let rows = db.all(standard::Entity::find()).await.expect("read");
    assert_eq!(rows.len(), super::plan(SMALL).standards().expect("the seed is whole").len());
    assert!(rows.contains(&own));
}

#[tokio::test]
async fn a_database_without_agencies_stays_without_data() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}", folder.path().join("bare.db").display());
    let config = DatabaseConfig { url, durable: false, ..DatabaseConfig::default() };
    let clock = Clock::fixed("2026-11-23T02:00:00Z".parse().expect("an instant"));
    let db = Db::migrate(&config, clock).await.expect("the database migrates");
    assert!(filled(&db, SMALL).await.is_err());
    assert_eq!(held(&db).await, (0, 0));
}
