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
    documents::{Documents, Hash},
    error,
    introspection::Introspection,
    limits::{self, Limits},
    root::{self, Schema},
};
use crate::platform::{
    access::{Actor, ActorKind, Caller},
    db::Db,
    fault::{Fault, Outcome},
    reads::Reads,
    telemetry::{Telemetry, trail},
};

/// The code of what the library refuses: syntax, and fields that are not there.
pub(super) const INVALID_DOCUMENT: &str = "GRAPHQL_INVALID";

/// The schema with its limits and its access table. Cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

struct Inner {
    schema: Schema,
    roots: Roots,
    costs: Costs,
    rules: Rules,
    budgets: Budgets,
    documents: Documents,
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
    /// Who may know the schema.
    pub introspection: Introspection,
}

/// A request whose document was found and can be read.
pub struct Read {
    request: Request,
    kind: Option<OperationType>,
    caller: Caller,
    payer: Payer,
    remember: Option<Hash>,
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
    pub fn new(db: Db, rules: Rules, documents: Documents, services: root::Services, telemetry: Telemetry) -> Self {
        let schema = root::schema(services);
        let sdl = schema.sdl();
        let (roots, costs) = (Roots::read(&sdl), Costs::read(&sdl));
        let budgets = Budgets::new(rules.budget.clone(), db.clock().clone());
        Self(Arc::new(Inner { schema, roots, costs, rules, budgets, documents, db, telemetry }))
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

    /// Whether a caller may know the schema.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` or `FORBIDDEN`.
    pub fn may_introspect(&self, actor: &Actor) -> Outcome<()> {
        self.0.rules.introspection.check(actor)
    }

    /// Every document that this node knows.
    pub fn documents(&self) -> &Documents {
        &self.0.documents
    }

    pub(super) fn telemetry(&self) -> &Telemetry {
        &self.0.telemetry
    }

    /// Finds and parses the document of a request, if whoever asks has anything left of its budget.
    ///
    /// # Errors
    /// [`Refused`], with what to answer.
    pub fn read(&self, mut request: Request, caller: Caller, address: IpAddr) -> Result<Read, Refused> {
        let payer = Payer::of(&caller.actor, address);
        let refused = |fault: Fault| Refused::by(fault, &caller.request_id);
        self.0.budgets.admit(&payer).map_err(refused)?;
        let bytes = request.query.len();
        let fine = |refusal: Refused| {
            self.0.budgets.fine(&payer, bytes);
            refusal
        };
        let resolved = self.0.documents.resolve(&mut request, &caller.actor);
        let remember = resolved.map_err(|fault| fine(refused(fault)))?;
        limits::check_text(&request.query, self.limits()).map_err(|fault| fine(refused(fault)))?;
        let name = request.operation_name.clone();
        let kind = match request.parsed_query() {
            Ok(document) => chosen(document, name.as_deref()).map(|operation| operation.ty),
            Err(cause) => return Err(fine(Refused::unreadable(cause, &caller.request_id))),
        };
        Ok(Read { request, kind, caller, payer, remember })
    }

    /// [`Api::admit`], unmeasured.
    pub(super) fn decide(&self, read: Read) -> Result<Admitted, Refused> {
        let Read { mut request, caller, payer, remember, .. } = read;
        let bytes = request.query.len();
        let (kind, cost) = self.examine(&mut request, &caller).inspect_err(|_| self.0.budgets.fine(&payer, bytes))?;
        let budget = self.0.budgets.charge(&payer, cost).map_err(|fault| Refused::by(fault, &caller.request_id))?;
        if let Some(hash) = remember
            && caller.actor.kind != ActorKind::Anonymous
        {
            self.0.documents.remember(hash, &mut request);
        }
        let tells_cost = request.extensions.get("cost") == Some(&Value::Boolean(true));
        let request = request.data(Reads::new(self.0.db.clone(), caller.clone()));
        Ok(Admitted { request, kind, caller, bill: Bill { cost, most: self.limits().cost, budget }, tells_cost })
    }

    /// Holds an operation against the limits and the decisions of its root fields; says what it is and what it costs.
    fn examine(&self, request: &mut Request, caller: &Caller) -> Result<(OperationType, u64), Refused> {
        let refused = |fault: Fault| Refused::by(fault, &caller.request_id);
        let name = request.operation_name.clone();
        // Set aside while the document is looked at, and put back below.
        let variables = std::mem::take(&mut request.variables);
        let document = request.parsed_query().map_err(|cause| Refused::unreadable(cause, &caller.request_id))?;
        let Some(operation) = chosen(document, name.as_deref()) else {
            let fault =
                Fault::invalid("operationName", "OPERATION", "Name one of the document's operations in operationName.");
            return Err(refused(fault));
        };
        limits::check(document, self.limits()).map_err(refused)?;
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
            let permitted = self.0.roots.check(operation.ty, field, caller);
            let known = permitted.and_then(|()| self.0.rules.introspection.check_field(field, &caller.actor));
            if let Err(fault) = known {
                let mut refusal = refused(fault);
                refusal.errors[0].path = vec![PathSegment::Field(key.to_owned())];
                return Err(refusal);
            }
        }
        let kind = operation.ty;
        request.variables = variables;
        Ok((kind, cost))
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
        error::translate_all(&mut response, &caller.request_id);
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
            error::translate_all(&mut response, &caller.request_id);
            response
        };
        self.0.schema.execute_stream(request).map(translate).boxed()
    }
}

impl Refused {
    fn unreadable(cause: ServerError, request_id: &str) -> Self {
        trail::refused(INVALID_DOCUMENT);
        Self { errors: vec![error::translate(cause, request_id)], fault: None }
    }

    fn by(fault: Fault, request_id: &str) -> Self {
        Self { errors: vec![error::whole(&fault, request_id)], fault: Some(fault) }
    }
}

impl Read {
    /// Whether it is a query, a mutation or a subscription; `None` where the document has no such operation.
    pub fn kind(&self) -> Option<OperationType> {
        self.kind
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
