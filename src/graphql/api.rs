//! The executor: what happens to every operation, however it arrived.
//!
//! budget → parse → amount → `@access` of the root fields → cost taken from the budget → execution with [`Reads`] for this
//! caller, within its time → errors translated.
//! It stands in place of the library's schema extensions, each of which would cost a boxed future per field.

use std::{net::IpAddr, sync::Arc, time::Duration};

use async_graphql::{
    PathSegment, Request, Response, SDLExportOptions, ServerError, Value,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
};
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};

use tokio::time::timeout;

use super::{
    access::Roots,
    budget::{Bill, BudgetLimits, Budgets, Payer},
    cost::Costs,
    error,
    limits::{self, Limits},
    root::{self, Schema},
};
use crate::platform::{
    access::Caller,
    db::Db,
    fault::{Fault, Outcome},
    reads::Reads,
    telemetry::Telemetry,
};

/// The schema with its limits and its access table. Cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

struct Inner {
    schema: Schema,
    roots: Roots,
    costs: Costs,
    rules: Rules,
    budgets: Budgets,
    db: Db,
    telemetry: Telemetry,
}

/// How much, how often and how long.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Of one operation.
    pub limits: Limits,
    /// Of one client.
    pub budget: BudgetLimits,
    /// The longest that a query or a mutation may take; its work in the database ends with it.
    pub time: Duration,
}

/// An operation that may be executed.
pub struct Admitted {
    pub(super) request: Request,
    pub(super) kind: OperationType,
    pub(super) caller: Caller,
    bill: Bill,
    /// Whether the client wants to see the bill.
    tells_cost: bool,
}

/// Why an operation was not executed. Nothing of it was.
pub struct Refused {
    /// What the client is told.
    pub errors: Vec<ServerError>,
    /// Whether the caller, rather than the document, is at fault.
    pub fault: Option<Fault>,
}

impl Api {
    /// Builds the schema over a database; what is executed is measured by `telemetry`.
    pub fn new(db: Db, rules: Rules, services: root::Services, telemetry: Telemetry) -> Self {
        let schema = root::schema(services);
        let sdl = schema.sdl();
        let (roots, costs) = (Roots::read(&sdl), Costs::read(&sdl));
        let budgets = Budgets::new(rules.budget.clone(), db.clock().clone());
        Self(Arc::new(Inner { schema, roots, costs, rules, budgets, db, telemetry }))
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.0.rules.limits
    }

    /// What every client may still use.
    pub fn budgets(&self) -> &Budgets {
        &self.0.budgets
    }

    /// The decision of every root field.
    pub fn roots(&self) -> &Roots {
        &self.0.roots
    }

    /// The schema in the definition language.
    pub fn sdl(&self) -> String {
        sdl(&self.0.schema)
    }

    /// Which kind of operation a request is; `None` where that cannot be told (no such operation, not parsable).
    pub fn operation(&self, request: &mut Request) -> Option<OperationType> {
        limits::check_text(&request.query, self.limits()).ok()?;
        let name = request.operation_name.clone();
        let document = request.parsed_query().ok()?;
        chosen(document, name.as_deref()).map(|operation| operation.ty)
    }

    pub(super) fn telemetry(&self) -> &Telemetry {
        &self.0.telemetry
    }

    /// [`Api::admit`], unmeasured.
    pub(super) fn decide(&self, request: Request, caller: Caller, address: IpAddr) -> Result<Admitted, Refused> {
        let payer = Payer::of(&caller.actor, address);
        let request_id = Arc::clone(&caller.request_id);
        self.0.budgets.admit(&payer).map_err(|fault| Refused::by(fault, &request_id))?;
        let length = request.query.len();
        let mut admitted = self.examine(request, caller).inspect_err(|_| self.0.budgets.fine(&payer, length))?;
        let left = self.0.budgets.charge(&payer, admitted.bill.cost);
        admitted.bill.budget = left.map_err(|fault| Refused::by(fault, &request_id))?;
        Ok(admitted)
    }

    fn examine(&self, mut request: Request, caller: Caller) -> Result<Admitted, Refused> {
        let request_id = Arc::clone(&caller.request_id);
        let refused = |fault: Fault| Refused::by(fault, &request_id);
        limits::check_text(&request.query, self.limits()).map_err(refused)?;
        let name = request.operation_name.clone();
        // Set aside while the document is looked at, and put back below.
        let variables = std::mem::take(&mut request.variables);
        let document = match request.parsed_query() {
            Ok(document) => document,
            Err(cause) => return Err(Refused { errors: vec![error::translate(cause, &request_id)], fault: None }),
        };
        let Some(operation) = chosen(document, name.as_deref()) else {
            let fault =
                Fault::invalid("operationName", "OPERATION", "Name one of the document's operations in operationName.");
            return Err(refused(fault));
        };
        limits::check(document, operation, self.limits()).map_err(refused)?;
        let cost = self.0.costs.of(document, operation, &variables);
        let most = self.limits().cost;
        if cost > most {
            let message = format!(
                "This can bring {cost} values, and {most} is the most; ask for smaller pages, or in several requests."
            );
            return Err(refused(Fault::invalid("query", "COST", message)));
        }
        let fields = limits::root_fields(document, &operation.selection_set.node).map_err(refused)?;
        for (field, key) in fields {
            if let Err(fault) = self.0.roots.check(operation.ty, field, &caller) {
                let mut refusal = refused(fault);
                refusal.errors[0].path = vec![PathSegment::Field(key.to_owned())];
                return Err(refusal);
            }
        }
        let kind = operation.ty;
        request.variables = variables;
        let tells_cost = request.extensions.get("cost") == Some(&Value::Boolean(true));
        let request = request.data(Reads::new(self.0.db.clone(), caller.clone()));
        Ok(Admitted { request, kind, caller, bill: Bill { cost, most, budget: None }, tells_cost })
    }

    /// [`Api::execute`], unmeasured.
    pub(super) async fn run(&self, admitted: Admitted) -> Outcome<Response> {
        let Admitted { request, caller, bill, tells_cost, .. } = admitted;
        let limit = self.0.rules.time;
        let work = self.0.db.operation(self.0.schema.execute(request));
        let mut response = timeout(limit, work).await.map_err(|_| {
            tracing::info!(request_id = %caller.request_id, "an operation took too long");
            Fault::Unavailable(format!(
                "This took longer than {} s and was ended. Ask for less at once, or repeat a change under its idempotencyKey.",
                limit.as_secs()
            ))
        })?;
        response.errors = response.errors.into_iter().map(|each| error::translate(each, &caller.request_id)).collect();
        if tells_cost {
            response.extensions.insert("cost".to_owned(), bill.value());
        }
        Ok(response)
    }

    /// [`Api::stream`], unmeasured.
    pub(super) fn results(&self, admitted: Admitted) -> BoxStream<'static, Response> {
        if admitted.kind != OperationType::Subscription {
            let api = self.clone();
            let request_id = Arc::clone(&admitted.caller.request_id);
            let failed = move |fault: Fault| Response::from_errors(vec![error::whole(&fault, &request_id)]);
            return stream::once(async move { api.run(admitted).await.unwrap_or_else(failed) }).boxed();
        }
        let Admitted { request, caller, .. } = admitted;
        let translate = move |mut response: Response| {
            response.errors =
                response.errors.into_iter().map(|each| error::translate(each, &caller.request_id)).collect();
            response
        };
        self.0.schema.execute_stream(request).map(translate).boxed()
    }
}

impl Refused {
    fn by(fault: Fault, request_id: &str) -> Self {
        Self { errors: vec![error::whole(&fault, request_id)], fault: Some(fault) }
    }
}

impl Admitted {
    /// Whether it is a query, a mutation or a subscription.
    pub fn kind(&self) -> OperationType {
        self.kind
    }
}

/// A schema in the definition language, as it is published.
pub fn sdl(schema: &Schema) -> String {
    schema.sdl_with_options(SDLExportOptions::new().prefer_single_line_descriptions().use_space_ident().indent_width(2))
}

fn chosen<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a OperationDefinition> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(&operation.node),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name).map(|operation| &operation.node),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.values().next().map(|operation| &operation.node)
        }
        (DocumentOperations::Multiple(_), None) => None,
    }
}
