//! The yardstick of the same driver: a handler that makes the register's statements and writes the same JSON, without
//! a schema, a query language, tokens or limits.

use std::net::SocketAddr;

use axum::{Json, Router, extract::State, routing::get};
use entity::standard;
use labpact::{
    directory::{
        family::Args,
        lab::{
            model::{LabFilter, LabOrder},
            store as labs,
        },
        scope::{
            model::{LineEdge, LineFilter, LineOrder},
            store as lines,
        },
        standard::{model as standards, store as standard_rows},
    },
    platform::{access::Visible, db::Db, fault::Outcome, page::Window},
};
use serde::Serialize;
use tokio::net::TcpListener;

#[derive(Serialize)]
struct Data<T> {
    data: T,
}

#[derive(Serialize)]
struct Root {
    labs: Nodes<Lab>,
}

#[derive(Serialize)]
struct Nodes<T> {
    nodes: Vec<T>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Lab {
    id: String,
    name_zh: String,
    scopes: Nodes<Line>,
}

#[derive(Serialize)]
struct Line {
    serial: String,
    parameter: String,
    method: String,
    standard: Option<Standard>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Standard {
    number: String,
    title_zh: String,
}

/// Serves it on a free port for as long as the process lives.
///
/// # Panics
/// Where there is no free port.
pub async fn serve(db: Db) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let router = Router::new().route("/labs", get(answer)).with_state(db);
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn answer(State(db): State<Db>) -> Json<Data<Root>> {
    Json(Data { data: read(&db).await.expect("the database answers") })
}

async fn read(db: &Db) -> Outcome<Root> {
    let visible = Visible::Partner("GD".into());
    let found = labs::page(db, &visible, &LabFilter::default(), LabOrder::Code, &Window::first(20)).await?;
    let ids: Vec<_> = found.rows.iter().map(|lab| lab.id.0).collect();
    let args = Args { filter: LineFilter::on(db.clock().today()), order: LineOrder::Serial, window: Window::first(5) };
    let mut families = lines::children(db, &visible, LineEdge::Lab, &ids, &args).await?;

    let mut keys: Vec<String> = Vec::new();
    keys.extend(families.values().flat_map(|page| &page.rows).filter_map(|line| line.standard_key.clone()));
    keys.sort_unstable();
    keys.dedup();
    let mut editions = std::collections::HashMap::<String, Vec<standard::Model>>::new();
    for row in standard_rows::by_keys(db, keys).await? {
        editions.entry(row.key.clone()).or_default().push(row);
    }
    let editions: std::collections::HashMap<_, _> =
        editions.into_iter().map(|(key, rows)| (key, standards::editions(rows))).collect();

    let nodes = found.rows.into_iter().map(|lab| {
        let rows = families.remove(&lab.id.0).map(|page| page.rows).unwrap_or_default();
        let nodes = rows.into_iter().map(|(_, line)| Line {
            standard: line.standard_key.and_then(|key| {
                let row = standards::cited(editions.get(&key)?, line.standard_year)?;
                Some(Standard { number: row.number.clone(), title_zh: row.title_zh.clone() })
            }),
            serial: line.serial,
            parameter: line.parameter,
            method: line.method,
        });
        Lab { id: lab.id.to_string(), name_zh: lab.name_zh, scopes: Nodes { nodes: nodes.collect() } }
    });
    Ok(Root { labs: Nodes { nodes: nodes.collect() } })
}
