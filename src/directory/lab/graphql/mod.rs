//! Labs in the schema.

mod list;
mod mutation;

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use entity::{ids::LabId, lab::Model};

use super::model;
use crate::{
    capacity::offering::graphql::{OfferingArgs, OfferingConnection, OfferingOrder, OfferingWhere},
    directory::{
        agency::graphql::Agency,
        certificate::{
            graphql::{CertificateArgs, CertificateConnection, CertificateOrder, CertificateWhere},
            model::CertificateEdge,
        },
        equipment::{
            graphql::{EquipmentArgs, EquipmentConnection, EquipmentOrder, EquipmentWhere},
            model::EquipmentEdge,
        },
        graphql::{Contact, Standing, Visibility},
        institution::graphql::Institution,
        person::graphql::{SignatoryConnection, SignatoryWhere},
        region::graphql::Region,
        scope::{
            graphql::{LineArgs, ScopeConnection, ScopeOrder, ScopeWhere},
            model::LineEdge,
        },
    },
    graphql::{
        context::{apart, as_of as asked_date, reads},
        scalars::{Date, Instant, show_id},
    },
    platform::page::Window,
};

pub use list::{LabArgs, LabConnection, LabQuery, LabWhere};
pub use mutation::LabMutation;

/// The order of labs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "model::LabOrder")]
pub enum LabOrder {
    /// By code.
    #[default]
    Code,
    /// By Chinese name.
    Name,
    /// The newest first.
    Recent,
}

/// A point on the earth.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct Point {
    /// Degrees east, WGS 84.
    pub longitude: f64,
    /// Degrees north, WGS 84.
    pub latitude: f64,
}

/// A site of an institution where tests are done (检验检测场所).
#[derive(Clone)]
pub struct Lab {
    row: Arc<Model>,
}

/// A site of an institution where tests are done (检验检测场所).
#[Object]
impl Lab {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits; pass it as `version` when you edit.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// Natural key within the agency.
    async fn code(&self) -> &str {
        &self.row.code
    }

    /// Chinese name.
    async fn name_zh(&self) -> &str {
        &self.row.name_zh
    }

    /// English name.
    async fn name_en(&self) -> Option<&str> {
        self.row.name_en.as_deref()
    }

    /// Division of the site.
    async fn region(&self) -> Option<Region> {
        Region::of(&self.row.region)
    }

    /// Street address.
    async fn address(&self) -> Option<&str> {
        self.row.address.as_deref()
    }

    /// Where it stands.
    async fn point(&self) -> Option<Point> {
        self.row.longitude.zip(self.row.latitude).map(|(longitude, latitude)| Point { longitude, latitude })
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

    /// The legal entity that runs it.
    async fn institution(&self, ctx: &Context<'_>) -> Result<Option<Institution>> {
        Institution::find(ctx, self.row.institution_id).await
    }

    /// The certificates that cover it on the date.
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
        apart(args.of_parent(ctx, CertificateEdge::Lab, self.row.id.0)).await
    }

    /// Its scope lines in force on the date.
    async fn scopes(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<Box<ScopeWhere>>,
        #[graphql(desc = "The order of the rows.")] order_by: Option<ScopeOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "The date that the question is about; today where not given.")] as_of: Option<Date>,
    ) -> Result<ScopeConnection> {
        let args = LineArgs {
            filter,
            order_by,
            window: Window::from_args(first, after.as_deref(), last, before.as_deref())?,
            on: asked_date(ctx, as_of)?,
        };
        apart(args.of_parent(ctx, LineEdge::Lab, self.row.id.0)).await
    }

    /// Its equipment on the date.
    async fn equipment(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<
            Box<EquipmentWhere>,
        >,
        #[graphql(desc = "The order of the rows.")] order_by: Option<EquipmentOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
        #[graphql(desc = "The date that the question is about; today where not given.")] as_of: Option<Date>,
    ) -> Result<EquipmentConnection> {
        let args = EquipmentArgs {
            filter,
            order_by,
            window: Window::from_args(first, after.as_deref(), last, before.as_deref())?,
            on: asked_date(ctx, as_of)?,
        };
        apart(args.of_parent(ctx, EquipmentEdge::Lab, self.row.id.0)).await
    }

    /// What it opens to others.
    async fn offerings(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<
            Box<OfferingWhere>,
        >,
        #[graphql(desc = "The order of the rows.")] order_by: Option<OfferingOrder>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<OfferingConnection> {
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        apart(OfferingArgs { filter, order_by, window }.of_lab(ctx, self.row.id)).await
    }

    /// Its authorised signatories.
    async fn signatories(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<SignatoryWhere>,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<SignatoryConnection> {
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        apart(SignatoryConnection::of_lab(ctx, self.row.id, filter.unwrap_or_default(), window)).await
    }
}

impl Lab {
    /// The lab of that id.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: LabId) -> Result<Option<Self>> {
        Ok(reads(ctx)?.load(id).await?.map(|row| Self { row }))
    }
}

impl From<Model> for Lab {
    fn from(row: Model) -> Self {
        Self { row: Arc::new(row) }
    }
}
