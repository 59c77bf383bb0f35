//! The API as its users meet it: real requests with real tokens over HTTP.

mod asof;
mod edges;
mod error;
mod hidden;
mod idempotency;
mod import;
mod lifecycle;
mod natural;
mod paging;
mod problem;
mod public;
mod rule;
mod safety;
mod statements;

use serde_json::{Value, json};

use crate::support::world::{Answer, Client, World};

/// A credit code that both checks accept.
pub const USCC: &str = "91350100M000100Y43";

/// What most tests begin with: an institution of GD with a lab, a certificate and an annex of one line.
pub struct Desk {
    /// The editor of GD.
    pub gd: Client,
    /// Id of the institution.
    pub institution: String,
    /// Id of its lab `L1`.
    pub lab: String,
    /// Id of the certificate, which covers the lab.
    pub certificate: String,
    /// Id of the first edition of its annex, dated 2021-01-01.
    pub edition: String,
    /// Id of its line.
    pub line: String,
}

impl Desk {
    /// Sets it up by mutations, all of it PUBLIC.
    pub async fn new(w: &World) -> Self {
        Self::seen_by(w, "PUBLIC").await
    }

    /// Sets it up with one visibility for everything.
    pub async fn seen_by(w: &World, visibility: &str) -> Self {
        let gd = w.client("GD", "editor");
        let institution = institution(&gd, json!({ "code": "I1", "visibility": visibility })).await;
        let lab = lab(&gd, &institution, json!({ "code": "L1", "visibility": visibility })).await;
        let certificate = certificate(&gd, &institution, &[&lab], json!({ "visibility": visibility })).await;
        let (edition, lines) =
            annex(&gd, &certificate, &lab, vec![line("1", json!({ "visibility": visibility }))]).await;
        let line = lines.into_iter().next().expect("one line");
        Self { gd, institution, lab, certificate, edition, line }
    }

    /// An item of equipment of the lab.
    pub async fn item(&self, code: &str) -> String {
        equipment(&self.gd, &self.lab, json!({ "assetCode": code })).await
    }
}

/// `base` with the members of `more` in place of its own.
pub fn over(mut base: Value, more: Value) -> Value {
    if let (Some(base), Value::Object(more)) = (base.as_object_mut(), more) {
        base.extend(more);
    }
    base
}

/// Sends a mutation of one field with an input, and returns the id that it leads to.
async fn made(client: &Client, query: &str, variables: Value, at: &str) -> String {
    let data = client.data(query, variables).await;
    data.pointer(at).and_then(Value::as_str).unwrap_or_else(|| panic!("no {at} in {data:#}")).to_owned()
}

/// Creates an institution.
pub async fn institution(client: &Client, more: Value) -> String {
    let base = json!({ "nameZh": "广东检测院", "nameEn": "Guangdong Testing", "region": "440100" });
    let query = "mutation($i: InstitutionCreateInput!) { institutionCreate(input: $i) { institution { id } } }";
    made(client, query, json!({ "i": over(base, more) }), "/institutionCreate/institution/id").await
}

/// Creates a lab of an institution.
pub async fn lab(client: &Client, institution: &str, more: Value) -> String {
    let base = json!({ "institution": institution, "nameZh": "食品实验室", "region": "440106" });
    let query = "mutation($i: LabCreateInput!) { labCreate(input: $i) { lab { id } } }";
    made(client, query, json!({ "i": over(base, more) }), "/labCreate/lab/id").await
}

/// Creates a certificate, known since 2020, that covers labs.
pub async fn certificate(client: &Client, institution: &str, labs: &[&str], more: Value) -> String {
    let base = json!({
        "institution": institution, "scheme": "CMA", "number": "202019000001", "labs": labs,
        "validFrom": "2020-01-01", "validTo": "2027-12-31",
    });
    let query = "mutation($i: CertificateCreateInput!) { certificateCreate(input: $i) { certificate { id } } }";
    made(client, query, json!({ "i": over(base, more) }), "/certificateCreate/certificate/id").await
}

/// A line of an annex: lead in infant formula.
pub fn line(serial: &str, more: Value) -> Value {
    let base = json!({
        "serial": serial, "field": "食品", "object": "婴幼儿配方食品", "parameter": "铅",
        "method": "食品安全国家标准 食品中铅的测定 GB 5009.12-2017",
    });
    over(base, more)
}

/// Opens an edition dated 2021-01-01; its id and those of its lines, by serial.
pub async fn annex(client: &Client, certificate: &str, lab: &str, lines: Vec<Value>) -> (String, Vec<String>) {
    let input = json!({
        "certificate": certificate, "lab": lab, "reason": "INITIAL", "dated": "2021-01-01", "lines": lines,
    });
    let query = "mutation($i: ScopeVersionOpenInput!) { scopeVersionOpen(input: $i) { scopeVersion {
        id scopes(first: 200) { nodes { id } } } } }";
    let data = client.data(query, json!({ "i": input })).await;
    let edition = &data["scopeVersionOpen"]["scopeVersion"];
    let lines = edition["scopes"]["nodes"].as_array().expect("lines").iter().map(|line| text(&line["id"]));
    (text(&edition["id"]), lines.collect())
}

/// Creates an item of equipment, known since 2021.
pub async fn equipment(client: &Client, lab: &str, more: Value) -> String {
    let base = json!({ "lab": lab, "nameZh": "石墨炉原子吸收光谱仪", "effectiveFrom": "2021-01-01" });
    let query = "mutation($i: EquipmentCreateInput!) { equipmentCreate(input: $i) { equipment { id } } }";
    made(client, query, json!({ "i": over(base, more) }), "/equipmentCreate/equipment/id").await
}

/// Records a calibration.
pub async fn calibration(client: &Client, item: &str, performed: &str, due: &str) -> String {
    let query = "mutation($e: ID!, $i: CalibrationRecordInput!) {
        calibrationRecord(equipment: $e, input: $i) { calibration { id } } }";
    let variables = json!({ "e": item, "i": { "performedOn": performed, "dueOn": due } });
    made(client, query, variables, "/calibrationRecord/calibration/id").await
}

/// Creates a signatory.
pub async fn signatory(client: &Client, lab: &str, more: Value) -> String {
    let base = json!({ "lab": lab, "name": "陈晓明", "code": "S1", "validFrom": "2020-01-01" });
    let query = "mutation($i: SignatoryCreateInput!) { signatoryCreate(input: $i) { signatory { id } } }";
    made(client, query, json!({ "i": over(base, more) }), "/signatoryCreate/signatory/id").await
}

/// Creates a standard; needs a coordinator.
pub async fn standard(client: &Client, number: &str, more: Value) -> String {
    let base = json!({ "number": number, "titleZh": "食品中铅的测定" });
    let query = "mutation($i: StandardCreateInput!) { standardCreate(input: $i) { standard { id } } }";
    made(client, query, json!({ "i": over(base, more) }), "/standardCreate/standard/id").await
}

/// A JSON text.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value:#}")).to_owned()
}

/// The texts of one member of each row of a list.
pub fn column(rows: &Value, name: &str) -> Vec<String> {
    rows.as_array().unwrap_or_else(|| panic!("not a list: {rows:#}")).iter().map(|row| text(&row[name])).collect()
}

/// The error codes of an answer.
pub fn codes(answer: &Answer) -> Vec<String> {
    let errors = answer.body["errors"].as_array().unwrap_or_else(|| panic!("no errors: {:#}", answer.body));
    errors.iter().map(|error| text(&error["extensions"]["code"])).collect()
}

/// The problems of an answer's first error, as `path CODE`.
pub fn problems(answer: &Answer) -> Vec<String> {
    let fields = &answer.body["errors"][0]["extensions"]["fields"];
    let list = fields.as_array().unwrap_or_else(|| panic!("no fields: {:#}", answer.body));
    list.iter().map(|each| format!("{} {}", text(&each["path"]), text(&each["code"]))).collect()
}

/// How many changes the change log has.
pub async fn changes(w: &World) -> i64 {
    #[derive(sea_orm::FromQueryResult)]
    struct Count {
        n: i64,
    }
    w.db.sql::<Count>("SELECT COUNT(*) AS n FROM change", Vec::new()).await.expect("counted")[0].n
}
