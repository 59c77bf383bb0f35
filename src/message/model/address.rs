//! Addresses of mail, as people give them.

/// Longest address (RFC 5321).
const LONGEST: usize = 254;

/// An address without blanks around, where it is one: a local part and a domain of letters, digits and the usual marks.
/// Whatever could end a line, open a comment or begin another address is refused.
pub fn read(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@')?;
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && local.split('.').all(|part| !part.is_empty())
        && local.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte));
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let domain_fits = domain.split('.').all(label);
    (text.len() <= LONGEST && local_fits && domain_fits).then(|| text.to_owned())
}
