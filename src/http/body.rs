//! The body of a request: no larger than it may be, and no slower.

use std::time::Duration;

use axum::body::Body;
use futures_util::StreamExt;
use tokio::time::timeout;

/// Why a body was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is longer than it may be.
    TooLarge,
    /// It took longer than it may.
    TooSlow,
    /// The peer went away in the middle of it.
    Broken,
}

/// So many times the bytes that are taken are thrown away of a body that is too long: who is answered and cut off in the
/// middle of sending may never see the answer.
const THROWN_AWAY: usize = 8;

/// Reads a body of at most so many bytes, within a time.
///
/// # Errors
/// [`Unread`].
pub async fn read(body: Body, most: usize, within: Duration) -> Result<Vec<u8>, Unread> {
    let reading = async {
        let (mut read, mut thrown_away) = (Vec::new(), 0);
        let mut pieces = body.into_data_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|_| Unread::Broken)?;
            if thrown_away == 0 && read.len() + piece.len() <= most {
                read.extend_from_slice(&piece);
                continue;
            }
            read = Vec::new();
            thrown_away += piece.len();
            if thrown_away > most.saturating_mul(THROWN_AWAY) {
                return Err(Unread::TooLarge);
            }
        }
        if thrown_away > 0 { Err(Unread::TooLarge) } else { Ok(read) }
    };
    timeout(within, reading).await.unwrap_or(Err(Unread::TooSlow))
}
