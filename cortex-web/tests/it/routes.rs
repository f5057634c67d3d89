//! Routes as modules register them: mistakes are found before anything starts, all of them together.

use axum::http::Method;
use cortex_core::{Id, Inject, Registrar};
use cortex_web::{Answer, WebRegistrar};
use serde_json::json;

use crate::support::Setup;

struct Nobody;

async fn ping() -> Answer<&'static str> {
    Ok("pong")
}

async fn lonely(_: Inject<Nobody>) -> Answer<()> {
    Ok(())
}

#[track_caller]
fn refused(register: fn(&mut Registrar), code: &str) -> String {
    let error = Setup::default().part("other", register).try_build().err().unwrap();
    assert_eq!(error.code(), code, "{error:?}");
    format!("{error:?}")
}

#[test]
fn two_routes_that_are_the_same_stop_the_start() {
    fn twice(m: &mut Registrar) {
        m.get("/ping", ping).get("/ping", ping).get("/a/{id}", ping).post("/a/{name}/b", ping).get("/a/{other}", ping);
    }
    let text = refused(twice, "server.routes");
    assert!(text.contains("`GET /api/v1/other/ping` is registered twice, by `other`"), "{text}");
    assert!(text.contains("`GET /api/v1/other/a/{other}` is registered twice, by `other`"), "{text}");
    fn alike(m: &mut Registrar) {
        m.get("/a/{id}", ping).post("/a/{name}", ping);
    }
    let text = refused(alike, "server.routes");
    assert!(text.contains("`/api/v1/other/a/{id}` and `/api/v1/other/a/{name}` can't be told apart"), "{text}");
    fn home(m: &mut Registrar) {
        m.page("/", ping);
    }
    let text = refused(home, "server.routes");
    assert!(text.contains("`GET /` is registered twice, by `fleet` and `other`"), "{text}");
}

#[test]
fn what_handlers_inject_is_part_of_the_check_at_start() {
    fn register(m: &mut Registrar) {
        m.post("/lonely/{id}", lonely);
    }
    let error = Setup::default().part("other", register).try_build().err().unwrap();
    let text = format!("{error:?}");
    assert!(text.contains("Nobody") && text.contains("POST /api/v1/other/lonely/{id}"), "{text}");
}

#[test]
fn paths_are_checked() {
    fn register(m: &mut Registrar) {
        m.get("no-slash", ping);
        m.get("/trailing/", ping);
        m.get("/a b", ping);
        m.get("/{id}/{id}", ping);
        m.get("/{*rest}", ping);
        m.page("/api/mine", ping);
    }
    let error = Setup::default().part("other", register).try_build().err().unwrap();
    let text = format!("{error:?}");
    for part in [
        "`no-slash` does not start",
        "`/trailing/` has an empty",
        "the part `a b`",
        "`{id}` twice",
        "`{*rest}`",
        "`/api/mine` is where",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test]
async fn an_own_router_is_merged() {
    fn register(m: &mut Registrar) {
        let own = axum::Router::new().route("/public", axum::routing::get(|| async { "for all" })).route(
            "/api/own",
            axum::routing::get(|cx: axum::Extension<cortex_core::Cx>| async move { cx.actor().name.clone() }),
        );
        m.raw(own);
    }
    let test = Setup::default().part("other", register).build();
    assert_eq!(test.bare(Method::GET, "/public").send().await.expect(200).text(), "for all");
    test.bare(Method::GET, "/api/own").send().await.problem(401, "auth.token_missing");
    assert_eq!(test.get("/api/own").await.expect(200).text(), "developer");
    test.call(Method::POST, "/api/own").send().await.problem(405, "request.method");

    test.switch().disable("other", test.tenant).unwrap();
    test.get("/api/own").await.problem(404, "request.no_route");
}

#[test]
fn an_own_router_that_overlaps_stops_the_start() {
    fn register(m: &mut Registrar) {
        m.raw(axum::Router::new().route("/api/v1/fleet/whoami", axum::routing::get(|| async { "me" })));
    }
    let text = refused(register, "server.routes");
    assert!(text.contains("the own router of `other` has a route that exists already"), "{text}");
}

#[tokio::test]
async fn a_module_that_is_switched_off_has_no_routes() {
    let test = Setup::default().build();
    test.get("/api/v1/fleet/vehicles").await.expect(200);
    test.switch().disable("fleet", test.tenant).unwrap();
    for path in ["/api/v1/fleet/vehicles", "/api/v1/fleet/whoami", "/"] {
        let problem = test.get(path).await.problem(404, "request.no_route");
        assert_eq!(problem["detail"], json!(format!("there is nothing at `{path}`")));
    }
    test.switch().disable("fleet", Id::new()).unwrap();
    test.switch().enable("fleet", test.tenant).unwrap();
    test.get("/api/v1/fleet/vehicles").await.expect(200);
}
