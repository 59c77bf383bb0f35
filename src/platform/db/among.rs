//! Conditions on a column with one of many values, in statements whose text does not depend on how many there are: so the
//! cache of prepared statements holds.

use sea_orm::{
    ColumnTrait, Value,
    sea_query::{ArrayType, Expr},
};
use uuid::Uuid;

use super::Dialect;

/// The column has one of these ids. The text of the statement does not depend on how many there are.
pub fn among<C: ColumnTrait>(dialect: Dialect, column: C, ids: impl IntoIterator<Item = Uuid>) -> Expr {
    let name = name(column);
    match dialect {
        Dialect::Postgres => Expr::cust_with_values(format!("{name} = ANY($1)"), [dialect.keys(ids)]),
        Dialect::Sqlite => {
            Expr::cust_with_values(format!("{name} IN (SELECT unhex(value) FROM json_each(?))"), [dialect.keys(ids)])
        }
    }
}

/// The column has one of these texts; otherwise as [`among`].
pub fn among_texts<C: ColumnTrait>(dialect: Dialect, column: C, texts: Vec<String>) -> Expr {
    let name = name(column);
    match dialect {
        Dialect::Postgres => {
            let listed = texts.into_iter().map(Value::from).collect();
            let array = Value::Array(ArrayType::String, Some(Box::new(listed)));
            Expr::cust_with_values(format!("{name} = ANY($1)"), [array])
        }
        Dialect::Sqlite => {
            let listed = serde_json::Value::from(texts).to_string();
            Expr::cust_with_values(format!("{name} IN (SELECT value FROM json_each(?))"), [Value::from(listed)])
        }
    }
}

/// `column` is one of these numbers.
pub fn among_numbers<C: ColumnTrait>(dialect: Dialect, column: C, numbers: Vec<i32>) -> Expr {
    let name = name(column);
    match dialect {
        Dialect::Postgres => {
            let listed = numbers.into_iter().map(Value::from).collect();
            let array = Value::Array(ArrayType::Int, Some(Box::new(listed)));
            Expr::cust_with_values(format!("{name} = ANY($1)"), [array])
        }
        Dialect::Sqlite => {
            let listed = serde_json::Value::from(numbers).to_string();
            Expr::cust_with_values(format!("{name} IN (SELECT value FROM json_each(?))"), [Value::from(listed)])
        }
    }
}

/// The column as it is written out in a statement.
fn name<C: ColumnTrait>(column: C) -> String {
    format!("\"{}\".\"{}\"", column.entity_name(), column.as_str())
}
