//! Signatories in the schema.

mod mutation;

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};
use entity::{
    ids::{LabId, SignatoryId},
    signatory::Model,
};

use super::{
    loader::{SignatoriesOf, SignatoryCount, SignatoryEdge},
    model::{SignatoryFilter, SignatoryOrder, authorised, fields_of},
};
use crate::{
    connection,
    directory::{
        agency::graphql::Agency,
        family::Args,
        graphql::{Standing, Visibility, words},
        lab::graphql::Lab,
    },
    graphql::{
        context::{accesses, as_of as asked_date, reads},
        scalars::{Date, Instant, show_id},
    },
    platform::{
        access_log::Access,
        fault::Outcome,
        page::{Page, Window},
    },
};

pub use mutation::SignatoryMutation;

/// A person who may sign reports of a site (授权签字人).
#[derive(Clone)]
pub struct Signatory {
    row: Arc<Model>,
}

/// A person who may sign reports of a site (授权签字人).
#[Object]
impl Signatory {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits; pass it as `version` when you edit.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// Natural key within the site; null for callers who are not members of the pact.
    async fn code(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        self.personal(ctx, &self.row.code)
    }

    /// Name; null for callers who are not members of the pact.
    async fn name(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        self.personal(ctx, &self.row.name)
    }

    /// Position.
    async fn title(&self) -> Option<&str> {
        self.row.title.as_deref()
    }

    /// Fields (类别) that the person may sign; empty means every field.
    async fn fields(&self) -> Vec<String> {
        fields_of(&self.row)
    }

    /// First date of the authorisation.
    async fn valid_from(&self) -> Date {
        Date(self.row.valid_from)
    }

    /// Last date of the authorisation; null where unlimited.
    async fn valid_to(&self) -> Option<Date> {
        self.row.valid_to.map(Date)
    }

    /// Whether the person may sign on the date, as far as dates and standing tell.
    async fn authorised(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The date that the question is about; today where not given.")] as_of: Option<Date>,
    ) -> Result<bool> {
        Ok(authorised(&self.row, asked_date(ctx, as_of)?))
    }

    /// Who may see it.
    async fn visibility(&self) -> Visibility {
        self.row.visibility.into()
    }

    /// Whether the person takes part.
    async fn standing(&self) -> Standing {
        self.row.standing.into()
    }

    /// Why the person is suspended or retired.
    async fn standing_reason(&self) -> Option<&str> {
        self.row.standing_reason.as_deref()
    }

    /// When the record entered the register.
    async fn created_at(&self) -> Instant {
        Instant(self.row.created_at)
    }

    /// The agency that owns the record.
    async fn agency(&self, ctx: &Context<'_>) -> Result<Option<Agency>> {
        Agency::find(ctx, self.row.agency.clone()).await
    }

    /// The site.
    async fn lab(&self, ctx: &Context<'_>) -> Result<Option<Lab>> {
        Lab::find(ctx, self.row.lab_id).await
    }
}

impl Signatory {
    /// What names the person: for members of the pact only, and who reads it of another agency is noted.
    fn personal<'s>(&'s self, ctx: &Context<'_>, text: &'s str) -> Result<Option<&'s str>> {
        let reads = reads(ctx)?;
        if !reads.visible.is_partner() {
            return Ok(None);
        }
        if !reads.caller.actor.acts_for(&self.row.agency) {
            let access =
                Access { what: "PERSONAL_DATA", object: self.row.id.to_string(), owner: Some(self.row.agency.clone()) };
            accesses(ctx)?.note(reads.db.clock(), &reads.caller, access);
        }
        Ok(Some(text))
    }

    /// The signatory of that id.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: SignatoryId) -> Result<Option<Self>> {
        Ok(reads(ctx)?.load(id).await?.map(|row| Self { row }))
    }
}

impl From<Model> for Signatory {
    fn from(row: Model) -> Self {
        Self { row: Arc::new(row) }
    }
}

/// Counts the signatories of one lab.
pub struct SignatoryTotal(SignatoryCount);

impl SignatoryTotal {
    async fn count(&self, ctx: &Context<'_>) -> Outcome<u64> {
        Ok(reads(ctx)?.load(self.0.clone()).await?.unwrap_or_default())
    }
}

connection!(SignatoryConnection, SignatoryNodeEdge, Signatory, "signatories", SignatoryTotal);

/// Conditions on signatories.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SignatoryWhere {
    /// May sign this field (类别).
    pub field: Option<String>,
    /// Whether they take part, any of which will do.
    pub standing: Option<Vec<Standing>>,
    /// Authorised on this date.
    pub authorised_on: Option<Date>,
}

impl SignatoryConnection {
    /// The signatories of one lab, by code.
    ///
    /// # Errors
    /// `INVALID`, `UNAVAILABLE`.
    pub async fn of_lab(ctx: &Context<'_>, lab: LabId, given: SignatoryWhere, window: Window) -> Result<Self> {
        let parent = lab.0;
        let filter = SignatoryFilter {
            field: given.field,
            standing: words(given.standing),
            authorised_on: given.authorised_on.map(|date| date.0),
        };
        let total = SignatoryTotal(SignatoryCount { edge: SignatoryEdge, parent, filter: Arc::new(filter.clone()) });
        let args = Arc::new(Args { filter, order: SignatoryOrder::default(), window });
        let page = reads(ctx)?.load(SignatoriesOf { edge: SignatoryEdge, parent, args }).await?;
        let page = page.unwrap_or_else(|| Arc::new(Page::empty()));
        Ok(Self::new(page, |row| Signatory { row }, total))
    }
}
