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

/// Reads a body of at most so many bytes, within a time.
///
/// # Errors
/// [`Unread`].
pub async fn read(body: Body, most: usize, within: Duration) -> Result<Vec<u8>, Unread> {
    let reading = async {
        let mut read = Vec::new();
        let mut pieces = body.into_data_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|_| Unread::Broken)?;
            if read.len() + piece.len() > most {
                return Err(Unread::TooLarge);
            }
            read.extend_from_slice(&piece);
        }
        Ok(read)
    };
    timeout(within, reading).await.unwrap_or(Err(Unread::TooSlow))
}
