//! Content held against what was announced of it.

use labpact::{
    attachment::model::content::{Announced, Incoming},
    platform::fault::Outcome,
};
use proptest::prelude::*;

use super::digest;

/// What becomes of a content that comes in pieces of that length.
fn taken(media_type: &str, content: &[u8], piece: usize) -> Outcome<()> {
    let size = content.len() as u64;
    let announced = Announced { size, sha256: digest(content), media_type: media_type.to_owned() };
    let mut incoming = Incoming::new(announced);
    content.chunks(piece.max(1)).try_for_each(|piece| incoming.take(piece))?;
    incoming.finish()
}

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";

#[test]
fn content_is_what_it_is_said_to_be() {
    let zip: &[u8] = b"PK\x03\x04 and more";
    let old: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more";
    let png: &[u8] = b"\x89PNG\r\n\x1a\n and more";
    let jpeg: &[u8] = b"\xff\xd8\xff\xe0 and more";
    let pdf: &[u8] = b"%PDF-1.4 and more";
    let xml: &[u8] = b"\xef\xbb\xbf \r\n<?xml version=\"1.0\"?><a/>";
    let text: &[u8] = "样品,铅\n1,0.2\n".as_bytes();
    let gb: &[u8] = b"\xd1\xf9\xc6\xb7,1\n";
    let wide: &[u8] = b"\xff\xfea\0,\0";
    let samples = [zip, old, png, jpeg, pdf, xml, text, gb, wide];
    for (kind, fits) in [
        ("application/pdf", vec![pdf]),
        ("image/png", vec![png]),
        ("image/jpeg", vec![jpeg]),
        ("application/ofd", vec![zip]),
        ("application/zip", vec![zip]),
        (DOCX, vec![zip]),
        (ODS, vec![zip]),
        ("application/msword", vec![old]),
        ("application/vnd.ms-excel", vec![old]),
        ("application/xml", vec![xml]),
        ("text/xml", vec![xml]),
        ("text/csv", vec![zip, old, png, jpeg, pdf, xml, text, gb]),
        ("application/x-unknown", samples.to_vec()),
    ] {
        for sample in samples {
            for piece in [1, 3, 1_000] {
                let found = taken(kind, sample, piece);
                assert_eq!(found.is_ok(), fits.contains(&sample), "{kind} {sample:?} in pieces of {piece}");
                if let Err(fault) = found {
                    assert_eq!(fault.code(), "MEDIA_TYPE_MISMATCH");
                }
            }
        }
    }
    for (kind, short) in [
        ("application/pdf", &b"%PD"[..]),
        ("image/png", b"\x89"),
        (DOCX, b"PK"),
        ("text/xml", b"  "),
        ("text/xml", b"\xef\xbb"),
    ] {
        assert_eq!(taken(kind, short, 1).expect_err("refused").code(), "MEDIA_TYPE_MISMATCH", "{kind}");
    }
    assert_eq!(
        taken("text/plain", &[&b"x".repeat(5_000)[..], b"\0"].concat(), 100).expect_err("refused").code(),
        "MEDIA_TYPE_MISMATCH"
    );
}

proptest! {
    /// What comes in pieces is what comes at once; any other byte, one more and one less are noticed.
    #[test]
    fn every_byte_counts(content in proptest::collection::vec(any::<u8>(), 1..3_000), piece in 1_usize..700, at in any::<prop::sample::Index>()) {
        let announced = Announced { size: content.len() as u64, sha256: digest(&content), media_type: "application/x-any".to_owned() };
        let send = |content: &[u8]| {
            let mut incoming = Incoming::new(announced.clone());
            content.chunks(piece).try_for_each(|piece| incoming.take(piece))?;
            incoming.finish()
        };
        prop_assert!(send(&content).is_ok());
        let mut other = content.clone();
        other[at.index(content.len())] ^= 1;
        prop_assert_eq!(send(&other).expect_err("refused").code(), "SHA256_MISMATCH");
        prop_assert_eq!(send(&content[1..]).expect_err("refused").code(), "SIZE_MISMATCH");
        other.push(0);
        prop_assert_eq!(send(&other).expect_err("refused").code(), "ATTACHMENT_TOO_LONG");
    }
}
