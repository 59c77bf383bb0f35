//! Which media type an answer has (RFC 9110 §12.5.1; GraphQL over HTTP, "Media Types").

/// The two types that GraphQL answers come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/graphql-response+json`: the status tells whether the request was executed.
    GraphqlResponse,
    /// `application/json`: a document that cannot be executed still answers 200.
    Json,
}

impl Media {
    /// As the header has it.
    pub fn header(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::GraphqlResponse => ("application", "graphql-response+json"),
            Self::Json => ("application", "json"),
        }
    }
}

/// The type that the `Accept` header prefers; `None` where neither will do. Without a header, and where both are
/// equally welcome by a wildcard, `application/json`, which every client reads.
pub fn accepted(accept: Option<&str>) -> Option<Media> {
    let Some(accept) = accept.filter(|text| !text.trim().is_empty()) else { return Some(Media::Json) };
    let ranges: Vec<Range<'_>> = accept.split(',').filter_map(Range::parse).collect();
    let quality = |media: Media| {
        ranges
            .iter()
            .filter(|range| range.fits(media))
            .max_by_key(|range| range.rank())
            .map_or((0, 0), |range| (range.quality, range.rank()))
    };
    let (new, old) = (quality(Media::GraphqlResponse), quality(Media::Json));
    match (new.0, old.0) {
        (0, 0) => None,
        (a, b) if a > b => Some(Media::GraphqlResponse),
        (a, b) if a < b => Some(Media::Json),
        // Equal weight: whichever was named, rather than covered by a wildcard; the new one where both were.
        _ if new.1 >= old.1 && new.1 == 2 => Some(Media::GraphqlResponse),
        _ => Some(Media::Json),
    }
}

/// How welcome an event stream is beside a single answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Streaming {
    /// Not at all: it was not named.
    Refused,
    /// It may come where there is no other way, as for a subscription.
    Accepted,
    /// More than a single answer, for any operation.
    Preferred,
}

/// What the `Accept` header says of `text/event-stream`. Wildcards do not mean it: who does not know of it cannot read
/// it.
pub fn streaming(accept: Option<&str>) -> Streaming {
    let ranges: Vec<Range<'_>> = accept.unwrap_or_default().split(',').filter_map(Range::parse).collect();
    let quality =
        |fits: &dyn Fn(&Range<'_>) -> bool| ranges.iter().filter(|range| fits(range)).map(|range| range.quality).max();
    let is_stream = |range: &Range<'_>| {
        range.kind.eq_ignore_ascii_case("text") && range.subtype.eq_ignore_ascii_case("event-stream") && !range.foreign
    };
    let stream = quality(&is_stream).unwrap_or(0);
    let single = quality(&|range| range.fits(Media::GraphqlResponse) || range.fits(Media::Json)).unwrap_or(0);
    match stream {
        0 => Streaming::Refused,
        _ if stream > single => Streaming::Preferred,
        _ => Streaming::Accepted,
    }
}

/// Whether a request body of this type is JSON in UTF-8.
pub fn is_json(content_type: Option<&str>) -> bool {
    let Some(content_type) = content_type else { return false };
    let mut parts = content_type.split(';').map(str::trim);
    parts.next().is_some_and(|name| name.eq_ignore_ascii_case("application/json"))
        && parts.all(|parameter| !other_charset(parameter))
}

fn other_charset(parameter: &str) -> bool {
    parameter.split_once('=').is_some_and(|(name, value)| {
        let value = value.trim().trim_matches('"');
        name.trim().eq_ignore_ascii_case("charset")
            && !value.eq_ignore_ascii_case("utf-8")
            && !value.eq_ignore_ascii_case("utf8")
    })
}

struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    /// Thousandths.
    quality: u32,
    /// A charset other than ours was asked for.
    foreign: bool,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut range = Self { kind: kind.trim(), subtype: subtype.trim(), quality: 1_000, foreign: false };
        for parameter in parts {
            match parameter.split_once('=') {
                Some((name, value)) if name.trim().eq_ignore_ascii_case("q") => {
                    let quality: f32 = value.trim().parse().ok().filter(|quality| (0.0..=1.0).contains(quality))?;
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1,000")]
                    let thousandths = (quality * 1_000.0).round() as u32;
                    range.quality = thousandths;
                }
                _ => range.foreign |= other_charset(parameter),
            }
        }
        Some(range)
    }

    fn rank(&self) -> u8 {
        match (self.kind, self.subtype) {
            ("*", _) => 0,
            (_, "*") => 1,
            _ => 2,
        }
    }

    fn fits(&self, media: Media) -> bool {
        let (kind, subtype) = media.name();
        !self.foreign
            && (self.kind == "*" && self.subtype == "*"
                || self.kind.eq_ignore_ascii_case(kind)
                    && (self.subtype == "*" || self.subtype.eq_ignore_ascii_case(subtype)))
    }
}
