//! Documents at random: of our schema and beside it, well formed and broken, up to 10 kB.

use proptest::{collection::vec, prelude::*, sample::select};

/// How many fragments a document has, where it has any.
const FRAGMENTS: usize = 12;

/// The longest that is made, in bytes.
pub const MOST: usize = 10_000;

const NAMES: &[&str] = &[
    "labs",
    "nodes",
    "edges",
    "node",
    "scopes",
    "standard",
    "institution",
    "certificates",
    "equipment",
    "agency",
    "region",
    "id",
    "code",
    "nameZh",
    "totalCount",
    "pageInfo",
    "__typename",
    "__schema",
    "types",
    "fields",
    "type",
    "ofType",
    "nothing",
];
const TYPES: &[&str] = &["Query", "Lab", "Institution", "LabConnection", "Scope", "Nobody"];

/// The name of the operation to execute, where a document has several of different names.
const FIRST: &str = "First";

/// Which operation of a document is to be executed.
pub fn chosen(document: &str) -> Option<&'static str> {
    document.contains(&format!("query {FIRST} ")).then_some(FIRST)
}

/// Any document.
pub fn document() -> impl Strategy<Value = String> {
    let several = vec(set(4), 2..4).prop_map(|sets| {
        let numbered = sets.iter().enumerate().map(|(number, set)| format!("query {FIRST}{number} {set}"));
        vec![numbered.collect::<Vec<_>>().join(" ").replace(&format!("{FIRST}0"), FIRST)]
    });
    let operations = prop_oneof![8 => vec(operation(), 1), 2 => several, 1 => vec(operation(), 2..4)];
    let fragments = prop_oneof![Just(Vec::new()), fragments()];
    let parts = (operations, fragments);
    let whole = parts.prop_map(|(operations, fragments)| format!("{} {}", operations.join(" "), fragments.join(" ")));
    (whole, broken()).prop_map(|(text, breaks)| shortened(breaks.into_iter().fold(text, applied)))
}

#[derive(Clone, Debug)]
enum Break {
    Cut(usize, usize),
    Repeat(usize, usize, usize),
    Insert(usize, &'static str),
}

fn broken() -> impl Strategy<Value = Vec<Break>> {
    let odd =
        &["{", "}", "[", "(", "\"", "\"\"\"", "...", "@", "#", "\u{0}", "长", "$a", "9", "&", "\u{feff}", "|", "!"];
    let one = prop_oneof![
        (0..MOST, 0..40_usize).prop_map(|(at, length)| Break::Cut(at, length)),
        (0..MOST, 1..200_usize, 1..60_usize).prop_map(|(at, length, times)| Break::Repeat(at, length, times)),
        (0..MOST, select(odd)).prop_map(|(at, what)| Break::Insert(at, what)),
    ];
    // Half of the documents stay whole.
    prop_oneof![Just(Vec::new()), vec(one, 0..4)]
}

fn applied(text: String, change: Break) -> String {
    let letters: Vec<char> = text.chars().collect();
    let place = |at: usize| at % (letters.len() + 1);
    let part = |from: usize, length: usize| &letters[from..(from + length).min(letters.len())];
    let (head, middle, tail): (&[char], String, &[char]) = match change {
        Break::Cut(at, length) => {
            let at = place(at);
            (&letters[..at], String::new(), &letters[at + part(at, length).len()..])
        }
        Break::Repeat(at, length, times) => {
            let at = place(at);
            (&letters[..at], part(at, length).iter().collect::<String>().repeat(times), &letters[at..])
        }
        Break::Insert(at, what) => (&letters[..place(at)], what.to_owned(), &letters[place(at)..]),
    };
    head.iter().collect::<String>() + &middle + &tail.iter().collect::<String>()
}

fn shortened(mut text: String) -> String {
    while text.len() > MOST {
        let at = (0..=MOST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        text.truncate(at);
    }
    text
}

fn operation() -> impl Strategy<Value = String> {
    (
        select(&["", "query", "query Q", "query R($n: Int = 200, $w: LabWhere)", "mutation", "subscription S"][..]),
        set(5),
    )
        .prop_map(|(head, set)| format!("{head} {set}"))
}

/// Fragments that spread those behind them, or, some of the time, whichever.
fn fragments() -> impl Strategy<Value = Vec<String>> {
    let each = vec((select(TYPES), set(2)), FRAGMENTS);
    (each, prop_oneof![7 => Just(true), 1 => Just(false)]).prop_map(|(each, is_ordered)| {
        let numbered = each.into_iter().enumerate();
        let written = numbered.map(|(number, (of, set))| {
            let set = if is_ordered { ordered(&set, number) } else { set };
            format!("fragment F{number} on {of} {set}")
        });
        written.collect()
    })
}

/// A fragment's selections with spreads of later fragments only, so that there is no ring.
fn ordered(set: &str, number: usize) -> String {
    let mut parts = set.split("...F");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(part.len());
        let named: usize = part[..end].parse().unwrap_or_default();
        text.push_str(&format!("...F{}{}", number + 1 + named % (FRAGMENTS - number), &part[end..]));
    }
    text
}

/// A selection set.
fn set(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        4 => field(Just(String::new()).boxed()),
        // The last of them is never there.
        2 => (0..=FRAGMENTS).prop_map(|number| format!("...F{number}")),
        1 => directives().prop_map(|directives| format!("...F11 {directives}")),
    ];
    let selection = leaf.prop_recursive(depth, 120, 6, |below| {
        let below = vec(below, 1..6).prop_map(|selections| format!("{{ {} }}", selections.join(" "))).boxed();
        prop_oneof![
            5 => field(below.clone()),
            1 => (select(TYPES), below).prop_map(|(of, set)| format!("... on {of} {set}")),
        ]
    });
    vec(selection, 1..8).prop_map(|selections| format!("{{ {} }}", selections.join(" "))).boxed()
}

fn field(below: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let alias = prop_oneof![4 => Just(String::new()), 1 => (0..1_000).prop_map(|number| format!("a{number}: "))];
    let arguments = prop_oneof![
        24 => Just(String::new()),
        2 => select(&["(first: 2)", "(first: 5)", "(first: 200)", "(first: $n)", "(last: 5, before: \"x\")", "(where: $w)"][..]).prop_map(str::to_owned),
        1 => value().prop_map(|value| format!("(where: {value})")),
    ];
    let directives = prop_oneof![40 => Just(String::new()), 1 => directives()];
    (alias, select(NAMES), arguments, directives, below)
        .prop_map(|(alias, name, arguments, directives, below)| {
            format!("{alias}{name}{arguments} {directives} {below}")
        })
        .boxed()
}

fn directives() -> impl Strategy<Value = String> {
    vec(select(&["@include(if: true)", "@skip(if: $b)", "@nothing", "@deprecated"][..]), 1..4)
        .prop_map(|all| all.join(" "))
}

fn value() -> impl Strategy<Value = String> {
    let leaf = select(&["1", "-0.5e9", "\"x\"", "\"\"\"y\"\"\"", "null", "true", "ACTIVE", "$w", "\"长\""][..]);
    leaf.prop_map(str::to_owned).prop_recursive(6, 60, 5, |below| {
        prop_oneof![
            vec(below.clone(), 0..5).prop_map(|items| format!("[{}]", items.join(","))),
            vec((select(&["code", "and", "or", "not", "x"][..]), below), 0..5).prop_map(|members| {
                let members: Vec<String> = members.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                format!("{{{}}}", members.join(" "))
            }),
        ]
    })
}

/// Documents below 10 kB that multiply when the library looks at what is not executed, or at what amounts to nothing. The
/// operation to execute is `A`.
pub fn multiplying() -> Vec<(&'static str, String)> {
    let each = |count: usize, part: &dyn Fn(usize) -> String| (0..count).map(part).collect::<String>();
    let chain = |on: &str, last: &str| {
        let link = |n| format!("fragment F{n} on {on} {{ ...F{0} ...F{0} }} ", n + 1);
        format!("{} fragment F29 on {on} {{ {last} }}", each(29, &link))
    };
    let arguments = |count| each(count, &|n| format!("a{n}: 1 "));
    vec![
        ("fragments of another operation", {
            format!("query A {{ version }} query B {{ ...F0 }} {}", chain("Query", "version"))
        }),
        ("fragments that end in nothing", {
            format!("query A {{ labs {{ ...F0 }} }} {}", chain("LabConnection", "...Nobody"))
        }),
        ("errors for each argument of each field", {
            format!("query A {{ labs {{ x({}) {} }} }}", arguments(700), "x ".repeat(1_900))
        }),
        ("arguments in inline fragments in each other", {
            let (open, close) = ("... { ".repeat(28), "} ".repeat(28));
            format!("query A {{ labs {{ {open} x({0}) x({0}) {close} }} }}", arguments(500))
        }),
        ("variables of every operation", {
            let operations = each(300, &|n| format!("query Q{n} {{ ...F }} "));
            let variables = each(500, &|n| format!("$v{n} "));
            format!("query A {{ ...F }} {operations} fragment F on Query {{ nodes(ids: [{variables}]) {{ id }} }}")
        }),
        ("a fragment of fragments that nobody uses", {
            let users = each(200, &|n| format!("fragment U{n} on Lab {{ x {{ ...F }} }} "));
            format!("query A {{ version }} {users} fragment F on Lab {{ {} }}", "x ".repeat(1_000))
        }),
    ]
}
