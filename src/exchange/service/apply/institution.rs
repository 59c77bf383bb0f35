//! Institutions of files.

use entity::enums::Visibility;

use super::{Applied, Change};
use crate::{
    directory::{
        contact::ContactEdit,
        institution::{
            model::{InstitutionEdit, NewInstitution},
            service, store,
        },
    },
    exchange::format::InstitutionRow,
    platform::{db::Tx, fault::Outcome, lenient::fold_code},
};

impl Applied for InstitutionRow {
    fn agency(&self) -> Option<&str> {
        self.agency.as_deref()
    }

    async fn apply(self, tx: &mut Tx) -> Outcome<Change> {
        let code = self.code.clone().or_else(|| self.uscc.clone()).unwrap_or_default();
        let mut known = store::known(tx, tx.agency()?, &fold_code(&code)).await?;
        if let (None, Some(uscc)) = (&known, &self.uscc) {
            known = store::known_uscc(tx, uscc).await?;
        }
        let contact = ContactEdit {
            name: self.contact_name.into(),
            phone: self.contact_phone.into(),
            email: self.contact_email.into(),
        };
        let Some(before) = known else {
            let new = NewInstitution {
                code: self.code,
                uscc: self.uscc,
                name_zh: self.name_zh,
                name_en: self.name_en,
                region: self.region,
                address: self.address,
                contact,
                visibility: self.visibility.unwrap_or(Visibility::Public),
            };
            service::create_in(tx, new).await?;
            return Ok(Change::Created);
        };
        let edit = InstitutionEdit {
            code: self.code,
            uscc: self.uscc.into(),
            name_zh: Some(self.name_zh),
            name_en: self.name_en.into(),
            region: Some(self.region),
            address: self.address.into(),
            contact,
            visibility: self.visibility,
        };
        service::edit_in(tx, before.id, edit).await?;
        let after = store::lock(tx, before.id).await?.open(tx.permit())?;
        Ok(Change::between(before.version, after.version))
    }
}
