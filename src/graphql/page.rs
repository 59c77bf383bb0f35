//! Relay connections over keyset pages.

use async_graphql::SimpleObject;

use crate::platform::page::Page;

/// Where a page stands in its list (GraphQL Cursor Connections Specification).
#[derive(Clone, Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether rows follow the last edge.
    pub has_next_page: bool,
    /// Whether rows precede the first edge.
    pub has_previous_page: bool,
    /// Cursor of the first edge.
    pub start_cursor: Option<String>,
    /// Cursor of the last edge.
    pub end_cursor: Option<String>,
}

impl<M> From<&Page<M>> for PageInfo {
    fn from(page: &Page<M>) -> Self {
        Self {
            has_next_page: page.has_next,
            has_previous_page: page.has_previous,
            start_cursor: page.cursor(0).map(|cursor| cursor.to_string()),
            end_cursor: page.end().map(|cursor| cursor.to_string()),
        }
    }
}

/// Declares a connection: its type, its edge, and how its total is counted.
///
/// `connection!(LabConnection, LabEdge, Lab, "labs", LabTotal)`: `LabTotal` is a type with
/// `async fn count(&self, ctx: &Context<'_>) -> Outcome<u64>`, asked only when `totalCount` is selected.
#[macro_export]
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ident, $what:literal, $total:ty) => {
        #[doc = concat!("A page of ", $what, ".")]
        pub struct $connection {
            nodes: Vec<$node>,
            /// What only the page of rows knows, whatever its rows are: the cursor at a place, and where the page stands.
            cursor: Box<dyn Fn(usize) -> Option<$crate::platform::page::Cursor> + Send + Sync>,
            info: Box<dyn Fn() -> $crate::graphql::page::PageInfo + Send + Sync>,
            total: $total,
        }

        impl $connection {
            /// A page of rows as a page of nodes.
            pub fn new<M: Send + Sync + 'static>(
                page: impl Into<std::sync::Arc<$crate::platform::page::Page<M>>>,
                node: impl Fn(std::sync::Arc<M>) -> $node,
                total: $total,
            ) -> Self {
                let page = page.into();
                let other = std::sync::Arc::clone(&page);
                Self {
                    nodes: page.rows.iter().map(|row| node(std::sync::Arc::clone(row))).collect(),
                    cursor: Box::new(move |at| page.cursor(at)),
                    info: Box::new(move || other.as_ref().into()),
                    total,
                }
            }
        }

        #[doc = concat!("A page of ", $what, ".")]
        #[async_graphql::Object]
        impl $connection {
            /// The rows, each with its cursor.
            async fn edges(&self) -> Vec<$edge> {
                let cursor = |at| (self.cursor)(at).map(|cursor| cursor.to_string()).unwrap_or_default();
                self.nodes
                    .iter()
                    .enumerate()
                    .map(|(at, node)| $edge { cursor: cursor(at), node: node.clone() })
                    .collect()
            }

            /// The rows without their cursors.
            async fn nodes(&self) -> Vec<$node> {
                self.nodes.clone()
            }

            /// Where this page stands in the list.
            async fn page_info(&self) -> $crate::graphql::page::PageInfo {
                (self.info)()
            }

            /// How many rows the whole list has. Counted only when asked for.
            async fn total_count(&self, ctx: &async_graphql::Context<'_>) -> async_graphql::Result<i32> {
                let count = $crate::graphql::context::apart(self.total.count(ctx)).await?;
                Ok(i32::try_from(count).unwrap_or(i32::MAX))
            }
        }

        #[doc = concat!("One of the ", $what, " with its place in the list.")]
        #[derive(async_graphql::SimpleObject)]
        pub struct $edge {
            /// Where it stands; pass it as `after` or `before`.
            cursor: String,
            /// The row itself.
            node: $node,
        }
    };
}
