//! The shape of the database, one file per change. A file that has been merged is never edited.
//!
//! The SQL is written once, in the dialect of PostgreSQL; `dialect` puts SQLite's words in where they differ.

mod dialect;
mod m20261123_000001_platform;
mod m20261123_000002_directory;
mod m20261123_000003_identity;
mod m20261123_000004_capacity;
mod m20261123_000005_search;
mod m20261124_000006_capacity_calendar;
mod m20261124_000007_attachment;
mod m20261124_000008_request;
mod m20261124_000009_custody;
mod m20261124_000012_amendment;
mod m20261124_000013_approval;
mod m20261201_000014_audit;
mod m20261201_000015_webhook;
mod m20261201_000016_watch;
mod m20261201_000017_message;
mod m20261201_000018_spare_offer;
mod m20261201_000019_desk_marks;
mod m20261201_000020_inbox;

use sea_orm_migration::{MigrationTrait, async_trait};
pub use sea_orm_migration::{MigratorTrait, sea_orm};

/// Every change, oldest first.
#[derive(Clone, Copy, Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_platform::Migration),
            Box::new(m20261123_000002_directory::Migration),
            Box::new(m20261123_000003_identity::Migration),
            Box::new(m20261123_000004_capacity::Migration),
            Box::new(m20261123_000005_search::Migration),
            Box::new(m20261124_000006_capacity_calendar::Migration),
            Box::new(m20261124_000007_attachment::Migration),
            Box::new(m20261124_000008_request::Migration),
            Box::new(m20261124_000009_custody::Migration),
            Box::new(m20261124_000012_amendment::Migration),
            Box::new(m20261124_000013_approval::Migration),
            Box::new(m20261201_000014_audit::Migration),
            Box::new(m20261201_000015_webhook::Migration),
            Box::new(m20261201_000016_watch::Migration),
            Box::new(m20261201_000017_message::Migration),
            Box::new(m20261201_000018_spare_offer::Migration),
            Box::new(m20261201_000019_desk_marks::Migration),
            Box::new(m20261201_000020_inbox::Migration),
        ]
    }
}
