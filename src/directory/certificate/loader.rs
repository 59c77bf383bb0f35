//! Certificates for many parents at once.

use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use entity::{
    certificate::Model,
    ids::{CertificateId, LabId},
};

use super::{
    model::{CertificateEdge, CertificateFilter, CertificateOrder},
    store,
};
use crate::{
    directory::family::{self, ChildrenOf, CountOf},
    platform::{
        fault::Outcome,
        page::Page,
        reads::{Loader, Reads},
    },
};

/// A certificate as the register knows it on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CertificateOn {
    /// The certificate.
    pub id: CertificateId,
    /// The date.
    pub on: NaiveDate,
}

/// The visible labs that a certificate covers on a date, in the order of their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CoveredLabs {
    /// The certificate.
    pub certificate: CertificateId,
    /// The date.
    pub on: NaiveDate,
}

/// A page of the certificates of a parent.
pub type CertificatesOf = ChildrenOf<CertificateEdge, CertificateFilter, CertificateOrder>;
/// The number of the certificates of a parent.
pub type CertificateCount = CountOf<CertificateEdge, CertificateFilter>;

/// All revisions of a certificate, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CertificateHistory(pub CertificateId);

impl Loader<CertificateHistory> for Reads {
    type Value = Vec<Arc<Model>>;

    async fn load(&self, keys: Vec<CertificateHistory>) -> Outcome<HashMap<CertificateHistory, Self::Value>> {
        let ids: Vec<_> = keys.iter().map(|key| key.0.0).collect();
        let mut found: HashMap<CertificateHistory, Self::Value> = HashMap::new();
        for row in store::history(&self.db, &self.visible, &ids).await? {
            found.entry(CertificateHistory(row.id)).or_default().push(Arc::new(row));
        }
        Ok(found)
    }
}

impl Loader<CertificateOn> for Reads {
    type Value = Arc<Model>;

    async fn load(&self, keys: Vec<CertificateOn>) -> Outcome<HashMap<CertificateOn, Self::Value>> {
        let mut dates: HashMap<NaiveDate, Vec<_>> = HashMap::new();
        for key in keys {
            dates.entry(key.on).or_default().push(key.id.0);
        }
        let mut found = HashMap::new();
        for (on, ids) in dates {
            let rows = store::by_ids(&self.db, &self.visible, &ids, on).await?;
            found.extend(rows.into_iter().map(|row| (CertificateOn { id: row.id, on }, Arc::new(row))));
        }
        Ok(found)
    }
}

impl Loader<CoveredLabs> for Reads {
    type Value = Arc<Vec<LabId>>;

    async fn load(&self, keys: Vec<CoveredLabs>) -> Outcome<HashMap<CoveredLabs, Self::Value>> {
        let mut dates: HashMap<NaiveDate, Vec<_>> = HashMap::new();
        for key in keys {
            dates.entry(key.on).or_default().push(key.certificate.0);
        }
        let mut found = HashMap::new();
        for (on, certificates) in dates {
            let labs = store::covered_labs(&self.db, &self.visible, &certificates, on).await?;
            found.extend(labs.into_iter().map(|(certificate, labs)| {
                (CoveredLabs { certificate: CertificateId(certificate), on }, Arc::new(labs))
            }));
        }
        Ok(found)
    }
}

impl Loader<CertificatesOf> for Reads {
    type Value = Arc<Page<Model>>;

    async fn load(&self, keys: Vec<CertificatesOf>) -> Outcome<HashMap<CertificatesOf, Self::Value>> {
        let mut found = HashMap::new();
        for family in family::page_families(keys) {
            let pages = store::children(&self.db, &self.visible, family.edge, &family.parents, &family.args).await?;
            family.hand_out(pages, &mut found);
        }
        Ok(found)
    }
}

impl Loader<CertificateCount> for Reads {
    type Value = u64;

    async fn load(&self, keys: Vec<CertificateCount>) -> Outcome<HashMap<CertificateCount, u64>> {
        let mut found = HashMap::new();
        for family in family::count_families(keys) {
            let counts =
                store::count_children(&self.db, &self.visible, family.edge, &family.parents, &family.args).await?;
            family.hand_out_counts(&counts, &mut found);
        }
        Ok(found)
    }
}
