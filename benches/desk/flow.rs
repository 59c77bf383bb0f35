//! Requests from submission to both signatures, each side with its own tokens, over HTTP.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use labpact::platform::db::DatabaseConfig;
use sea_orm::Database;
use serde_json::{Value, json};

use super::{
    bare::{Recorded, Scripts},
    book,
    support::{
        fill,
        instance::Instance,
        load::{Client, Request},
        recorded::Log,
        setting,
        throwaway::base::{Backend, Base},
    },
};

/// The mutations of one request, in their order.
const STEPS: [&str; 5] = ["submit", "approve", "offer", "accept", "schedule"];

/// Who acts.
struct Tokens {
    officer: String,
    approver: String,
    manager: String,
    signer: String,
}

/// The offering, and a line that it covers and that is available.
struct Offered {
    offering: String,
    item: Value,
}

fn ask(address: SocketAddr, token: &str, query: &str, variables: Value) -> Value {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let answer: Value = serde_json::from_slice(&Request::post("/graphql", token, &body).once(address)).expect("JSON");
    assert!(answer.get("errors").is_none(), "{query}: {answer:#}");
    answer["data"].clone()
}

/// An offering of Guangdong with a line that can be tested now, and room for everybody.
async fn offered(instance: &Instance, tokens: &Tokens) -> Offered {
    let indexed = "{ scopeSearch { index { lag building } } }";
    while ask(instance.address, &tokens.officer, indexed, json!({}))["scopeSearch"]["index"]
        != json!({ "lag": 0, "building": false })
    {
        tokio::task::yield_now().await;
    }
    let found = "{ scopeSearch(where: { agency: [\"GD\"], visibility: [PUBLIC, PARTNER], available: { from: \"2026-12-01\", to: \"2026-12-20\" } }, first: 50) {
        nodes { scope { id object parameter method lab { offerings(first: 10, where: { kind: [TESTING], status: [ACTIVE] }) { nodes { id unit quantityMin coverage { wholeLab } } } } } } } }";
    let found = ask(instance.address, &tokens.officer, found, json!({}));
    let lines = found["scopeSearch"]["nodes"].as_array().expect("lines").clone();
    let whole = |line: &Value| {
        let offerings = line["scope"]["lab"]["offerings"]["nodes"].as_array().cloned().unwrap_or_default();
        offerings.into_iter().find(|one| one["coverage"]["wholeLab"] == true)
    };
    let (line, offering) =
        lines.iter().find_map(|line| whole(line).map(|one| (line, one))).expect("a whole lab is open");
    let (offering, unit) = (offering["id"].as_str().expect("an id").to_owned(), offering["unit"].clone());
    let set =
        "mutation($o: ID!, $i: CapacityCalendarInput!) { capacityCalendarSet(offering: $o, input: $i) { __typename } }";
    let many = [100_000; 7];
    ask(instance.address, &tokens.manager, set, json!({ "o": offering, "i": { "unitsByWeekday": many } }));
    let scope = &line["scope"];
    let item = json!({ "parameter": scope["parameter"], "object": scope["object"], "method": scope["method"],
        "quantity": 1, "unit": unit, "scope": scope["id"] });
    Offered { offering, item }
}

/// What one worker brings about: drafts first, which are not measured, then the five steps of each.
struct Worker {
    address: SocketAddr,
    tokens: Arc<Tokens>,
    offered: Arc<Offered>,
    number: usize,
}

impl Worker {
    /// The referral's id of a fresh draft, and the request's.
    fn draft(&self, at: usize) -> (String, String) {
        let query =
            "mutation($i: RequestCreateInput!) { requestCreate(input: $i) { request { id referrals { id } } } }";
        let input = json!({ "title": "抽检", "purpose": "SUPERVISION", "needBy": "2026-12-31",
            "sampledCompany": format!("{}-{at}", self.number), "items": [self.offered.item],
            "providers": [{ "offering": self.offered.offering }] });
        let data = ask(self.address, &self.tokens.officer, query, json!({ "i": input }));
        let request = &data["requestCreate"]["request"];
        let id = |value: &Value| value.as_str().expect("an id").to_owned();
        (id(&request["id"]), id(&request["referrals"][0]["id"]))
    }

    /// The five requests of one flow.
    fn steps(&self, (request, referral): &(String, String)) -> [Request; 5] {
        let tokens = &self.tokens;
        let post = |token: &str, query: &str, id: &str, more: Value| {
            let mut variables = json!({ "id": id });
            variables.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
            Request::post("/graphql", token, &json!({ "query": query, "variables": variables }).to_string())
        };
        let one = |name: &str| format!("mutation($id: ID!) {{ {name}(id: $id) {{ request {{ status }} }} }}");
        let terms = json!({ "t": { "price": "1200", "startsOn": "2026-12-01", "reportBy": "2026-12-20" } });
        let offer = "mutation($id: ID!, $t: TermsInput!) { referralOffer(id: $id, input: $t) { request { status } } }";
        let submit = "mutation($id: ID!) { requestSubmit(id: $id, despite: [\"DUPLICATE\"]) { request { status } } }";
        [
            post(&tokens.officer, submit, request, json!({})),
            post(&tokens.approver, &one("requestApprove"), request, json!({})),
            post(&tokens.manager, offer, referral, terms),
            post(&tokens.approver, &one("referralAccept"), referral, json!({})),
            post(&tokens.signer, &one("referralSchedule"), referral, json!({})),
        ]
    }
}

/// What the flows came to.
struct Figures {
    flows: f64,
    took: Vec<Duration>,
    steps: [Vec<Duration>; 5],
}

fn run(
    address: SocketAddr,
    (tokens, offered): (&Arc<Tokens>, &Arc<Offered>),
    workers: usize,
    flows: usize,
    round: usize,
) -> Figures {
    let drafted = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..workers)
        .map(|number| {
            let (tokens, offered, drafted) = (Arc::clone(tokens), Arc::clone(offered), Arc::clone(&drafted));
            std::thread::spawn(move || {
                let worker = Worker { address, tokens, offered, number: round * 1_000 + number };
                let requests: Vec<[Request; 5]> = (0..flows).map(|at| worker.steps(&worker.draft(at))).collect();
                drafted.fetch_add(1, Ordering::SeqCst);
                while drafted.load(Ordering::SeqCst) < workers {
                    std::thread::yield_now();
                }
                let mut client = Client::connect(address);
                let begun = Instant::now();
                let took: Vec<Vec<Duration>> = requests.iter().map(|steps| client.each(steps)).collect();
                (begun, Instant::now(), took)
            })
        })
        .collect();
    let ended: Vec<_> = threads.into_iter().map(|thread| thread.join().expect("a worker ends well")).collect();
    let begun = ended.iter().map(|one| one.0).min().expect("workers");
    let end = ended.iter().map(|one| one.1).max().expect("workers");
    let mut steps: [Vec<Duration>; 5] = Default::default();
    let mut took = Vec::new();
    for flow in ended.iter().flat_map(|one| &one.2) {
        for (at, step) in flow.iter().enumerate() {
            steps[at].push(*step);
            took.push(*step);
        }
    }
    steps.iter_mut().for_each(|all| all.sort_unstable());
    took.sort_unstable();
    Figures { flows: (workers * flows) as f64 / (end - begun).as_secs_f64(), took, steps }
}

fn at(sorted: &[Duration], part: usize) -> f64 {
    sorted[(sorted.len() * part / 100).min(sorted.len() - 1)].as_secs_f64() * 1e3
}

/// A running instance with those who act and what they ask for.
async fn ready(config: DatabaseConfig) -> (Instance, Arc<Tokens>, Arc<Offered>) {
    let instance = Instance::start(config).await;
    let tokens = Tokens {
        officer: instance.token_of("SD", "officer"),
        approver: instance.token_of("SD", "approver"),
        manager: instance.token_of("GD", "lab-manager"),
        signer: instance.token_of("GD", "approver"),
    };
    let offered = offered(&instance, &tokens).await;
    (instance, Arc::new(tokens), Arc::new(offered))
}

/// What the steps of two requests send to the database, as scripts.
async fn scripts(base: &Base) -> Scripts {
    let log = Log::begin(base).await;
    let (instance, tokens, offered) = ready(base.config.clone()).await;
    let worker = Worker { address: instance.address, tokens, offered, number: 999 };
    let record = |at: usize| {
        let mut ids = None;
        let draft = log.during(|| ids = Some(worker.draft(at)));
        let mut client = Client::connect(worker.address);
        let mut step = |request| log.during(|| drop(client.each(std::slice::from_ref(request))));
        let steps = worker.steps(&ids.expect("drafted")).iter().map(&mut step).collect();
        Recorded { draft, steps }
    };
    // The first one fills what the server remembers.
    let [_, one, other] = [0, 1, 2].map(record);
    instance.end().await;
    log.end().await;
    Scripts::of(log, &one, &other)
}

/// A desk that has been used for a while: plans that were made for empty tables are no more.
async fn used(base: &Base, backend: Backend) {
    let (instance, tokens, offered) = ready(base.config.clone()).await;
    let address = instance.address;
    let run = move || run(address, (&tokens, &offered), 4, 100, 900);
    tokio::task::spawn_blocking(run).await.expect("used");
    instance.end().await;
    let db = Database::connect(&base.config.url).await.expect("the database opens");
    let analyze = if backend == Backend::Postgres { "VACUUM ANALYZE" } else { "ANALYZE" };
    fill::run(&db, &[analyze.to_owned()]).await;
    db.close().await.expect("the connections close");
}

/// What the change log and the outbox cost: the same flows without them, turn and turn about.
pub async fn log(base: &Base, backend: Backend) {
    let flows = usize::try_from(setting("LABPACT_BENCH_FLOWS", 200)).unwrap_or(200);
    book::offered(base).await;
    used(base, backend).await;
    let mut rates = [Vec::new(), Vec::new()];
    for round in 0..6 {
        let logged = round % 2 == 0;
        let (instance, tokens, offered) = ready(DatabaseConfig { logged, ..base.config.clone() }).await;
        let address = instance.address;
        let run = move || run(address, (&tokens, &offered), 4, (flows / 4).max(1), round);
        let figures = tokio::task::spawn_blocking(run).await.expect("measured");
        rates[usize::from(logged)].push(figures.flows);
        instance.end().await;
    }
    let [without, with] = rates.map(|mut all| {
        all.sort_unstable_by(f64::total_cmp);
        all[all.len() / 2]
    });
    println!(
        "{backend:?} c=4 change log and outbox: {with:.1} requests per s, {without:.1} without them; they cost {:.0} % (aim 35 %)",
        (1.0 - with / without) * 100.0
    );
}

/// Measures one client, several, and sixty-four that all want the same offering.
pub async fn measure(base: &Base, backend: Backend) {
    let flows = usize::try_from(setting("LABPACT_BENCH_FLOWS", 200)).unwrap_or(200);
    book::offered(base).await;
    used(base, backend).await;
    let scripts = match backend {
        Backend::Postgres => Some(scripts(base).await),
        Backend::Sqlite => None,
    };
    let (instance, tokens, offered) = ready(base.config.clone()).await;
    let address = instance.address;
    let mut alone = 0.0;
    for (round, (workers, each)) in [(1, flows), (4, flows / 2), (64, flows / 8)].into_iter().enumerate() {
        let (tokens, offered) = (Arc::clone(&tokens), Arc::clone(&offered));
        let begun = instance.app.db.statements();
        let run = move || run(address, (&tokens, &offered), workers, each.max(1), round);
        let figures = tokio::task::spawn_blocking(run);
        let figures = figures.await.expect("measured");
        let statements = (instance.app.db.statements() - begun) as f64 / (workers * each.max(1)) as f64;
        if workers == 1 {
            alone = figures.flows;
        }
        println!(
            "{backend:?} c={workers:<3} {:>7.1} requests per s ({:.2} of one client)  a mutation p50 {:>6.2} ms  p99 {:>7.2} ms  {statements:.0} statements with the draft",
            figures.flows,
            figures.flows / alone,
            at(&figures.took, 50),
            at(&figures.took, 99)
        );
        let by_step: Vec<String> = STEPS
            .iter()
            .zip(&figures.steps)
            .map(|(name, all)| format!("{name} {:.2}/{:.2}", at(all, 50), at(all, 99)))
            .collect();
        println!("         p50/p99 ms: {}", by_step.join("  "));
        if let Some(scripts) = &scripts {
            let bare = scripts.run(workers, u64::try_from(each.max(1) * 4).unwrap_or(1), round as u64);
            println!(
                "         pgbench, the {} bare statements of these transactions: {:.1} per s  p50 {:.2} ms  p99 {:.2} ms  ratio {:.2} (aim 0.40)",
                scripts.statements(),
                bare.per_second,
                bare.p50,
                bare.p99,
                figures.flows / bare.per_second
            );
        }
    }
    instance.end().await;
}
