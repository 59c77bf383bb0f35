//! Bringing files into the register and taking them out.
//!
//! An import is one transaction: killed half-way it leaves nothing, and can be run again. A row that is refused undoes
//! itself alone; the others go on.

mod apply;
mod export;
mod import;
mod scopes;

pub use export::{ExportOrder, Target, export};
pub use import::{AnnexOrder, ImportOrder, Progress, import};
