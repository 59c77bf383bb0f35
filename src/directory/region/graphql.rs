//! Divisions in the schema.

use async_graphql::{Context, Enum, ID, Object, Result};
use entity::ids::RegionCode;

use super::{
    divisions::{self, Division, division_of, divisions, successor},
    policy,
};
use crate::{
    directory::lab::graphql::{LabArgs, LabConnection, LabOrder, LabWhere, Point},
    graphql::context::apart,
    graphql::{access::access, scalars::show_id},
    platform::{lenient::fold_code, page::Window},
};

/// The tier of a division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "divisions::Level")]
pub enum RegionLevel {
    /// 省, 自治区.
    Province,
    /// 地级市.
    City,
    /// 县, 县级市, 区; also those directly under a province.
    County,
}

/// A division of a member's province (GB/T 2260).
#[derive(Clone, Copy)]
pub struct Region {
    row: &'static Division,
}

/// A division of a member's province (GB/T 2260).
#[Object]
impl Region {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(RegionCode::from(self.row.code))
    }

    /// Six digits.
    async fn code(&self) -> &str {
        self.row.code
    }

    /// Chinese name.
    async fn name(&self) -> &str {
        self.row.name
    }

    /// Tier.
    async fn level(&self) -> RegionLevel {
        self.row.level.into()
    }

    /// A point within it.
    async fn point(&self) -> Point {
        Point { longitude: self.row.point.longitude, latitude: self.row.point.latitude }
    }

    /// The division above; null for a province.
    async fn parent(&self) -> Option<Region> {
        self.row.parent.and_then(Self::of_code)
    }

    /// The divisions directly below, by code.
    async fn children(&self) -> Vec<Region> {
        divisions().iter().filter(|each| each.parent == Some(self.row.code)).map(|row| Self { row }).collect()
    }

    /// Labs in it and in everything below it.
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
        let within = LabWhere { region: Some(self.row.code.to_owned()), ..*filter.unwrap_or_default() };
        apart(
            LabArgs {
                filter: Some(Box::new(within)),
                order_by,
                window: Window::from_args(first, after.as_deref(), last, before.as_deref())?,
            }
            .of_register(ctx),
        )
        .await
    }
}

impl Region {
    /// The division of a stored code.
    pub fn of(code: &RegionCode) -> Option<Self> {
        Self::of_code(code.as_str())
    }

    fn of_code(code: &str) -> Option<Self> {
        division_of(code).map(|row| Self { row })
    }
}

/// Asking for divisions.
#[derive(Default)]
pub struct RegionQuery;

#[Object]
impl RegionQuery {
    /// Divisions by code: the provinces, or those directly below one, or all whose name has a text in it.
    #[graphql(directive = access::apply(policy::READ))]
    async fn regions(
        &self,
        #[graphql(desc = "Code of the division above; the provinces where not given.")] parent: Option<String>,
        #[graphql(desc = "Text in the name; then of every tier.")] name: Option<String>,
    ) -> Vec<Region> {
        let asked = |row: &&Division| match (&parent, &name) {
            (None, None) => row.parent.is_none(),
            (parent, name) => {
                parent.as_deref().is_none_or(|parent| row.parent == Some(parent))
                    && name.as_deref().is_none_or(|name| row.name.contains(name))
            }
        };
        divisions().iter().filter(asked).map(|row| Region { row }).collect()
    }

    /// The division of a code; a code that is no longer in use leads to the one that took its place.
    #[graphql(directive = access::apply(policy::READ))]
    async fn region_by_code(
        &self,
        #[graphql(desc = "Six digits, of today or of former times.")] code: String,
    ) -> Option<Region> {
        let code = fold_code(&code);
        Region::of_code(&code).or_else(|| successor(&code).and_then(|now| Region::of_code(now.new_code)))
    }
}
