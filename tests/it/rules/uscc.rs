//! Unified social credit codes.

use labpact::directory::institution::uscc::{InvalidUscc, Verdict, judge};
use proptest::prelude::*;

const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// An identity number made up for tests: its place was never given out, its check digit is right.
const PERSONAL: &str = "110000190001010004";

fn personal(first: &str) -> String {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{first}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}

#[test]
fn genuine_codes_are_valid_in_any_width_and_case() {
    for text in [
        "91110000600037341L",
        "9115220107837941X1",
        "9144190059408399XP",
        "９１３１０１１５ＭＡ１Ｋ３ＢＴＰ２Ｂ",
        " 91310115ma1k3btp2b ",
    ] {
        let Verdict::Valid(uscc) = judge(text) else { panic!("{text}: {}", judge(text)) };
        assert_eq!(uscc.as_str().len(), 18);
        assert!(uscc.as_str().bytes().all(|b| ALPHABET.contains(&b)));
    }
    let uscc = judge("91310115MA1K3BTP2B").uscc().unwrap();
    assert_eq!((uscc.division(), uscc.organisation()), ("310115", "MA1K3BTP2"));
}

#[test]
fn an_outer_failure_with_a_right_inside_is_a_warning() {
    let verdict = judge("91110000600037341N");
    assert!(matches!(&verdict, Verdict::ValidWithWarning(uscc) if uscc.as_str() == "91110000600037341N"));
    assert_eq!(verdict.code(), Some("USCC_OUTER_CHECK"));
}

#[test]
fn each_defect_has_its_reason() {
    for (text, reason) in [
        ("", InvalidUscc::Empty),
        ("　", InvalidUscc::Empty),
        ("12345", InvalidUscc::Length),
        ("91310115MA1K3BTP2B9", InvalidUscc::Length),
        ("市场监督管理局", InvalidUscc::Length),
        ("9131O115MA1K3BTP2B", InvalidUscc::Character),
        ("一二三四五六七八九十一二三四五六七八", InvalidUscc::Character),
        ("91310115MA1K3BTP3C", InvalidUscc::CheckDigit),
    ] {
        assert_eq!(judge(text), Verdict::Invalid(reason), "{text}");
    }
}

#[test]
fn a_personal_identity_number_is_refused_and_never_shown() {
    assert_eq!(personal(&PERSONAL[..17]), PERSONAL);
    for text in
        [PERSONAL.to_owned(), personal("44000019991231012"), format!(" {} ", PERSONAL), PERSONAL.replace('0', "０")]
    {
        let verdict = judge(&text);
        assert_eq!(verdict, Verdict::PersonalIdentityNumber, "a made-up number");
        for shown in [format!("{verdict:?}"), verdict.to_string()] {
            assert!(!shown.bytes().any(|b| b.is_ascii_digit()), "{shown}");
        }
    }
    assert_ne!(judge(&personal("44000019990230012")), Verdict::PersonalIdentityNumber, "no such birthday");
    assert_ne!(judge(&personal("05000019990101012")), Verdict::PersonalIdentityNumber, "no such province");
}

proptest! {
    #[test]
    fn one_wrong_character_never_passes_the_outer_check(at in 0_usize..18, to in 0_usize..31) {
        let code = "91310115MA1K3BTP2B";
        let mut bytes = code.as_bytes().to_vec();
        bytes[at] = ALPHABET[to];
        let changed = String::from_utf8(bytes).unwrap();
        prop_assume!(changed != code);
        prop_assert!(!matches!(judge(&changed), Verdict::Valid(_)));
    }

    #[test]
    fn two_neighbours_exchanged_never_pass_the_outer_check(at in 0_usize..17) {
        let code = "91310115MA1K3BTP2B";
        let mut bytes = code.as_bytes().to_vec();
        bytes.swap(at, at + 1);
        let changed = String::from_utf8(bytes).unwrap();
        prop_assume!(changed != code);
        prop_assert!(!matches!(judge(&changed), Verdict::Valid(_)));
    }

    #[test]
    fn any_text_is_survived(text in "\\PC{0,24}") {
        let _ = judge(&text).to_string();
    }

    #[test]
    fn every_plausible_identity_number_is_refused(place in 110_000_u32..659_000, year in 1900_u32..2026, month in 1_u32..=12, day in 1_u32..=28, order in 0_u32..1000) {
        let number = personal(&format!("{place}{year}{month:02}{day:02}{order:03}"));
        prop_assert_eq!(judge(&number), Verdict::PersonalIdentityNumber);
    }
}
