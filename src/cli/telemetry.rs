//! Where the log goes.

use std::io;

use tracing_subscriber::{EnvFilter, fmt};

use crate::{
    config::{LogConfig, LogFormat},
    platform::fault::{Fault, Outcome},
};

/// As [`begin`], for commands that end by themselves: warnings and worse, where the configuration says nothing else.
///
/// # Errors
/// As [`begin`].
pub fn begin_quietly(config: &LogConfig) -> Outcome<()> {
    if config.filter == LogConfig::default().filter {
        return begin(&LogConfig { filter: "warn".to_owned(), ..config.clone() });
    }
    begin(config)
}

/// Begins to log to standard error.
///
/// # Errors
/// `INVALID` for a filter that is none.
pub fn begin(config: &LogConfig) -> Outcome<()> {
    let filter = EnvFilter::try_new(&config.filter)
        .map_err(|cause| Fault::invalid("log.filter", "LOG_FILTER", format!("{cause}.")))?;
    let builder = fmt().with_env_filter(filter).with_writer(io::stderr);
    let begun = match config.format {
        LogFormat::Pretty => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    begun.map_err(Fault::internal)
}
