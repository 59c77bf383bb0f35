//! Conditions on rows that the stores of several nouns share.

use chrono::NaiveDate;
use entity::{institution, lab};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Value,
    sea_query::{Expr, ExprTrait},
};

use crate::platform::{access::Visible, db::Dialect};

pub use crate::platform::db::{among, among_numbers, among_texts};

/// The revision or link that holds on a date: the half-open span `[from, to)` has it.
pub fn in_force<C: ColumnTrait>(from: C, to: C, on: NaiveDate) -> Condition {
    Condition::all().add(from.lte(on)).add(to.gt(on))
}

/// The lab in `column`, and the institution that runs it, may be seen.
pub fn lab_shown<C: ColumnTrait>(visible: &Visible, column: C) -> Condition {
    if *visible == Visible::All {
        return Condition::all();
    }
    let shown = lab::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(Expr::col((lab::Entity, lab::Column::Id)).equals(column.as_column_ref()))
        .filter(visible.rows(lab::Column::Agency, lab::Column::Visibility))
        .filter(institution_shown(visible, lab::Column::InstitutionId));
    Condition::all().add(Expr::exists(shown.into_query()))
}

/// The institution in `column` may be seen.
pub fn institution_shown<C: ColumnTrait>(visible: &Visible, column: C) -> Condition {
    if *visible == Visible::All {
        return Condition::all();
    }
    let shown = institution::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(Expr::col((institution::Entity, institution::Column::Id)).equals(column.as_column_ref()))
        .filter(visible.rows(institution::Column::Agency, institution::Column::Visibility));
    Condition::all().add(Expr::exists(shown.into_query()))
}

/// The record behind an old revision may still be seen: what its owner has hidden since is hidden with its past.
/// `end` is the column `effective_to` of a revised noun; its table has `id`, `revision`, `agency` and `visibility`.
pub fn last_shown<C: ColumnTrait>(dialect: Dialect, visible: &Visible, end: C) -> Condition {
    let (mark, rule, values) = match (visible, dialect) {
        (Visible::All, _) => return Condition::all(),
        (Visible::Public, _) => ("", "z.visibility = 'PUBLIC'", Vec::new()),
        (Visible::Partner(own), Dialect::Postgres) => {
            ("$1", "z.visibility IN ('PUBLIC', 'PARTNER') OR z.agency = ", vec![Value::from(own.as_str())])
        }
        (Visible::Partner(own), Dialect::Sqlite) => {
            ("?", "z.visibility IN ('PUBLIC', 'PARTNER') OR z.agency = ", vec![Value::from(own.as_str())])
        }
    };
    let table = format!("\"{}\"", end.entity_name());
    let sql = format!(
        "EXISTS (SELECT 1 FROM {table} z WHERE z.id = {table}.id AND ({rule}{mark}) \
         AND z.revision = (SELECT MAX(y.revision) FROM {table} y WHERE y.id = {table}.id))"
    );
    Condition::any().add(end.eq(entity::FOREVER)).add(Expr::cust_with_values(sql, values))
}
