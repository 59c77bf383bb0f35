//! What the tests stand on: the databases, and the world they run in.

pub mod base;
pub mod postgres;
pub mod world;

/// Runs each test on SQLite and on PostgreSQL, in a [`world::World`] of its own.
///
/// `both! { async fn overlapping_hold_is_refused(w: World) { … } }`
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: World) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn body($world: &$crate::support::world::World) $body

            fn boxed(world: &$crate::support::world::World) -> $crate::support::world::Course<'_> {
                Box::pin(body(world))
            }

            #[test]
            fn sqlite() {
                $crate::support::world::World::run_boxed($crate::support::base::Backend::Sqlite, boxed);
            }

            #[test]
            fn postgres() {
                $crate::support::world::World::run_boxed($crate::support::base::Backend::Postgres, boxed);
            }
        }
    )*};
}
