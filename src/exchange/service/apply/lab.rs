//! Labs of files.

use entity::enums::Visibility;
use serde_json::json;

use super::{Applied, Change, institution_of};
use crate::{
    directory::{
        contact::ContactEdit,
        lab::{
            model::{LabEdit, NewLab},
            service, store,
        },
    },
    exchange::format::LabRow,
    platform::{
        db::Tx,
        fault::{Fault, Outcome},
        lenient::fold_code,
    },
};

impl Applied for LabRow {
    fn agency(&self) -> Option<&str> {
        self.agency.as_deref()
    }

    async fn apply(self, tx: &mut Tx) -> Outcome<Change> {
        let institution = institution_of(tx, &self.institution).await?;
        let contact = ContactEdit {
            name: self.contact_name.into(),
            phone: self.contact_phone.into(),
            email: self.contact_email.into(),
        };
        let Some(before) = store::known(tx, tx.agency()?, &fold_code(&self.code)).await? else {
            let new = NewLab {
                institution: institution.id,
                code: self.code,
                name_zh: self.name_zh,
                name_en: self.name_en,
                region: self.region,
                address: self.address,
                longitude: self.longitude,
                latitude: self.latitude,
                contact,
                visibility: self.visibility.unwrap_or(Visibility::Public),
            };
            service::create_in(tx, new).await?;
            return Ok(Change::Created);
        };
        if before.institution_id != institution.id {
            let facts = json!({ "labId": before.id.to_string() });
            return Err(Fault::rule(
                "LAB_OF_OTHER_INSTITUTION",
                "This code is a lab of another institution; a lab does not move.",
                facts,
            ));
        }
        let edit = LabEdit {
            code: None,
            name_zh: Some(self.name_zh),
            name_en: self.name_en.into(),
            region: Some(self.region),
            address: self.address.into(),
            longitude: self.longitude.into(),
            latitude: self.latitude.into(),
            contact,
            visibility: self.visibility,
        };
        service::edit_in(tx, before.id, edit).await?;
        let after = store::lock(tx, before.id).await?.open(tx.permit())?;
        Ok(Change::between(before.version, after.version))
    }
}
