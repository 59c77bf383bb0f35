//! Lists of certificates in the schema.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};
use chrono::NaiveDate;
use entity::ids::InstitutionId;

use super::{
    super::{
        loader::{CertificateCount, CertificatesOf},
        model::{CertificateEdge, CertificateFilter},
        policy, store,
    },
    Certificate, CertificateOrder, CertificateScheme, CertificateStanding,
};
use crate::{
    connection,
    directory::{
        family::Args,
        graphql::{Visibility, agencies, any_of, words},
    },
    graphql::{
        access::access,
        context::{as_of as asked_date, reads},
        filter::{DateWhere, TextWhere},
        scalars::{Date, parse_id},
    },
    platform::{fault::Outcome, page::Window},
};

/// Counts a list of certificates.
pub enum CertificateTotal {
    /// Of the whole register.
    All(CertificateFilter),
    /// Of one parent.
    Children(CertificateCount),
}

impl CertificateTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        let reads = reads(ctx)?;
        match self {
            Self::All(filter) => store::count(&reads.db, &reads.visible, filter).await,
            Self::Children(key) => Ok(reads.load(key.clone()).await?.unwrap_or_default()),
        }
    }
}

connection!(CertificateConnection, CertificateNodeEdge, Certificate, "certificates", CertificateTotal);

/// Conditions on certificates.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CertificateWhere {
    /// Codes of owning agencies, any of which will do.
    pub agency: Option<Vec<String>>,
    /// Ids of holders, any of which will do.
    pub institution: Option<Vec<ID>>,
    /// Schemes, any of which will do.
    pub scheme: Option<Vec<CertificateScheme>>,
    /// The number in any spelling.
    pub number: Option<String>,
    /// The issuer.
    pub issuer: Option<TextWhere>,
    /// Standing on the date, any of which will do.
    pub standing: Option<Vec<CertificateStanding>>,
    /// Last date of validity.
    pub valid_to: Option<DateWhere>,
    /// Who may see it, any of which will do.
    pub visibility: Option<Vec<Visibility>>,
}

impl CertificateWhere {
    fn filter(self, on: NaiveDate) -> Outcome<CertificateFilter> {
        let holders = |ids: Vec<ID>| ids.iter().map(|id| parse_id::<InstitutionId>(id, "where.institution")).collect();
        Ok(CertificateFilter {
            on,
            agency: agencies(self.agency),
            institution: self.institution.map(holders).transpose()?.map(any_of),
            scheme: words(self.scheme),
            number: self.number,
            issuer: self.issuer.map(Into::into),
            standing: self.standing.map(|words| words.into_iter().map(Into::into).collect()),
            valid_to: self.valid_to.map(Into::into),
            visibility: words(self.visibility),
        })
    }
}

/// What a list of certificates was asked for with.
pub struct CertificateArgs {
    /// Conditions.
    pub filter: Option<Box<CertificateWhere>>,
    /// Order.
    pub order_by: Option<CertificateOrder>,
    /// Part.
    pub window: Window,
    /// Date.
    pub on: NaiveDate,
}

impl CertificateArgs {
    /// The certificates of one parent.
    ///
    /// # Errors
    /// `INVALID`, `UNAVAILABLE`.
    pub async fn of_parent(
        self,
        ctx: &Context<'_>,
        edge: CertificateEdge,
        parent: uuid::Uuid,
    ) -> Result<CertificateConnection> {
        let on = self.on;
        let filter = self.filter.unwrap_or_default().filter(on)?;
        let total = CertificateTotal::Children(CertificateCount { edge, parent, filter: Arc::new(filter.clone()) });
        let args = Arc::new(Args { filter, order: self.order_by.unwrap_or_default().into(), window: self.window });
        let page = reads(ctx)?
            .load(CertificatesOf { edge, parent, args })
            .await?
            .unwrap_or_else(|| Arc::new(crate::platform::page::Page::empty()));
        Ok(CertificateConnection::new(page, |row| Certificate { row, on }, total))
    }
}

/// Asking for certificates.
#[derive(Default)]
pub struct CertificateQuery;

#[Object]
impl CertificateQuery {
    /// Certificates that you may see.
    #[graphql(directive = access::apply(policy::READ))]
    async fn certificates(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<
            Box<CertificateWhere>,
        >,
        #[graphql(desc = "The order of the rows.")] order_by: Option<CertificateOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "The date that the question is about; today where not given.")] as_of: Option<Date>,
    ) -> Result<CertificateConnection> {
        let (reads, on) = (reads(ctx)?, asked_date(ctx, as_of)?);
        let filter = filter.unwrap_or_default().filter(on)?;
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        let page =
            store::page(&reads.db, &reads.visible, &filter, order_by.unwrap_or_default().into(), &window).await?;
        Ok(CertificateConnection::new(page, |row| Certificate { row, on }, CertificateTotal::All(filter)))
    }

    /// Every certificate of that number, in any spelling: one lab may hold several, and numbers repeat.
    #[graphql(directive = access::apply(policy::READ))]
    async fn certificates_by_number(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number as written on the certificate.")] number: String,
        #[graphql(desc = "The date that the question is about; today where not given.")] as_of: Option<Date>,
    ) -> Result<Vec<Certificate>> {
        let (reads, on) = (reads(ctx)?, asked_date(ctx, as_of)?);
        let rows = store::by_number(&reads.db, &reads.visible, &number, on).await?;
        Ok(rows.into_iter().map(|row| Certificate { row: Arc::new(row), on }).collect())
    }
}
