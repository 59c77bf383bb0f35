//! Latin words.

use labpact::search::text::{
    fold::folded,
    latin::{distance, forgives, is_stop, stem, tolerance, words},
};
use proptest::prelude::*;

fn split(text: &str) -> (Vec<&str>, Vec<&str>) {
    let of =
        |part| words(text).into_iter().filter(move |word| word.part == part).map(|word| &text[word.span]).collect();
    (of(false), of(true))
}

#[test]
fn names_of_chemistry_stay_whole_and_have_parts() {
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("2,4-d", &["2,4-d"], &["2", "4", "d"]),
        ("维生素b1含量", &["b1"], &[]),
        ("pm2.5", &["pm2.5"], &["pm", "2.5"]),
        ("108-78-1", &["108-78-1"], &["108", "78", "1"]),
        ("o,p'-ddt", &["o,p'-ddt"], &["o", "p", "ddt"]),
        ("benzo[a]pyrene in oil", &["benzo[a]pyrene", "in", "oil"], &["benzo", "a", "pyrene"]),
        ("benzo(a)pyrene", &["benzo(a)pyrene"], &["benzo", "a", "pyrene"]),
        ("indeno[1,2,3-cd]pyrene", &["indeno[1,2,3-cd]pyrene"], &["indeno", "1", "2", "3", "cd", "pyrene"]),
        ("苯并[a]芘", &["a"], &[]),
        ("lead,cadmium;zinc", &["lead", "cadmium", "zinc"], &[]),
        ("gc-ms/ms", &["gc-ms", "ms"], &["gc", "ms"]),
        ("lead (pb) test", &["lead", "pb", "test"], &[]),
        ("n,n-dimethyl", &["n,n-dimethyl"], &["n", "n", "dimethyl"]),
        ("iso9001", &["iso9001"], &["iso", "9001"]),
        ("e. coli", &["e", "coli"], &[]),
        ("总α放射性", &["α"], &[]),
        ("-a- '", &["a"], &[]),
        ("10.5%", &["10.5"], &[]),
        ("a(b", &["a", "b"], &[]),
    ];
    for (text, whole, parts) in cases {
        assert_eq!(split(text), (whole.to_vec(), parts.to_vec()), "{text}");
    }
}

#[test]
fn stems_are_of_plain_words_only() {
    assert_eq!(stem("pesticides"), stem("pesticide"));
    assert_eq!(stem("residues"), "residu");
    for word in ["b12", "gas", "2,4-d", "pm2.5", "é", "gc-ms", ""] {
        assert_eq!(stem(word), word);
    }
}

#[test]
fn weightless_words_are_known() {
    for word in [
        "of",
        "in",
        "the",
        "for",
        "and",
        "determination",
        "testing",
        "test",
        "method",
        "methods",
        "with",
        "a",
        "property",
        "properties",
        "analysis",
    ] {
        assert!(is_stop(word), "{word}");
    }
    for word in ["lead", "melamine", "water", ""] {
        assert!(!is_stop(word), "{word}");
    }
}

#[test]
fn distances_are_bounded() {
    let cases = [
        ("melamine", "melamine", 2, Some(0)),
        ("melamine", "melamin", 2, Some(1)),
        ("melamine", "melmaine", 2, Some(1)),
        ("melamine", "malemine", 2, Some(2)),
        ("melamine", "cadmium", 2, None),
        ("", "ab", 2, Some(2)),
        ("", "abc", 2, None),
        ("ca", "abc", 3, Some(3)),
        ("甲醛", "甲醇", 1, Some(1)),
        ("ab", "ab", 0, Some(0)),
        ("ab", "ba", 0, None),
    ];
    for (a, b, max, wanted) in cases {
        assert_eq!(distance(a, b, max), wanted, "{a} {b}");
        assert_eq!(distance(b, a, max), wanted, "{b} {a}");
    }
    assert_eq!([0, 3, 4, 7, 8, 30].map(tolerance), [0, 0, 1, 1, 2, 2]);
    assert_eq!(["melamine", "lead", "b1", "pm2.5", "108-78-1", "铅铅铅铅", "tin"].map(forgives), [2, 1, 0, 0, 0, 0, 0]);
}

/// The whole table, without any bound.
fn plainly(a: &[char], b: &[char]) -> usize {
    let mut d = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            d[i][j] = match (i, j) {
                (0, _) => j,
                (_, 0) => i,
                _ => {
                    let change = d[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let mut least = change.min(d[i - 1][j] + 1).min(d[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        least = least.min(d[i - 2][j - 2] + 1);
                    }
                    least
                }
            };
        }
    }
    d[a.len()][b.len()]
}

proptest! {
    #[test]
    fn the_bound_changes_no_distance(a in "[abc铅]{0,8}", b in "[abc铅]{0,8}", max in 0u8..5) {
        let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let wanted = plainly(&x, &y);
        prop_assert_eq!(distance(&a, &b, max), u8::try_from(wanted).ok().filter(|&cost| cost <= max));
    }

    #[test]
    fn words_of_anything_are_on_borders_and_in_order(text in any::<String>()) {
        let folded = folded(&text);
        let mut end = 0;
        for word in words(&folded) {
            prop_assert!(folded.get(word.span.clone()).is_some_and(|word| !word.is_empty()));
            if !word.part {
                prop_assert!(word.span.start >= end);
                end = word.span.end;
            } else {
                prop_assert!(word.span.end <= end);
            }
        }
    }

    #[test]
    fn words_of_chemistry_never_break(text in "[a-z0-9,.'\\-\\[\\]() 铅α]{0,30}") {
        let mut covered = vec![false; text.len()];
        for word in words(&text).into_iter().filter(|word| !word.part) {
            covered[word.span].fill(true);
        }
        for (at, c) in text.char_indices() {
            prop_assert!(covered[at] || !(c.is_ascii_alphanumeric() || c == 'α'));
        }
    }
}
