//! Search over the real server.

mod coverage;
mod find;
mod free;
mod hostile;
mod kept;
mod live;
mod reading;
mod relevance;
mod saved;
mod suggest;
mod text;
mod whole;

use labpact::demo::{self, Size};
use serde_json::{Value, json};

use crate::support::world::{Client, World};

/// Fills a world with demonstration data and waits for the index.
async fn fill(world: &World, labs: u32, scope_lines: u64) {
    let size = Size { labs, scope_lines, seed: 1 };
    demo::fill(&world.db, size, world.clock.today(), &mut |_| {}).await.expect("filled");
    world.indexed().await;
}

const SCOPES: &str = "query ($text: String, $where: SearchWhere, $by: SearchOrder, $first: Int, $after: String) {
  scopeSearch(text: $text, where: $where, orderBy: $by, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      grade limited superseded score distanceKm available
      factors { name about way points }
      highlights { field pieces { text hit } }
      exclusions { reason from }
      scope { id field object parameter method standardKey standardYear limits lab { id nameZh region { code } agency { code } } }
    }
    understood { relaxed passedOver unknown words { text synonyms } standards { number known } }
    index { lag building }
  }
}";

/// Asks for lines.
async fn scopes(client: &Client, variables: Value) -> Value {
    client.data(SCOPES, variables).await["scopeSearch"].clone()
}

/// Asks for lines by text alone.
async fn by_text(client: &Client, text: &str) -> Value {
    scopes(client, json!({ "text": text })).await
}

fn nodes(found: &Value) -> &[Value] {
    found["nodes"].as_array().map_or(&[], Vec::as_slice)
}
