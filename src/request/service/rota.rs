//! Who could be asked for what a request needs: by search and availability, the load of each, and what was placed before.

use std::{collections::HashMap, sync::Arc};

use chrono::{Days, TimeDelta};
use entity::{
    enums::{OfferingKind, Placement, RequestStatus},
    ids::{LabId, OfferingId, RequestId},
    request, request_item,
};
use uuid::Uuid;

use crate::{
    capacity::{
        availability::model::{LONGEST_WINDOW, Window},
        offering::{
            self as offerings,
            model::{fields_of, open_on, sees},
        },
    },
    directory::{agency::members, region::divisions::division_of, scope},
    platform::{access::Visible, command::Command, db::Db, fault::Outcome},
    request::{
        model::rota::{Fit, Match, Ranked, Standing, ranked},
        policy::Party,
        store,
    },
    search::{
        find::{
            Span,
            grade::Grade,
            question::{Near, Question, Wanted},
        },
        service::{Finder, Row},
    },
};

/// Lines that are looked at for each item.
const LINES: usize = 200;
/// Most providers of a rota.
const MOST: usize = 20;
/// For how many days what was placed counts for the balance, and for how many a recusal keeps a provider out.
const LATELY_DAYS: i64 = 90;

/// The providers of a request that is placed by rota, as it was read.
pub(super) struct Rota {
    /// The version of the request that was read.
    pub(super) version: i32,
    /// The providers, the best first.
    pub(super) ranked: Vec<Ranked>,
}

/// Ranks the providers of a draft that is placed by rota; none for any other request.
pub(super) async fn of_request(cmd: &Command<'_>, finder: &Finder, id: RequestId) -> Outcome<Option<Rota>> {
    let party = Party::of(&cmd.caller.actor);
    let Some(row) = store::requests(cmd.db, &party, &[id.0]).await?.into_iter().next() else { return Ok(None) };
    if row.placement != Placement::Rota || row.status != RequestStatus::Draft || !party.is(&row.agency) {
        return Ok(None);
    }
    let items = store::items_of_requests(cmd.db, &[id.0]).await?;
    let mut takers: HashMap<OfferingId, Taker> = HashMap::new();
    for (place, item) in items.iter().enumerate() {
        let rows = lines(cmd.db, finder, &row, item).await?;
        take(cmd.db, (&row, item, place), rows, &mut takers).await?;
    }
    let standings = standings(cmd.db, &row, takers).await?;
    let mut ranked = ranked(&standings, items.len());
    ranked.truncate(MOST);
    Ok(Some(Rota { version: row.version, ranked }))
}

/// The lines that answer an item and are available until it is needed, the best first.
async fn lines(db: &Db, finder: &Finder, row: &request::Model, item: &request_item::Model) -> Outcome<Vec<Row>> {
    let today = db.clock().today();
    let longest = today.checked_add_days(Days::new(LONGEST_WINDOW.unsigned_abs() - 1)).unwrap_or(today);
    let window = Window { first: today, last: row.need_by.min(longest).max(today) };
    let home = members::member(row.agency.as_str()).and_then(|member| division_of(member.region));
    let question = Question {
        standards: item.method.iter().cloned().collect(),
        parameter: Some(item.parameter.clone()),
        object: Some(item.object.clone()),
        near: home.map(|home| Near { point: home.point, within_km: None }),
        available: Some(Wanted { window, quantity: u32::try_from(item.quantity).ok(), could_if: false }),
        ..Question::on(Visible::Partner(row.agency.clone()), today)
    };
    let span = Span { limit: LINES, ..Span::default() };
    Ok(finder.lines(question, span, false).await?.rows)
}

/// What is known of somebody who takes items.
struct Taker {
    row: offerings::store::WithLists,
    fits: Vec<Fit>,
    km: Option<f64>,
}

/// Finds what is offered for the lines that answer an item.
async fn take(
    db: &Db,
    (row, item, place): (&request::Model, &request_item::Model, usize),
    rows: Vec<Row>,
    takers: &mut HashMap<OfferingId, Taker>,
) -> Outcome<()> {
    let visible = Visible::Partner(row.agency.clone());
    let ids: Vec<Uuid> = rows.iter().map(|line| line.id).collect();
    let known = scope::store::by_ids(db, &visible, &ids, db.clock().today()).await?;
    let known: HashMap<Uuid, _> = known.into_iter().map(|line| (line.id.0, line)).collect();
    let labs: Vec<LabId> = known.values().map(|line| line.lab_id).collect();
    let offered = Arc::new(offerings::store::of_labs(db, &labs).await?);
    for line in &rows {
        let Some(of) = known.get(&line.id) else { continue };
        let fit = Fit { item: place, how: how(line.explained.grade), limited: line.explained.limited };
        for one in offered.iter().filter(|one| one.row.lab_id == Some(of.lab_id)) {
            let fields = fields_of(&one.row);
            let covers = match (fields.is_empty(), one.lines.is_empty()) {
                (true, true) => true,
                (false, _) => fields.contains(&of.field),
                (true, false) => one.lines.contains(&of.id),
            };
            let takes = one.row.quantity_min.is_none_or(|least| least <= item.quantity)
                && one.row.quantity_max.is_none_or(|most| item.quantity <= most);
            let open = one.row.kind == OfferingKind::Testing && open_on(&one.row, db.clock().today());
            if !(covers && takes && open && sees(&one.row, &visible)) {
                continue;
            }
            let km = line.explained.metres.map(|metres| f64::from(metres) / 1_000.0);
            let taker = takers.entry(one.row.id).or_insert_with(|| Taker { row: one.clone(), fits: Vec::new(), km });
            match taker.fits.iter_mut().find(|known| known.item == place) {
                Some(known) if (known.how, !known.limited) < (fit.how, !fit.limited) => *known = fit,
                Some(_) => {}
                None => taker.fits.push(fit),
            }
        }
    }
    Ok(())
}

fn how(grade: Option<Grade>) -> Match {
    match grade {
        None | Some(Grade::Exact) => Match::Exact,
        Some(Grade::OtherEdition) => Match::OtherEdition,
        Some(Grade::Undated) => Match::Undated,
        Some(Grade::SameParameter) => Match::SameParameter,
    }
}

/// With what lies on each one's desk, and without those that have recused themselves from this requester lately.
async fn standings(db: &Db, row: &request::Model, takers: HashMap<OfferingId, Taker>) -> Outcome<Vec<Standing>> {
    let ids: Vec<OfferingId> = takers.keys().copied().collect();
    let since = db.clock().now() - TimeDelta::days(LATELY_DAYS);
    let load = store::load(db, &ids).await?;
    let lately = store::placed_since(db, &row.agency, since).await?;
    let recused = store::recused_since(db, &row.agency, since).await?;
    let mut found: Vec<Standing> = takers
        .into_values()
        .filter(|taker| !recused.contains(&taker.row.row.id))
        .map(|taker| Standing {
            offering: taker.row.row.id,
            fits: taker.fits,
            km: taker.km,
            days: taker.row.row.turnaround_days.map(|days| days + taker.row.row.lead_days),
            load: load.get(&taker.row.row.id).copied().unwrap_or(0),
            lately: lately.get(&taker.row.row.agency).copied().unwrap_or(0),
        })
        .collect();
    found.sort_by_key(|one| one.offering);
    Ok(found)
}
