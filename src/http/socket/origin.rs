//! Which pages may open a socket. A browser lets any page try, and says in `Origin` whose page it is.

/// Whether an upgrade with these headers is welcome: from no page at all, from one of the same host, or from a listed
/// origin.
pub fn is_welcome(origin: Option<&str>, host: Option<&str>, listed: &[String]) -> bool {
    let Some(origin) = origin else { return true };
    let own = match (origin.split_once("://"), host) {
        (Some(("http" | "https", authority)), Some(host)) => bare(origin, authority).eq_ignore_ascii_case(host),
        _ => false,
    };
    own || listed.iter().any(|each| each.trim_end_matches('/').eq_ignore_ascii_case(origin))
}

/// The authority without the port that its scheme implies.
fn bare<'a>(origin: &str, authority: &'a str) -> &'a str {
    let implied = if origin.starts_with("https") { ":443" } else { ":80" };
    authority.strip_suffix(implied).unwrap_or(authority)
}
