//! How much there is, and when: pure functions of rules and listed days.

mod change;
mod hours;
mod outage;
mod rules;
mod shown;
mod written;

pub use change::{Affected, Changed, ChangedDay, Cut, Stretch, committed, differing};
pub use hours::{Blocking, Hours};
pub use outage::{FAR, NewOutage, Recurrence, spans};
pub use rules::{Closed, ClosedBy, Listed, Quota, Rules, monday};
pub use shown::{Day, Machine, Shown, Span, without};
pub use written::{NewCalendar, NewClosure, exception_units};
