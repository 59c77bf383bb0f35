//! The register on a database of its own.
#![expect(clippy::unwrap_used, reason = "in a test an error is a failure, and its place says which")]

mod certificate;
mod equipment;
mod reminder;
mod scope;
mod standard;

use std::collections::BTreeSet;

use crate::support::world::World;
use chrono::NaiveDate;
use entity::{
    enums::{CertificateScheme, Standing, Visibility},
    ids::{AgencyCode, CertificateId, InstitutionId, LabId, RegionCode},
    institution, lab,
};
use labpact::{
    directory::certificate::{self as certificates, model::NewCertificate},
    platform::{
        access::{Action, Actor, ActorKind, Caller, Visible, permit},
        command::Command,
        db::{Db, Tx},
        fault::Fault,
    },
};

/// The database of a world, with one institution with two labs of GD.
struct Desk {
    db: Db,
    gd: Caller,
    institution: InstitutionId,
    lab: LabId,
    annexe: LabId,
}

/// `2026-11-23`, today at the desk.
fn today() -> NaiveDate {
    day(2026, 11, 23)
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// A person of an agency who may write everything in the register.
fn editor(agency: &str) -> Actor {
    let scopes = ["directory:read", "directory:write", "scope:write", "equipment:write", "standard:write"];
    Actor {
        kind: ActorKind::Person,
        agency: Some(AgencyCode::from(agency)),
        scopes: scopes.map(str::to_owned).into_iter().collect(),
        ..Actor::anonymous([])
    }
}

fn caller(actor: Actor) -> Caller {
    Caller::new(actor, "test")
}

/// A caller whose token is limited to one lab.
fn limited_to(lab: LabId) -> Caller {
    caller(Actor { labs: Some(BTreeSet::from([lab])), ..editor("GD") })
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Fault>) -> &'static str {
    outcome.expect_err("this is refused").code()
}

impl Desk {
    async fn new(world: &World) -> Self {
        let (db, clock) = (world.db.clone(), world.clock.clone());
        assert_eq!(clock.today(), today());
        let (institution, lab, annexe) = (InstitutionId(clock.id()), LabId(clock.id()), LabId(clock.id()));
        let setting = permit(&caller(Actor::system(Some("GD".into()), "test")), Action::new("test.set", "x")).unwrap();
        db.write(&setting, async |tx: &mut Tx| {
            tx.insert(an_institution(tx, institution)).await?;
            tx.insert(a_lab(tx, institution, lab, "A")).await?;
            tx.insert(a_lab(tx, institution, annexe, "B")).await?;
            Ok(())
        })
        .await
        .unwrap();
        Self { db, gd: caller(editor("GD")), institution, lab, annexe }
    }

    /// A command of the owner.
    fn cmd(&self) -> Command<'_> {
        Command::new(&self.db, &self.gd)
    }

    /// What the owner sees.
    fn own(&self) -> Visible {
        Visible::to(&self.gd.actor)
    }

    /// What another agency sees.
    fn partner(&self) -> Visible {
        Visible::to(&editor("SD"))
    }

    fn new_certificate(&self) -> NewCertificate {
        NewCertificate {
            institution: self.institution,
            scheme: CertificateScheme::Cma,
            number: "CMA 202019000001".to_owned(),
            issuer: None,
            valid_from: day(2020, 1, 1),
            valid_to: Some(day(2026, 12, 31)),
            visibility: Visibility::Public,
            labs: vec![self.lab],
            effective_from: None,
        }
    }

    async fn certificate(&self) -> CertificateId {
        certificates::service::create(&self.cmd(), self.new_certificate()).await.unwrap()
    }

    /// How many rows a table has.
    async fn rows(&self, table: &str) -> i64 {
        #[derive(sea_orm::FromQueryResult)]
        struct Count {
            n: i64,
        }
        self.db.sql::<Count>(&format!("SELECT COUNT(*) AS n FROM {table}"), Vec::new()).await.unwrap()[0].n
    }
}

fn an_institution(tx: &Tx, id: InstitutionId) -> institution::Model {
    institution::Model {
        id,
        agency: "GD".into(),
        code: "I".to_owned(),
        uscc: None,
        name_zh: "机构".to_owned(),
        name_en: None,
        region: RegionCode::from("440100"),
        address: None,
        contact_name: None,
        contact_phone: None,
        contact_email: None,
        visibility: Visibility::Public,
        standing: Standing::Active,
        standing_reason: None,
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    }
}

fn a_lab(tx: &Tx, institution: InstitutionId, id: LabId, code: &str) -> lab::Model {
    lab::Model {
        id,
        institution_id: institution,
        agency: "GD".into(),
        code: code.to_owned(),
        name_zh: "实验室".to_owned(),
        name_en: None,
        region: RegionCode::from("440100"),
        address: None,
        longitude: None,
        latitude: None,
        contact_name: None,
        contact_phone: None,
        contact_email: None,
        visibility: Visibility::Public,
        standing: Standing::Active,
        standing_reason: None,
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    }
}
