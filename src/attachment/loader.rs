//! Attachments by their ids, by what they are bound to, and to whom they were shown.

use std::{collections::HashMap, sync::Arc};

use entity::{
    attachment::Model,
    ids::{AgencyCode, AttachmentId},
};

use super::store;
use crate::platform::{
    fault::Outcome,
    reads::{Loader, Reads},
};

/// What is bound to a subject, by its typed id, and may be seen; oldest first. Nothing is found for one without any.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AttachmentsOf(pub String);

/// To which agencies an attachment was shown. Ask for attachments that may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartiesOf(pub AttachmentId);

impl Loader<AttachmentId> for Reads {
    type Value = Arc<Model>;

    async fn load(&self, keys: Vec<AttachmentId>) -> Outcome<HashMap<AttachmentId, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0).collect();
        let rows = store::by_ids(&self.db, &self.visible, &ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<AttachmentsOf> for Reads {
    type Value = Vec<Arc<Model>>;

    async fn load(&self, keys: Vec<AttachmentsOf>) -> Outcome<HashMap<AttachmentsOf, Self::Value>> {
        let subjects = keys.into_iter().map(|key| key.0).collect();
        let mut found: HashMap<AttachmentsOf, Self::Value> = HashMap::new();
        for row in store::of_subjects(&self.db, &self.visible, subjects).await? {
            if let Some(subject) = row.subject.clone() {
                found.entry(AttachmentsOf(subject)).or_default().push(Arc::new(row));
            }
        }
        Ok(found)
    }
}

impl Loader<PartiesOf> for Reads {
    type Value = Vec<AgencyCode>;

    async fn load(&self, keys: Vec<PartiesOf>) -> Outcome<HashMap<PartiesOf, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0.0).collect();
        let found = store::parties(&self.db, &ids).await?;
        Ok(found.into_iter().map(|(id, agencies)| (PartiesOf(id), agencies)).collect())
    }
}
