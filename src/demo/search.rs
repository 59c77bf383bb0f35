//! A few searches that agencies keep, one of each kind.

use entity::{
    enums::{SavedSearchKind, SearchOrder},
    ids::SavedSearchId,
    saved_search::Model,
};
use serde_json::{Value, json};

use super::{ids::Kind, institution::entered, naming::MARK_ZH, plan::Plan};
use crate::platform::lenient::fold;

/// A search before it has an agency.
struct Draft {
    name: &'static str,
    kind: SavedSearchKind,
    text: Option<&'static str>,
    filter: Value,
    order: SearchOrder,
    notify: bool,
}

fn drafts() -> [(&'static str, Draft); 3] {
    let melamine = Draft {
        name: "婴幼儿配方食品中的三聚氰胺",
        kind: SavedSearchKind::Scope,
        text: Some("三聚氰胺 婴幼儿配方食品"),
        filter: json!({ "standard": ["GB/T 22388-2008"], "anyStanding": false }),
        order: SearchOrder::Relevance,
        notify: true,
    };
    let lead = Draft {
        name: "离广州最近的铅检测",
        kind: SavedSearchKind::Lab,
        text: None,
        filter: json!({ "standard": ["GB 5009.12"], "near": { "region": "440100" }, "anyStanding": false }),
        order: SearchOrder::Distance,
        notify: false,
    };
    let instrument = Draft {
        name: "山东的液相色谱串联质谱仪",
        kind: SavedSearchKind::Equipment,
        text: Some("液相色谱串联质谱仪"),
        filter: json!({ "region": ["370000"], "anyStanding": false }),
        order: SearchOrder::Relevance,
        notify: true,
    };
    [("GD", melamine), ("GD", lead), ("SD", instrument)]
}

/// Every saved search.
pub fn all(plan: &Plan) -> Vec<Model> {
    let at = entered(plan.today() - chrono::TimeDelta::days(7), plan);
    let row = |(place, (agency, draft)): (u64, (&str, Draft))| {
        let name = format!("{}{MARK_ZH}", draft.name);
        Model {
            id: SavedSearchId(plan.ids(0).id(Kind::SavedSearch, place)),
            agency: agency.into(),
            name_key: fold(&name),
            name,
            kind: draft.kind,
            text: draft.text.map(str::to_owned),
            filter: Some(draft.filter),
            order_by: draft.order,
            notify: draft.notify,
            remarks: None,
            created_by: "demo".to_owned(),
            version: 1,
            created_at: at,
            updated_at: at,
        }
    };
    (0..).zip(drafts()).map(row).collect()
}
