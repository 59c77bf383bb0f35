//! A register of a given size, written by the database itself: the same rows on SQLite and on PostgreSQL.

use labpact::platform::db::Dialect;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};

/// Labs in the register.
pub const LABS: u64 = 1_200;
/// Standards, each in an old and in a current edition.
const STANDARDS: u64 = 4_000;

const AGENCY: &str = "CASE n % 5 WHEN 0 THEN 'GD' WHEN 1 THEN 'SD' WHEN 2 THEN 'FJ' WHEN 3 THEN 'GX' ELSE 'HI' END";
const VISIBILITY: &str = "CASE WHEN n % 17 = 0 THEN 'OWN' WHEN n % 3 = 0 THEN 'PUBLIC' ELSE 'PARTNER' END";
const STAMP: &str = "'2026-11-20T02:00:00+00:00'";

/// Writes labs, standards and, where `lines` is not 0, so many scope lines in force, spread evenly over the labs.
///
/// # Panics
/// Where the database refuses.
pub async fn register(url: &str, dialect: Dialect, lines: u64) {
    let db = Database::connect(url).await.expect("the database opens");
    run(&db, &holders(dialect, AGENCY)).await;
    run(&db, &standards(dialect)).await;
    if lines > 0 {
        run(&db, &[scope_lines(dialect, lines)]).await;
    }
    if dialect == Dialect::Postgres {
        // As the autovacuum of a server does, sooner or later.
        run(&db, &["VACUUM ANALYZE".to_owned()]).await;
    }
    db.close().await.expect("the connections close");
}

/// As [`register`] without lines, all of it of Guangdong.
///
/// # Panics
/// Where the database refuses.
pub async fn holders_of_one_agency(url: &str, dialect: Dialect) {
    let db = Database::connect(url).await.expect("the database opens");
    run(&db, &holders(dialect, "'GD'")).await;
    run(&db, &standards(dialect)).await;
    db.close().await.expect("the connections close");
}

/// Runs statements one by one.
///
/// # Panics
/// Where the database refuses one.
#[expect(clippy::disallowed_methods, reason = "what is filled here is measured, not kept")]
pub async fn run(db: &DatabaseConnection, statements: &[String]) {
    for statement in statements {
        let done = db.execute_unprepared(statement).await;
        done.unwrap_or_else(|cause| panic!("{statement}: {cause}"));
    }
}

/// The id of the `n`th row of a kind, as an expression.
pub fn id(dialect: Dialect, kind: u32, n: &str) -> String {
    match dialect {
        Dialect::Postgres => format!("(lpad('{kind}', 8, '0') || lpad(to_hex({n}), 24, '0'))::uuid"),
        Dialect::Sqlite => format!("unhex(printf('%08d%024x', {kind}, {n}))"),
    }
}

/// The kinds of [`id`].
pub const INSTITUTION: u32 = 1;
/// See [`INSTITUTION`].
pub const LAB: u32 = 2;
/// See [`INSTITUTION`].
pub const CERTIFICATE: u32 = 3;
/// See [`INSTITUTION`].
pub const EDITION: u32 = 4;
const LINE: u32 = 5;
const STANDARD: u32 = 6;

/// A table `s` with one column `n`, from 1.
pub fn series(dialect: Dialect, count: u64) -> String {
    match dialect {
        Dialect::Postgres => format!("(SELECT generate_series(1, {count}::bigint) AS n) s"),
        Dialect::Sqlite => format!(
            "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s) s"
        ),
    }
}

fn padded(dialect: Dialect, n: &str, width: u32) -> String {
    match dialect {
        Dialect::Postgres => format!("lpad(({n})::text, {width}, '0')"),
        Dialect::Sqlite => format!("printf('%0{width}d', {n})"),
    }
}

fn holders(dialect: Dialect, agency: &str) -> Vec<String> {
    let labs = series(dialect, LABS);
    let number = padded(dialect, "n", 5);
    let [institution, lab, certificate, edition] =
        [INSTITUTION, LAB, CERTIFICATE, EDITION].map(|kind| id(dialect, kind, "n"));
    vec![
        format!(
            "INSERT INTO institution (id, agency, code, name_zh, region, visibility, standing, version, created_at, \
             updated_at) SELECT {institution}, {agency}, 'I' || {number}, '第' || n || '检验检测有限公司', '440100', \
             'PUBLIC', 'ACTIVE', 1, {STAMP}, {STAMP} FROM {labs}"
        ),
        format!(
            "INSERT INTO lab (id, institution_id, agency, code, name_zh, name_en, region, address, longitude, \
             latitude, contact_name, contact_phone, contact_email, visibility, standing, version, created_at, \
             updated_at) SELECT {lab}, {institution}, {agency}, 'L' || {number}, '第' || n || '检验检测有限公司检测中心', \
             'Testing Laboratory ' || n, '440100', '科学大道 ' || n || ' 号', 113.25, 23.12, '联系人', '020-00000000', \
             'lab@example.org', {VISIBILITY}, 'ACTIVE', 1, {STAMP}, {STAMP} FROM {labs}"
        ),
        format!(
            "INSERT INTO certificate (id, revision, institution_id, agency, scheme, number, number_key, valid_from, \
             valid_to, status, visibility, effective_from, effective_to, recorded_at) SELECT {certificate}, 1, \
             {institution}, {agency}, 'CMA', '2023190' || {number}, '2023190' || {number}, '2023-01-01', '2029-01-01', \
             'ACTIVE', 'PUBLIC', '2023-01-01', '9999-12-31', {STAMP} FROM {labs}"
        ),
        format!(
            "INSERT INTO certificate_lab (certificate_id, lab_id, effective_from, effective_to, agency) \
             SELECT {certificate}, {lab}, '2023-01-01', '9999-12-31', {agency} FROM {labs}"
        ),
        format!(
            "INSERT INTO scope_version (id, certificate_id, agency, edition, reason, dated, recorded_at) \
             SELECT {edition}, {certificate}, {agency}, 1, 'INITIAL', '2024-01-01', {STAMP} FROM {labs}"
        ),
    ]
}

fn standards(dialect: Dialect) -> Vec<String> {
    let series = series(dialect, STANDARDS);
    [(2003, "SUPERSEDED", 0), (2017, "CURRENT", STANDARDS)]
        .map(|(year, status, offset)| {
            let key = id(dialect, STANDARD, &format!("n + {offset}"));
            let successor = if offset == 0 { "'GB ' || (5000 + n) || '-2017'" } else { "NULL" };
            format!(
                "INSERT INTO standard (id, number, key, year, title_zh, title_en, status, replaced_by, published_on, \
                 version, created_at, updated_at) SELECT {key}, 'GB ' || (5000 + n) || '-{year}', 'GB ' || (5000 + n), \
                 {year}, '食品安全国家标准 食品中第' || n || '种成分的测定', 'Determination of component ' || n || \
                 ' in foods', '{status}', {successor}, '{year}-06-01', 1, {STAMP}, {STAMP} FROM {series}"
            )
        })
        .to_vec()
}

/// The lines: `at` is the place of a line in its lab, `n` its lab.
fn scope_lines(dialect: Dialect, lines: u64) -> String {
    let each = lines.div_ceil(LABS);
    let (all, place) = (series(dialect, lines), padded(dialect, "at", 6));
    let [line, edition, certificate, lab] =
        [(LINE, "i"), (EDITION, "n"), (CERTIFICATE, "n"), (LAB, "n")].map(|(kind, n)| id(dialect, kind, n));
    format!(
        "INSERT INTO competence_scope (id, revision, scope_version_id, certificate_id, lab_id, agency, serial, \
         serial_key, field, object, parameter, method, standard_key, standard_year, limits, visibility, \
         effective_from, effective_to, recorded_at) \
         SELECT {line}, 1, {edition}, {certificate}, {lab}, {AGENCY}, '1.' || at, '1.' || {place}, '食品检测', \
         '食品及食品相关产品 ' || (at % 40), '成分 ' || (i % 4000) || ' 的含量', \
         'GB ' || (5001 + i % 4000) || '-2017 食品安全国家标准 第一法', 'GB ' || (5001 + i % 4000), 2017, \
         CASE WHEN at % 9 = 0 THEN '不做感官评价' END, {VISIBILITY}, '2024-01-01', '9999-12-31', {STAMP} \
         FROM (SELECT n AS i, (n - 1) / {each} + 1 AS n, (n - 1) % {each} + 1 AS at FROM {all}) l"
    )
}
