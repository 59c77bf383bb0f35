//! Institutions in the schema.

mod mutation;

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use entity::{
    ids::{AgencyCode, InstitutionId},
    institution::Model,
};

use super::{
    model::{self, InstitutionFilter},
    policy, store,
    uscc::{Verdict, judge},
};
use crate::{
    connection,
    directory::{
        agency::graphql::Agency,
        certificate::{
            graphql::{CertificateArgs, CertificateConnection, CertificateOrder, CertificateWhere},
            model::CertificateEdge,
        },
        graphql::{Contact, Standing, Visibility, agencies, words},
        lab::graphql::{LabArgs, LabConnection, LabOrder, LabWhere},
        region::graphql::Region,
    },
    graphql::{
        access::access,
        context::{apart, as_of as asked_date, reads},
        filter::TextWhere,
        scalars::{Date, Instant, show_id},
    },
    platform::{fault::Outcome, lenient::fold_code, page::Window},
};

pub use mutation::InstitutionMutation;

/// The order of institutions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "model::InstitutionOrder")]
pub enum InstitutionOrder {
    /// By code.
    #[default]
    Code,
    /// By Chinese name.
    Name,
    /// The newest first.
    Recent,
}

/// A legal entity (机构) that runs labs and holds certificates.
#[derive(Clone)]
pub struct Institution {
    row: Arc<Model>,
}

/// A legal entity (机构) that runs labs and holds certificates.
#[Object]
impl Institution {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits; pass it as `version` when you edit.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// Natural key within the agency: the credit code, or a register number where there is none.
    async fn code(&self) -> &str {
        &self.row.code
    }

    /// Unified social credit code (GB 32100).
    async fn uscc(&self) -> Option<&str> {
        self.row.uscc.as_deref()
    }

    /// Whether the code's check character does not fit while its organisation code does, as with genuine codes of Fujian
    /// from before 2016: compare it with the licence.
    async fn uscc_doubtful(&self) -> bool {
        matches!(self.row.uscc.as_deref().map(judge), Some(Verdict::ValidWithWarning(_)))
    }

    /// Chinese name.
    async fn name_zh(&self) -> &str {
        &self.row.name_zh
    }

    /// English name.
    async fn name_en(&self) -> Option<&str> {
        self.row.name_en.as_deref()
    }

    /// Division of the seat.
    async fn region(&self) -> Option<Region> {
        Region::of(&self.row.region)
    }

    /// Street address of the seat.
    async fn address(&self) -> Option<&str> {
        self.row.address.as_deref()
    }

    /// How it is reached; null for callers who are not members of the pact.
    async fn contact(&self, ctx: &Context<'_>) -> Result<Option<Contact>> {
        let row = &self.row;
        Ok(reads(ctx)?.visible.is_partner().then(|| Contact {
            name: row.contact_name.clone(),
            phone: row.contact_phone.clone(),
            email: row.contact_email.clone(),
        }))
    }

    /// Who may see it.
    async fn visibility(&self) -> Visibility {
        self.row.visibility.into()
    }

    /// Whether it takes part.
    async fn standing(&self) -> Standing {
        self.row.standing.into()
    }

    /// Why it is suspended or retired.
    async fn standing_reason(&self) -> Option<&str> {
        self.row.standing_reason.as_deref()
    }

    /// When it entered the register.
    async fn created_at(&self) -> Instant {
        Instant(self.row.created_at)
    }

    /// When it was last edited.
    async fn updated_at(&self) -> Instant {
        Instant(self.row.updated_at)
    }

    /// The agency that owns the record.
    async fn agency(&self, ctx: &Context<'_>) -> Result<Option<Agency>> {
        Agency::find(ctx, self.row.agency.clone()).await
    }

    /// Its sites.
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
                .of_institution(ctx, self.row.id),
        )
        .await
    }

    /// Its certificates.
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
        let args = CertificateArgs {
            filter,
            order_by,
            window: Window::from_args(first, after.as_deref(), last, before.as_deref())?,
            on: asked_date(ctx, as_of)?,
        };
        apart(args.of_parent(ctx, CertificateEdge::Institution, self.row.id.0)).await
    }
}

impl Institution {
    /// The institution of that id.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: InstitutionId) -> Result<Option<Self>> {
        Ok(reads(ctx)?.load(id).await?.map(|row| Self { row }))
    }
}

impl From<Model> for Institution {
    fn from(row: Model) -> Self {
        Self { row: Arc::new(row) }
    }
}

/// Counts a list of institutions.
pub struct InstitutionTotal(InstitutionFilter);

impl InstitutionTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        let reads = reads(ctx)?;
        store::count(&reads.db, &reads.visible, &self.0).await
    }
}

connection!(InstitutionConnection, InstitutionEdge, Institution, "institutions", InstitutionTotal);

/// Conditions on institutions.
#[derive(Clone, Debug, Default, InputObject)]
pub struct InstitutionWhere {
    /// Codes of owning agencies, any of which will do.
    pub agency: Option<Vec<String>>,
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

impl From<InstitutionWhere> for InstitutionFilter {
    fn from(given: InstitutionWhere) -> Self {
        Self {
            agency: agencies(given.agency),
            code: given.code.map(Into::into),
            name_zh: given.name_zh.map(Into::into),
            name_en: given.name_en.map(Into::into),
            region: given.region,
            standing: words(given.standing),
            visibility: words(given.visibility),
        }
    }
}

/// Asking for institutions.
#[derive(Default)]
pub struct InstitutionQuery;

#[Object]
impl InstitutionQuery {
    /// Institutions that you may see.
    #[graphql(directive = access::apply(policy::READ))]
    async fn institutions(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<
            Box<InstitutionWhere>,
        >,
        #[graphql(desc = "The order of the rows.")] order_by: Option<InstitutionOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<InstitutionConnection> {
        let reads = reads(ctx)?;
        let filter = InstitutionFilter::from(*filter.unwrap_or_default());
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        let page =
            store::page(&reads.db, &reads.visible, &filter, order_by.unwrap_or_default().into(), &window).await?;
        Ok(InstitutionConnection::new(page, |row| Institution { row }, InstitutionTotal(filter)))
    }

    /// The institution of a unified social credit code, in any spelling.
    #[graphql(directive = access::apply(policy::READ))]
    async fn institution_by_uscc(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "18 characters (GB 32100).")] uscc: String,
    ) -> Result<Option<Institution>> {
        let reads = reads(ctx)?;
        let row = store::by_uscc(&reads.db, &reads.visible, &model::uscc_key(&uscc, "uscc")?).await?;
        Ok(row.map(Institution::from))
    }

    /// The institution of an agency's code.
    #[graphql(directive = access::apply(policy::READ))]
    async fn institution_by_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code of the agency.")] agency: String,
        #[graphql(desc = "Code of the institution.")] code: String,
    ) -> Result<Option<Institution>> {
        let reads = reads(ctx)?;
        let row = store::by_code(&reads.db, &reads.visible, &AgencyCode(fold_code(&agency)), &fold_code(&code)).await?;
        Ok(row.map(Institution::from))
    }
}
