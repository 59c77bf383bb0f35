//! Names of files.

use labpact::{
    attachment::model::name::{checked, disposition},
    platform::fault::{Fault, Problems},
};
use proptest::prelude::*;

fn codes(name: &str) -> (String, Vec<&'static str>) {
    let mut problems = Problems::default();
    let kept = checked(&mut problems, "n", name);
    match problems.finish() {
        Ok(()) => (kept, Vec::new()),
        Err(Fault::Invalid(found)) => (kept, found.into_iter().map(|problem| problem.code).collect()),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_name_is_kept_as_it_was_given() {
    for name in ["报告 2026.pdf", "a.b.c", "Ångström.pdf", "(1) [2] {3}.csv", "%2e%2e", "...", ".hidden", "CON", "💧"]
    {
        assert_eq!(codes(name), (name.to_owned(), vec![]));
    }
    assert_eq!(codes("  A\u{30a}.pdf ").0, "Å.pdf", "in NFC, without blanks around it");
}

#[test]
fn what_is_no_name_is_refused() {
    for (name, wanted) in [
        ("", "REQUIRED"),
        (" \u{3000} ", "REQUIRED"),
        ("..", "FILE_NAME"),
        (".", "FILE_NAME"),
        ("a/b", "FILE_NAME"),
        ("a\\b", "FILE_NAME"),
        ("a\0b", "CONTROL_CHARACTER"),
        ("a\nb", "CONTROL_CHARACTER"),
        ("a\u{85}b", "CONTROL_CHARACTER"),
        ("exe.\u{202e}fdp", "CONTROL_CHARACTER"),
        ("a\u{200b}b", "CONTROL_CHARACTER"),
        ("a\u{2066}b", "CONTROL_CHARACTER"),
        (&"x".repeat(201), "TOO_LONG"),
        (&"检".repeat(86), "TOO_LONG"),
    ] {
        assert_eq!(codes(name).1, [wanted], "{name:?}");
    }
    assert_eq!(codes(&"检".repeat(85)).1, [] as [&str; 0]);
}

proptest! {
    /// Whatever is taken for a name makes one header, of two quotation marks, that decodes to the name.
    #[test]
    fn a_header_holds_any_name(name in "\\PC{1,60}") {
        let (kept, wrong) = codes(&name);
        prop_assume!(wrong.is_empty());
        let said = disposition(&kept);
        prop_assert!(said.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{said}");
        prop_assert_eq!(said.matches('"').count(), 2);
        let (_, encoded) = said.split_once("filename*=UTF-8''").expect("a name in UTF-8");
        let mut bytes = Vec::new();
        let mut rest = encoded.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'%' {
                let digits = [rest.next().expect("a digit"), rest.next().expect("a digit")];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).expect("ASCII"), 16).expect("a byte"));
            } else {
                bytes.push(byte);
            }
        }
        prop_assert_eq!(String::from_utf8(bytes).expect("UTF-8"), kept);
    }
}
