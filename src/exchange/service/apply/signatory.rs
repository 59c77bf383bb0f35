//! Signatories of files.

use entity::enums::Visibility;

use super::{Applied, Change, lab_of};
use crate::{
    directory::person::{
        model::{NewSignatory, SignatoryEdit},
        service, store,
    },
    exchange::format::SignatoryRow,
    platform::{db::Tx, fault::Outcome, lenient::fold},
};

impl Applied for SignatoryRow {
    fn agency(&self) -> Option<&str> {
        self.agency.as_deref()
    }

    async fn apply(self, tx: &mut Tx) -> Outcome<Change> {
        let lab = lab_of(tx, &self.lab_code).await?;
        let Some(before) = store::known(tx, lab.id, &fold(&self.code)).await? else {
            let new = NewSignatory {
                lab: lab.id,
                code: Some(self.code),
                name: self.name,
                title: self.title,
                fields: self.fields,
                valid_from: self.valid_from,
                valid_to: self.valid_to,
                visibility: self.visibility.unwrap_or(Visibility::Partner),
            };
            service::create_in(tx, new).await?;
            return Ok(Change::Created);
        };
        let edit = SignatoryEdit {
            code: None,
            name: Some(self.name),
            title: self.title.into(),
            fields: Some(self.fields),
            valid_from: Some(self.valid_from),
            valid_to: self.valid_to.into(),
            visibility: self.visibility,
        };
        service::edit_in(tx, before.id, edit).await?;
        let after = store::lock(tx, before.id).await?.open(tx.permit())?;
        Ok(Change::between(before.version, after.version))
    }
}
