//! The figures.

/// Places that count.
const PLACES: usize = 10;

/// Normalised discounted cumulative gain of the first ten: gains 2^grade − 1, each divided by log₂ of its place plus one,
/// over what the best order of all lines would have. `ideal` is in order, the best first.
pub fn ndcg(grades: &[u32], ideal: &[u32]) -> f64 {
    let best = dcg(ideal);
    if best > 0.0 { dcg(grades) / best } else { 0.0 }
}

fn dcg(grades: &[u32]) -> f64 {
    let gain = |(grade, place): (&u32, u32)| f64::from((1_u32 << grade) - 1) / f64::from(place + 1).log2();
    grades.iter().take(PLACES).zip(1..).map(gain).sum()
}

/// The mean; 1 of nothing.
pub fn mean(figures: &[f64]) -> f64 {
    let count = u32::try_from(figures.len()).expect("few");
    if count == 0 { 1.0 } else { figures.iter().sum::<f64>() / f64::from(count) }
}

/// A part of a whole; 1 of nothing.
pub fn ratio(part: usize, whole: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).expect("few"));
    if whole == 0 { 1.0 } else { number(part) / number(whole) }
}

#[test]
fn the_figures_are_those_of_the_books() {
    assert!((ndcg(&[3, 2, 0], &[3, 2]) - 1.0).abs() < 1e-9);
    // 3/log₂2 + 7/log₂3 over 7/log₂2 + 3/log₂3.
    assert!((ndcg(&[2, 3], &[3, 2]) - 0.833_991).abs() < 1e-5);
    assert!(ndcg(&[0, 0], &[3]).abs() < 1e-9 && ndcg(&[], &[]).abs() < 1e-9);
    assert!((ndcg(&[0, 3], &[3]) - 1.0 / 3.0_f64.log2()).abs() < 1e-9);
    let eleven = [3; 11];
    assert!((ndcg(&eleven, &eleven) - 1.0).abs() < 1e-9);
}
