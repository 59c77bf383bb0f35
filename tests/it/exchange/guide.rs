//! `docs/import.md` lists the columns that there are.

use std::fmt::Write as _;

use labpact::exchange::format::Kind;

/// The columns of a kind as the guide lists them.
fn table(kind: Kind) -> String {
    let mut text = String::from("| column | headings |\n|---|---|\n");
    for column in kind.columns() {
        let needed = if column.needed { " (needed)" } else { "" };
        writeln!(text, "| `{}`{needed} | {} |", column.key, column.headings.join(", ")).expect("written");
    }
    text
}

#[test]
fn the_guide_lists_every_column() {
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/import.md")).expect("the guide");
    let missing: Vec<String> = Kind::ALL
        .into_iter()
        .filter(|kind| !guide.contains(&table(*kind)))
        .map(|kind| format!("### {}\n\n{}", kind.word(), table(kind)))
        .collect();
    assert!(missing.is_empty(), "docs/import.md lacks or misstates:\n\n{}", missing.join("\n"));
}
