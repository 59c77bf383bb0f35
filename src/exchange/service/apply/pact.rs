//! What belongs to the pact as a whole: standards and listed days.

use super::{Applied, Change};
use crate::{
    directory::{
        calendar::service::{Entered, ListedDay, record_in},
        standard::{
            model::{NewStandard, StandardEdit},
            number::StandardNumber,
            service, store,
        },
    },
    exchange::format::{HolidayRow, StandardRow},
    platform::{db::Tx, fault::Outcome},
};

impl Applied for StandardRow {
    async fn apply(self, tx: &mut Tx) -> Outcome<Change> {
        let printed = StandardNumber::or_raw(&self.number).printed();
        let Some(before) = store::known(tx, &printed).await? else {
            let new = NewStandard {
                number: self.number,
                title_zh: self.title_zh,
                title_en: self.title_en,
                status: self.status,
                replaced_by: self.replaced_by,
                published_on: self.published_on,
                effective_on: self.effective_on,
                withdrawn_on: self.withdrawn_on,
            };
            service::create_in(tx, new).await?;
            return Ok(Change::Created);
        };
        let edit = StandardEdit {
            number: None,
            title_zh: Some(self.title_zh),
            title_en: self.title_en.into(),
            status: Some(self.status),
            replaced_by: self.replaced_by.into(),
            published_on: self.published_on.into(),
            effective_on: self.effective_on.into(),
            withdrawn_on: self.withdrawn_on.into(),
        };
        service::edit_in(tx, before.id, edit).await?;
        let after = store::lock(tx, before.id).await?.open(tx.permit())?;
        Ok(Change::between(before.version, after.version))
    }
}

impl Applied for HolidayRow {
    async fn apply(self, tx: &mut Tx) -> Outcome<Change> {
        let name = self.name.unwrap_or_else(|| self.kind.word().to_owned());
        let entered = record_in(tx, ListedDay { day: self.date, kind: self.kind, name }).await?;
        Ok(match entered {
            Entered::Created => Change::Created,
            Entered::Changed => Change::Changed,
            Entered::Unchanged => Change::Unchanged,
        })
    }
}
