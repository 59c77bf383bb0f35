//! Lists of labs in the schema.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};
use entity::ids::{AgencyCode, InstitutionId};

use super::{
    super::{
        loader::{LabCount, LabEdge, LabsOf},
        model::LabFilter,
        policy, store,
    },
    Lab, LabOrder,
};
use crate::{
    connection,
    directory::{
        family::Args,
        graphql::{Standing, Visibility, agencies, any_of, words},
    },
    graphql::{
        access::access,
        context::{apart, reads},
        filter::TextWhere,
        scalars::parse_id,
    },
    platform::{
        fault::Outcome,
        lenient::fold_code,
        page::{Page, Window},
    },
};

/// Counts a list of labs.
pub enum LabTotal {
    /// Of the whole register.
    All(LabFilter),
    /// Of one institution.
    Children(LabCount),
}

impl LabTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        let reads = reads(ctx)?;
        match self {
            Self::All(filter) => store::count(&reads.db, &reads.visible, filter).await,
            Self::Children(key) => Ok(reads.load(key.clone()).await?.unwrap_or_default()),
        }
    }
}

connection!(LabConnection, LabNodeEdge, Lab, "labs", LabTotal);

/// Conditions on labs.
#[derive(Clone, Debug, Default, InputObject)]
pub struct LabWhere {
    /// Codes of owning agencies, any of which will do.
    pub agency: Option<Vec<String>>,
    /// Ids of institutions, any of which will do.
    pub institution: Option<Vec<ID>>,
    /// Natural key.
    pub code: Option<TextWhere>,
    /// Chinese name.
    pub name_zh: Option<TextWhere>,
    /// English name.
    pub name_en: Option<TextWhere>,
    /// Code of a division (GB/T 2260), with everything in it.
    pub region: Option<String>,
    /// Whether it takes part, any of which will do.
    pub standing: Option<Vec<Standing>>,
    /// Who may see it, any of which will do.
    pub visibility: Option<Vec<Visibility>>,
}

impl LabWhere {
    fn filter(self) -> Outcome<LabFilter> {
        let owners = |ids: Vec<ID>| ids.iter().map(|id| parse_id::<InstitutionId>(id, "where.institution")).collect();
        Ok(LabFilter {
            agency: agencies(self.agency),
            institution: self.institution.map(owners).transpose()?.map(any_of),
            code: self.code.map(Into::into),
            name_zh: self.name_zh.map(Into::into),
            name_en: self.name_en.map(Into::into),
            region: self.region,
            standing: words(self.standing),
            visibility: words(self.visibility),
        })
    }
}

/// What a list of labs was asked for with.
pub struct LabArgs {
    /// Conditions.
    pub filter: Option<Box<LabWhere>>,
    /// Order.
    pub order_by: Option<LabOrder>,
    /// Part.
    pub window: Window,
}

impl LabArgs {
    /// The labs of the whole register.
    ///
    /// # Errors
    /// `INVALID`, `UNAVAILABLE`.
    pub async fn of_register(self, ctx: &Context<'_>) -> Result<LabConnection> {
        let reads = reads(ctx)?;
        let filter = self.filter.unwrap_or_default().filter()?;
        let order = self.order_by.unwrap_or_default().into();
        let page = store::page(&reads.db, &reads.visible, &filter, order, &self.window).await?;
        Ok(LabConnection::new(page, |row| Lab { row }, LabTotal::All(filter)))
    }

    /// The labs of one institution.
    ///
    /// # Errors
    /// `INVALID`, `UNAVAILABLE`.
    pub async fn of_institution(self, ctx: &Context<'_>, institution: InstitutionId) -> Result<LabConnection> {
        let parent = institution.0;
        let filter = self.filter.unwrap_or_default().filter()?;
        let total = LabTotal::Children(LabCount { edge: LabEdge, parent, filter: Arc::new(filter.clone()) });
        let args = Arc::new(Args { filter, order: self.order_by.unwrap_or_default().into(), window: self.window });
        let page =
            reads(ctx)?.load(LabsOf { edge: LabEdge, parent, args }).await?.unwrap_or_else(|| Arc::new(Page::empty()));
        Ok(LabConnection::new(page, |row| Lab { row }, total))
    }
}

/// Asking for labs.
#[derive(Default)]
pub struct LabQuery;

#[Object]
impl LabQuery {
    /// Labs that you may see.
    #[graphql(directive = access::apply(policy::READ))]
    async fn labs(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<Box<LabWhere>>,
        #[graphql(desc = "The order of the rows.")] order_by: Option<LabOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<LabConnection> {
        apart(
            LabArgs { filter, order_by, window: Window::from_args(first, after.as_deref(), last, before.as_deref())? }
                .of_register(ctx),
        )
        .await
    }

    /// The lab of an agency's code.
    #[graphql(directive = access::apply(policy::READ))]
    async fn lab_by_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code of the agency.")] agency: String,
        #[graphql(desc = "Code of the lab.")] code: String,
    ) -> Result<Option<Lab>> {
        let reads = reads(ctx)?;
        let row = store::by_code(&reads.db, &reads.visible, &AgencyCode(fold_code(&agency)), &fold_code(&code)).await?;
        Ok(row.map(Lab::from))
    }
}
