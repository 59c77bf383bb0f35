//! Which mark stands between the cells of a CSV file.

/// The marks that are looked for, in order of preference.
const MARKS: [u8; 3] = [b',', b'\t', b';'];

/// Rows that are looked at.
const ROWS: usize = 60;

/// The mark named by a first line `sep=;`, as spreadsheet programs write and obey it, and the bytes that the line takes.
pub(super) fn named(sample: &str) -> Option<(u8, usize)> {
    let rest = sample.strip_prefix("sep=").or_else(|| sample.strip_prefix("SEP="))?;
    let mark = *rest.as_bytes().first().filter(|mark| mark.is_ascii() && !matches!(mark, b'\r' | b'\n' | b'"'))?;
    let line = rest[1..].strip_prefix('\r').unwrap_or(&rest[1..]);
    let after = line.strip_prefix('\n')?;
    Some((mark, sample.len() - after.len()))
}

/// The mark that cuts most rows of the sample into the same number of cells, more cells counting more.
pub(super) fn detect(sample: &str) -> u8 {
    let mut best = (MARKS[0], 0);
    for mark in MARKS {
        let counts = counts(sample.as_bytes(), mark);
        let score = counts
            .iter()
            .filter(|&&count| count > 0)
            .map(|&count| counts.iter().filter(|&&other| other == count).count() * count)
            .max()
            .unwrap_or(0);
        if score > best.1 {
            best = (mark, score);
        }
    }
    best.0
}

/// How often `mark` stands in each of the first rows, outside quotation marks.
fn counts(sample: &[u8], mark: u8) -> Vec<usize> {
    let (mut counts, mut here, mut quoted) = (Vec::new(), 0, false);
    for &byte in sample {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => {
                counts.push(std::mem::take(&mut here));
                if counts.len() == ROWS {
                    return counts;
                }
            }
            _ if byte == mark && !quoted => here += 1,
            _ => {}
        }
    }
    counts.push(here);
    counts
}
