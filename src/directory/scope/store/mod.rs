//! Every query on `scope_version` and `competence_scope`.

mod editions;
mod lines;
mod writing;

pub use editions::{edition_count, editions_by_ids, editions_of};
pub use lines::{by_ids, children, count, count_children, history, page, walk};
pub use writing::{InForce, edition, in_force_after, in_force_on, last_edition, last_of_ids, lock};
