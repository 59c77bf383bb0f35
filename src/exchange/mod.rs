//! Import and export of the register as files.
