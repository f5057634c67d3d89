//! A module of vehicles, as an author would write it.

use std::sync::Arc;

use cortex_core::{Cx, Error, Id, Inject, Money, Registrar, Result};
use cortex_data::{DataRegistrar, Policy, Repository, Tx, Work};
use cortex_web::{Answer, Body, Created, Html, NoContent, Once, PathId, Query, Raw, WebRegistrar};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use tokio::sync::Semaphore;

pub(crate) const UP: &str = "
CREATE TABLE fleet_vehicles (
    tenant_id uuid NOT NULL, id uuid NOT NULL, plate varchar(12) NOT NULL, driver text,
    price bigint NOT NULL, price_currency char(3) NOT NULL, seats integer NOT NULL, pin text,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL, created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL, updated_by uuid NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, plate)
);
CREATE TABLE fleet_trailers (
    tenant_id uuid NOT NULL, id uuid NOT NULL, name text NOT NULL, extra jsonb NOT NULL, version bigint NOT NULL,
    created_at timestamptz NOT NULL, created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL, updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE fleet_notes (tenant_id uuid NOT NULL, id uuid NOT NULL, text text NOT NULL, PRIMARY KEY (tenant_id, id));
";
pub(crate) const DOWN: &str = "DROP TABLE fleet_notes; DROP TABLE fleet_trailers; DROP TABLE fleet_vehicles;";

/// A vehicle: an entity with everything.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "fleet_vehicles", tenant, versioned, audited, soft_delete, crate = cortex_data)]
pub(crate) struct Vehicle {
    pub id: Id<Vehicle>,
    #[field(unique, max_len = 12)]
    pub plate: String,
    pub driver: Option<String>,
    #[field(min = 0)]
    pub price: Money,
    #[field(min = 1, max = 60)]
    pub seats: i32,
    #[field(write_only)]
    pub pin: Option<String>,
}

/// A note: the smallest entity.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "fleet_notes", tenant, crate = cortex_data)]
pub(crate) struct Note {
    pub id: Id<Note>,
    pub text: String,
}

pub(crate) struct SellVehicle;

impl Policy for SellVehicle {
    type Resource = Vehicle;
    const RESOURCE: &'static str = "fleet.vehicle";
    const ACTION: &'static str = "sell";
}

/// What the tests hold requests up with.
#[derive(Debug)]
pub(crate) struct Hold {
    /// Gains one for each request that has arrived.
    pub arrived: Semaphore,
    /// Each request takes one to go on.
    pub go_on: Semaphore,
}

pub(crate) struct FleetService {
    fee: i64,
}

impl FleetService {
    fn sell(&self, tx: &mut Tx, id: Id<Vehicle>, request: &SellRequest) -> Result<Sale> {
        let vehicle = Vehicle::get(tx, id)?;
        tx.authorize::<SellVehicle>(&vehicle)?;
        if request.price < self.fee {
            return Err(Error::refused("fleet.too_cheap", "the price is below the fee").with_help("ask for more"));
        }
        Vehicle::update(tx, id, |vehicle| {
            vehicle.driver = None;
            Ok(())
        })?;
        Ok(Sale { id: tx.new_id::<Sale>(), plate: vehicle.plate, price: request.price })
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct SellRequest {
    pub price: i64,
    #[serde(default)]
    #[expect(dead_code, reason = "it is only read")]
    pub lines: Vec<Line>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Line {
    #[expect(dead_code, reason = "it is only read")]
    pub amount: i64,
}

/// A sale.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Sale {
    pub id: Id<Sale>,
    pub plate: String,
    pub price: i64,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Search {
    pub word: String,
    #[serde(default)]
    pub times: u32,
}

async fn sell(
    work: Work,
    fleet: Inject<FleetService>,
    once: Once,
    id: PathId<Vehicle>,
    body: Body<SellRequest>,
) -> Answer<Sale> {
    work.write(move |tx| once.run(tx, |tx| fleet.sell(tx, *id, &body))).await
}

async fn whoami(cx: Cx) -> Answer<Json> {
    let actor = cx.actor();
    let has_deadline = cx.remaining()?.is_some();
    Ok(json!({
        "name": actor.name, "roles": actor.roles, "tenant": cx.tenant(), "trace": cx.trace(), "locale": cx.locale(),
        "deadline": has_deadline,
    }))
}

async fn search(query: Query<Search>) -> Answer<String> {
    Ok(query.word.repeat(query.times as usize))
}

async fn sale(body: Body<SellRequest>) -> Answer<Created<i64>> {
    Ok(Created::new(body.price).at("/api/v1/fleet/sales/1"))
}

async fn nothing() -> Answer<()> {
    Ok(())
}

async fn gone() -> Answer<NoContent> {
    Ok(NoContent)
}

async fn boom() -> Answer<()> {
    panic!("the word is swordfish")
}

async fn defect() -> Answer<()> {
    let cause = std::io::Error::other("password=hunter2");
    Err(Error::internal("fleet.defect", "table fleet_secrets is gone").with_source(cause).with_help("look at node 7"))
}

async fn down() -> Answer<()> {
    Err(Error::unavailable("data.open", "the database can't be opened: /srv/secret/place.db"))
}

async fn held(hold: Inject<Hold>) -> Answer<&'static str> {
    hold.arrived.add_permits(1);
    hold.go_on.acquire().await.expect("it is never closed").forget();
    Ok("done")
}

async fn forever(hold: Inject<Hold>) -> Answer<()> {
    hold.arrived.add_permits(1);
    std::future::pending().await
}

async fn unguarded(work: Work, body: Body<Json>) -> Answer<()> {
    let text = body.to_string();
    work.write(move |tx| Note::insert(tx, &Note { id: Id::new(), text: text.clone() })).await
}

async fn maybe(absent: Option<Inject<String>>, path: Raw<axum::extract::Path<(i32, i32)>>) -> Answer<Json> {
    let axum::extract::Path((a, b)) = path.0;
    Ok(json!({ "absent": absent.is_none(), "sum": a + b }))
}

async fn home(work: Work) -> Answer<Html> {
    let count = work.read(|tx| Vehicle::count(tx, &cortex_data::Filter::All)).await?;
    Ok(Html(format!("<h1>{count} vehicles</h1>")))
}

pub(crate) fn register(m: &mut Registrar) {
    m.repository::<Vehicle>()
        .repository::<Note>()
        .policy::<SellVehicle>()
        .instance(Arc::new(FleetService { fee: 10 }))
        .instance(Arc::new(Hold { arrived: Semaphore::new(0), go_on: Semaphore::new(0) }));
    m.rest::<Vehicle>("/vehicles").rest::<Note>("/notes").browse::<Vehicle>("/archive");
    m.post("/vehicles/{id}/sell", sell)
        .get("/whoami", whoami)
        .get("/search", search)
        .post("/sales", sale)
        .post("/nothing", nothing)
        .delete("/sales", gone)
        .put("/closure", |body: Body<SellRequest>| async move { Answer::Ok(body.price + 1) })
        .get("/boom", boom)
        .get("/defect", defect)
        .get("/down", down)
        .get("/held", held)
        .get("/forever", forever)
        .post("/unguarded", unguarded)
        .get("/sum/{a}/{b}", maybe);
    m.page("/", home);
}
