//! Use cases of agencies.

use entity::agency;
use sea_orm::EntityTrait;

use super::members::MEMBERS;
use crate::platform::{
    access::{Action, Actor, Caller, permit},
    db::Db,
    fault::Outcome,
};

const ENTER: Action = Action::new("agency.enter", "coordinator");

/// Enters the members of the pact that are not there yet.
///
/// # Errors
/// `UNAVAILABLE` when the database does not answer.
pub async fn ensure_members(db: &Db) -> Outcome<()> {
    let known = db.all(agency::Entity::find()).await?;
    let missing: Vec<_> =
        MEMBERS.iter().filter(|member| known.iter().all(|row| row.code.as_str() != member.code)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let permit = permit(&Caller::new(Actor::system(None, "start"), "start"), ENTER)?;
    db.write(&permit, async |tx| {
        for member in missing {
            let row = agency::Model {
                code: member.code.into(),
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
