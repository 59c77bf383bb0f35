//! Writing the data: whole institutions in transactions of a bounded size, the last institution first.
//!
//! That order makes the rows themselves the record of how far a fill has come. The first institution is written last,
//! so where it is there, everything is; where only others are, the fill was ended half-way and goes on below the least
//! of them, if it is of the same size and seed. Nothing else is kept, so nothing can disagree with the rows.

use std::collections::HashSet;

use chrono::NaiveDate;
use entity::{Record, ids::InstitutionId, institution, saved_search, standard};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{
    ids::{Kind, range, read},
    part::Part,
    plan::{Plan, Size},
    search as searches, standard as standards,
};
use crate::platform::{
    access::{Action, Actor, Caller, permit},
    db::{Db, Tx},
    fault::{Fault, Outcome},
};

/// Writing demonstration data.
pub const FILL: Action = Action::new("demo.fill", "coordinator");

/// A transaction ends with the institution that brings it to so many lines.
const LINES_A_TURN: u64 = 20_000;
/// Or to so many institutions.
const INSTITUTIONS_A_TURN: u64 = 500;

/// How far a fill has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Institutions in the database.
    pub institutions: u64,
    /// Institutions that there will be.
    pub of_institutions: u64,
    /// Lines of annexes in the database, the revisions of one line counted once.
    pub scope_lines: u64,
    /// Lines that there will be.
    pub of_scope_lines: u64,
}

/// What a fill has written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Whether the database had been filled before, so that nothing was written.
    pub already: bool,
    /// Institutions.
    pub institutions: u64,
    /// Labs.
    pub labs: u64,
    /// Lines of annexes, the revisions of one line counted once.
    pub scope_lines: u64,
    /// Rows of all kinds.
    pub rows: u64,
}

/// Fills a database that has the agencies; one that was filled before, in whatever size, is left as it is.
///
/// `today` is the date that the data is made for; `progress` hears of every committed transaction.
///
/// # Errors
/// `INVALID` for a size out of its limits, `DEMO_HALF_FILLED` where a fill of another size or seed was ended half-way,
/// those of the database. What was committed before an error stays, and the next fill goes on from there.
pub async fn fill(
    db: &Db,
    size: Size,
    today: NaiveDate,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Outcome<Filled> {
    let plan = Plan::new(size, today)?;
    let mut next = match least(db).await? {
        None => plan.institutions(),
        Some((_, 0)) => return Ok(Filled { already: true, ..Filled::default() }),
        Some((mark, place)) if mark == plan.mark() => place,
        Some(_) => return Err(half_filled()),
    };
    let caller = Caller::new(Actor::system(None, "demo"), "demo");
    let permit = permit(&caller, FILL)?;
    db.write(&permit, async |tx: &mut Tx| {
        load_standards(tx, &plan).await?;
        load_searches(tx, &plan).await
    })
    .await?;
    let mut filled = Filled::default();
    while next > 0 {
        let from = next;
        let (to, written) = db.write(&permit, async |tx: &mut Tx| turn(tx, &plan, from).await).await?;
        next = to;
        filled = filled.and(written);
        progress(reached(&plan, next));
    }
    Ok(filled)
}

/// Mark and place of the demonstration institution with the least place.
async fn least(db: &Db) -> Outcome<Option<(u64, u64)>> {
    let (first, last) = range(Kind::Institution);
    let select = institution::Entity::find()
        .filter(institution::Column::Id.between(InstitutionId(first), InstitutionId(last)))
        .order_by_asc(institution::Column::Id);
    Ok(db.one(select).await?.map(|row| read(row.id.0)))
}

fn half_filled() -> Fault {
    Fault::rule(
        "DEMO_HALF_FILLED",
        "This database holds a part of demonstration data of another size or seed; start over with --reset, or ask for the same size again.",
        json!({}),
    )
}

/// What is in the database when the institutions from `next` on are.
fn reached(plan: &Plan, next: u64) -> Progress {
    let (lab, _) = plan.labs_of(next);
    let (lines, _) = plan.lines_of(lab);
    Progress {
        institutions: plan.institutions() - next,
        of_institutions: plan.institutions(),
        scope_lines: plan.size().scope_lines - lines,
        of_scope_lines: plan.size().scope_lines,
    }
}

/// The standards that are not there yet.
async fn load_standards(tx: &mut Tx, plan: &Plan) -> Outcome<()> {
    let rows = standards::all(plan)?;
    let numbers = rows.iter().map(|row| row.number.clone());
    let known = tx.all(standard::Entity::find().filter(standard::Column::Number.is_in(numbers))).await?;
    let known: HashSet<String> = known.into_iter().map(|row| row.number).collect();
    let fresh = rows.into_iter().filter(|row| !known.contains(&row.number)).collect();
    tx.load::<standard::Model>(fresh, "demo").await
}

/// The saved searches whose names are not there yet.
async fn load_searches(tx: &mut Tx, plan: &Plan) -> Outcome<()> {
    let rows = searches::all(plan);
    let names = rows.iter().map(|row| row.name_key.clone());
    let known = tx.all(saved_search::Entity::find().filter(saved_search::Column::NameKey.is_in(names))).await?;
    let known: HashSet<_> = known.into_iter().map(|row| (row.agency, row.name_key)).collect();
    let fresh = rows.into_iter().filter(|row| !known.contains(&(row.agency.clone(), row.name_key.clone()))).collect();
    tx.load::<saved_search::Model>(fresh, "demo").await
}

/// Writes institutions below `next` until the transaction is full; answers the least that was written.
async fn turn(tx: &mut Tx, plan: &Plan, next: u64) -> Outcome<(u64, Filled)> {
    let (mut at, mut written) = (next, Filled::default());
    while at > 0 && written.scope_lines < LINES_A_TURN && written.institutions < INSTITUTIONS_A_TURN {
        at -= 1;
        written = written.and(load(tx, plan.part(at)).await?);
    }
    Ok((at, written))
}

/// Writes one institution. The log lists all its rows under it.
async fn load(tx: &mut Tx, part: Part) -> Outcome<Filled> {
    let whole = part.institution.key();
    let revisions = part.lines.iter().filter(|line| line.revision == 1).count();
    let mut done =
        Filled { institutions: 1, labs: part.labs.len() as u64, scope_lines: revisions as u64, ..Filled::default() };
    let mut writing = Writing { tx, whole: &whole, rows: 0 };
    writing.rows(vec![part.institution]).await?;
    writing.rows(part.labs).await?;
    writing.rows(part.certificates).await?;
    writing.rows(part.covers).await?;
    writing.rows(part.editions).await?;
    writing.rows(part.lines).await?;
    writing.rows(part.equipment).await?;
    writing.rows(part.calibrations).await?;
    writing.rows(part.needs).await?;
    writing.rows(part.signatories).await?;
    writing.rows(part.authorisations).await?;
    writing.rows(part.offerings).await?;
    writing.rows(part.offered_lines).await?;
    writing.rows(part.offered_equipment).await?;
    writing.rows(part.calendars).await?;
    done.rows = writing.rows;
    Ok(done)
}

struct Writing<'a> {
    tx: &'a mut Tx,
    whole: &'a str,
    rows: u64,
}

impl Writing<'_> {
    async fn rows<M: Record>(&mut self, rows: Vec<M>) -> Outcome<()> {
        self.rows += rows.len() as u64;
        self.tx.load(rows, self.whole).await
    }
}

impl Filled {
    fn and(self, more: Self) -> Self {
        Self {
            already: self.already || more.already,
            institutions: self.institutions + more.institutions,
            labs: self.labs + more.labs,
            scope_lines: self.scope_lines + more.scope_lines,
            rows: self.rows + more.rows,
        }
    }
}
