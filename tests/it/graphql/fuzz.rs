//! No document under 10 kB costs much before it is refused or executed.

use std::{cell::Cell, net::Ipv4Addr, sync::Arc, time::Duration};

use async_graphql::Request;
use cpu_time::ThreadTime;
use labpact::{
    graphql::introspection::Validator,
    platform::access::{Actor, Caller},
};
use proptest::{
    prop_assert,
    test_runner::{Config, TestRunner},
};

use super::documents::{chosen, document};
use crate::support::{base::Backend, world::World};

/// Of the processor's time, so that a busy machine does not matter.
const MOST: Duration = Duration::from_millis(50);
const CASES: u32 = 1_500;

#[test]
fn no_document_costs_much_before_it_is_refused_or_executed() {
    World::run_with(
        Backend::Sqlite,
        |config| config.graphql.limits = Default::default(),
        async |w| {
            let validator = Validator::new();
            let caller = Caller::new(Arc::new(Actor::system(Some("GD".into()), "fuzz")), "request");
            let (admitted, refused) = (Cell::new(0), Cell::new(0));
            let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(CASES) });
            let outcome = runner.run(&document(), |text| {
                let mut request = Request::new(&text);
                request.operation_name = chosen(&text).map(str::to_owned);
                let begun = ThreadTime::now();
                let read = w.app.api.read(request, caller.clone(), Ipv4Addr::LOCALHOST.into());
                let outcome = read.and_then(|read| w.app.api.admit(read));
                let is_admitted = outcome.is_ok();
                if is_admitted {
                    // What the library does before it executes. Whatever it finds is its to tell.
                    let _ = validator.check(&text, chosen(&text));
                }
                let took = begun.elapsed();
                prop_assert!(took < MOST, "{took:?}");
                if let Err(refusal) = outcome {
                    prop_assert!(refusal.errors.iter().all(|error| error.message.chars().count() <= 201));
                }
                let count = if is_admitted { &admitted } else { &refused };
                count.set(count.get() + 1);
                Ok(())
            });
            outcome.unwrap_or_else(|failure| panic!("{failure}"));
            let (admitted, refused) = (admitted.get(), refused.get());
            assert!(admitted > CASES / 20 && refused > CASES / 20, "both happen: {admitted} and {refused}");
        },
    );
}
