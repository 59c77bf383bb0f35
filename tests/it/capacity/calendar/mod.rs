//! Calendars as their owners edit them, and capacity as others see it, over HTTP.

mod closing;
mod rules;
mod seen;
mod set;

use serde_json::{Value, json};

use crate::support::world::{Answer, Client};

/// Sends `capacityCalendarSet`.
pub(super) async fn set(client: &Client, offering: &str, input: Value, more: &str) -> Answer {
    let query = format!(
        "mutation($o: ID!, $i: CapacityCalendarInput!) {{ capacityCalendarSet(offering: $o, input: $i {more}) {{
            dryRun changed {{ offering day before after taken }} offering {{ calendar {{ version }} }} }} }}"
    );
    client.send(&query, json!({ "o": offering, "i": input })).await
}

/// Ten units on each working day.
pub(super) fn ten() -> Value {
    json!({ "unitsByWeekday": [10, 10, 10, 10, 10, 0, 0] })
}

/// As [`set`], which must succeed.
pub(super) async fn stated(client: &Client, offering: &str, input: Value) -> Value {
    let answer = set(client, offering, input, "").await;
    assert!(answer.body.get("errors").is_none(), "{:#}", answer.body);
    answer.body["data"]["capacityCalendarSet"].clone()
}

/// Days of an offering as somebody sees them: day, total, held, booked, free, closed.
pub(super) async fn days(client: &Client, offering: &str, from: &str, to: &str) -> Value {
    let query = "query($o: ID!, $f: Date!, $t: Date!) { capacity(offering: $o, from: $f, to: $t) {
        days { day total held booked free closed } } }";
    let data = client.data(query, json!({ "o": offering, "f": from, "t": to })).await;
    let rows = data["capacity"]["days"].as_array().expect("days").iter();
    let row = |row: &Value| json!([row["day"], row["total"], row["held"], row["booked"], row["free"], row["closed"]]);
    rows.map(row).collect()
}

/// Sends a mutation without variables and takes what is under `name`; any error fails the test.
pub(super) async fn done(client: &Client, name: &str, arguments: &str, fields: &str) -> Value {
    client.data(&format!("mutation {{ {name}({arguments}) {{ {fields} }} }}"), json!({})).await[name].clone()
}

/// As [`done`], which must be refused: code and facts.
pub(super) async fn refused(client: &Client, name: &str, arguments: &str) -> (String, Value) {
    let answer = client.send(&format!("mutation {{ {name}({arguments}) {{ dryRun }} }}"), json!({})).await;
    let told = &answer.body["errors"][0]["extensions"];
    let code = told["code"].as_str().unwrap_or_else(|| panic!("{name} was not refused: {:#}", answer.body));
    (code.to_owned(), told["facts"].clone())
}
