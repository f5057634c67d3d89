//! The tenant of a request: from its token, a header, its host name and its path, on both databases.

use std::sync::Arc;

use axum::http::Method;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use cortex_core::{Actor, Cx, Id, Result, TenantId, async_trait};
use cortex_data::{Database, Placement, Tenant, TenantEntry, TenantStatus};
use cortex_web::{Authenticator, RequestError, WebConfig, WebServer};

use crate::rest::vehicle;
use crate::support::{Call, Setup, TestServer, servers_of};

const WHOAMI: &str = "/api/v1/fleet/whoami";
const VEHICLES: &str = "/api/v1/fleet/vehicles";

/// A token is the name of whoever sends it: of the tenant that is called so, or `support`, who is of `acme` and may act
/// in `globex` too.
struct Names {
    acme: TenantId,
    globex: TenantId,
}

#[async_trait]
impl Authenticator for Names {
    async fn authenticate(&self, request: &Parts) -> Result<Cx> {
        let proof = request.headers.get(AUTHORIZATION).ok_or(RequestError::TokenMissing)?;
        let name = proof.to_str().unwrap();
        let tenant = if name == "globex" { self.globex } else { self.acme };
        Ok(Cx::new(tenant, Actor::person(Id::new(), name, &["owner"])))
    }

    fn visitor(&self, _: &Parts) -> Option<Cx> {
        Some(Cx::new(self.acme, Actor::person(Id::new(), "visitor", &[])))
    }

    async fn may_enter(&self, cx: &Cx, tenant: &TenantEntry) -> Result<bool> {
        Ok(cx.actor().name == "support" && tenant.id == self.globex)
    }
}

/// A server of the tenants `acme` and `globex`, each with a host name of its own, and `hidden`.
struct World {
    test: TestServer,
    names: Names,
}

impl World {
    fn all(config: &'static str) -> Vec<Self> {
        let setup = || if config.is_empty() { Setup::default() } else { Setup::default().config(config) };
        servers_of(setup).into_iter().map(Self::on).collect()
    }

    fn on(mut test: TestServer) -> Self {
        let database = test.container.get::<Database>().unwrap();
        let directory = database.directory();
        let [acme, globex, _] = ["acme", "globex", "hidden"].map(|name| {
            let id = Id::new();
            let insert = directory.work("test").write_blocking(|tx| {
                let status = TenantStatus::Active;
                directory.insert(tx, &Tenant { status, ..Tenant::new(id, name, Placement::Shared, tx.now()) })?;
                directory.set_hosts(tx, id, &[format!("{name}.example")])
            });
            insert.unwrap();
            id
        });
        let server = WebServer {
            title: "Fleet",
            version: "1.0.0",
            container: &test.container,
            database: database.as_ref().clone(),
            authenticator: Arc::new(Names { acme, globex }),
            config: &test.container.get::<WebConfig>().unwrap(),
        };
        test.server = server.build().unwrap();
        Self { test, names: Names { acme, globex } }
    }

    fn call(&self, token: &str, path: &str) -> Call {
        self.test.bare(Method::GET, path).header("authorization", token)
    }

    /// Sends the request and says in which tenant it was answered.
    async fn answered(&self, call: Call) -> &'static str {
        let tenant = call.send().await.expect(200).json()["tenant"].clone();
        let is = |id: TenantId| tenant == serde_json::to_value(id).unwrap();
        match () {
            () if is(self.names.acme) => "acme",
            () if is(self.names.globex) => "globex",
            () => panic!("{tenant} on {}", self.test.name),
        }
    }
}

fn under(name: &str, path: &str) -> String {
    format!("/t/{name}{path}")
}

#[tokio::test]
async fn without_a_name_the_token_counts() {
    for world in World::all("") {
        for (token, tenant) in [("acme", "acme"), ("globex", "globex"), ("support", "acme")] {
            assert_eq!(world.answered(world.call(token, WHOAMI)).await, tenant);
        }
        // The server's own host names are no tenant's.
        for host in ["localhost:8080", "erp.example", "[::1]:8080", "127.0.0.1"] {
            assert_eq!(world.answered(world.call("globex", WHOAMI).header("host", host)).await, "globex", "{host}");
        }
    }
}

#[tokio::test]
async fn header_host_and_path_name_a_tenant() {
    for world in World::all("") {
        for (token, tenant) in [("support", "globex"), ("globex", "globex"), ("acme", "acme")] {
            let by_header = world.call(token, WHOAMI).header("cortex-tenant", tenant);
            assert_eq!(world.answered(by_header).await, tenant);
            for host in [format!("{tenant}.example"), format!("{}.EXAMPLE.:8080", tenant.to_uppercase())] {
                let by_host = world.call(token, WHOAMI).header("host", &host);
                assert_eq!(world.answered(by_host).await, tenant, "{host}");
            }
            let by_path = world.call(token, &under(tenant, WHOAMI));
            assert_eq!(world.answered(by_path).await, tenant);
            let by_all = world.call(token, &under(tenant, WHOAMI)).header("cortex-tenant", tenant);
            assert_eq!(world.answered(by_all.header("host", format!("{tenant}.example"))).await, tenant);
        }
    }
}

#[tokio::test]
async fn nobody_enters_a_tenant_by_naming_it() {
    for world in World::all("") {
        for (token, tenant) in [("acme", "globex"), ("globex", "acme"), ("support", "hidden")] {
            for (call, source) in [
                (world.call(token, WHOAMI).header("cortex-tenant", tenant), "the header `Cortex-Tenant`"),
                (world.call(token, WHOAMI).header("host", format!("{tenant}.example")), "the host name"),
                (world.call(token, &under(tenant, WHOAMI)), "the path"),
            ] {
                let problem = call.send().await.problem(403, "tenancy.mismatch");
                assert_eq!(problem["detail"], format!("the token and {source} are of different tenants"));
            }
        }
        // Who is not signed in learns nothing, not even whether there is such a tenant.
        for tenant in ["acme", "nobody"] {
            world.test.bare(Method::GET, &under(tenant, WHOAMI)).send().await.problem(401, "auth.token_missing");
        }
    }
}

#[tokio::test]
async fn names_must_not_contradict_each_other() {
    for world in World::all("") {
        let header = || world.call("support", WHOAMI).header("cortex-tenant", "acme");
        let problem = header().header("host", "globex.example").send().await.problem(403, "tenancy.mismatch");
        assert_eq!(problem["detail"], "the header `Cortex-Tenant` and the host name are of different tenants");
        let path = world.call("support", &under("globex", WHOAMI));
        path.header("cortex-tenant", "acme").send().await.problem(403, "tenancy.mismatch");
        let path = world.call("support", &under("globex", WHOAMI)).header("host", "acme.example");
        path.send().await.problem(403, "tenancy.mismatch");
        header().header("cortex-tenant", "acme").send().await.problem(400, "request.header");
    }
}

#[tokio::test]
async fn what_no_tenant_is_called_is_unknown() {
    for world in World::all("") {
        for name in ["nobody", "Acme", "", "acme,globex", "%61cme"] {
            let problem = world.call("support", WHOAMI).header("cortex-tenant", name).send().await;
            let problem = problem.problem(404, "tenancy.unknown");
            assert_eq!(problem["detail"], format!("there is no tenant `{name}`"));
        }
        world.call("support", &under("nobody", WHOAMI)).send().await.problem(404, "tenancy.unknown");
        world.call("support", &under("%61cme", WHOAMI)).send().await.problem(404, "tenancy.unknown");
        // One prefix is taken off, and a prefix alone is none.
        let twice = under("acme", &under("globex", WHOAMI));
        world.call("support", &twice).send().await.problem(404, "request.no_route");
        world.call("support", "/t//api/v1/fleet/whoami").send().await.problem(404, "request.no_route");
    }
}

#[tokio::test]
async fn work_is_done_in_the_tenant_of_the_path() {
    for world in World::all("") {
        let made = world.test.bare(Method::POST, &under("globex", VEHICLES)).header("authorization", "support");
        let made = made.json(&vehicle("B-1", 5)).send().await.expect(201);
        let path = made.header("location");
        assert!(path.starts_with(&under("globex", VEHICLES)), "{path}");
        assert_eq!(world.call("support", path).send().await.expect(200).json()["plate"], "B-1");
        assert_eq!(world.call("globex", path).send().await.expect(200).json()["plate"], "B-1");
        let plain = path.strip_prefix("/t/globex").unwrap();
        world.call("globex", plain).send().await.expect(200);
        world.call("support", plain).send().await.problem(404, "not_found");
        let filtered = format!("{}?filter=plate%20%3D%20%27B-1%27", under("globex", VEHICLES));
        let page = world.call("support", &filtered).send().await.expect(200).json();
        assert_eq!(page["items"].as_array().map(Vec::len), Some(1), "{page:#}");

        // Pages too, for whoever may see them there.
        let page = world.call("support", "/t/globex").send().await.expect(200);
        assert!(page.text().contains("1 vehicles"), "{}", page.text());
        world.test.bare(Method::GET, "/t/acme/").send().await.expect(200);
        world.test.bare(Method::GET, "/t/globex/").send().await.problem(403, "tenancy.mismatch");
    }
}

#[tokio::test]
async fn a_tenant_that_is_not_served_is_refused_with_the_reason() {
    for world in World::all("") {
        let directory = world.test.container.get::<Database>().unwrap().directory();
        let suspend = directory.work("test").write_blocking(|tx| {
            directory.update(tx, world.names.globex, |tenant| {
                tenant.status = TenantStatus::Suspended;
                tenant.suspended_reason = Some("unpaid".to_owned());
                Ok(())
            })
        });
        suspend.unwrap();
        for token in ["globex", "support"] {
            let problem = world.call(token, &under("globex", VEHICLES)).send().await.problem(403, "tenancy.suspended");
            assert_eq!(problem["detail"], "the tenant `globex` is suspended: unpaid");
        }
        // Others are not told.
        world.call("acme", &under("globex", VEHICLES)).send().await.problem(403, "tenancy.mismatch");
    }
}

#[tokio::test]
async fn what_the_configuration_leaves_out_names_nobody() {
    for world in World::all("tenancy.from=[\"token\"]") {
        let named = world.call("acme", WHOAMI).header("cortex-tenant", "globex").header("host", "globex.example");
        assert_eq!(world.answered(named).await, "acme");
        world.call("acme", &under("acme", WHOAMI)).send().await.problem(404, "request.no_route");
    }
    for world in World::all("tenancy.from=[\"host\"]") {
        let problem = world.call("acme", WHOAMI).header("host", "erp.example").send().await;
        problem.problem(400, "tenancy.unnamed");
        let named = |token: &str| world.call(token, WHOAMI).header("host", "globex.example");
        assert_eq!(world.answered(named("globex")).await, "globex");
        named("acme").send().await.problem(403, "tenancy.mismatch");
    }
}

#[test]
fn only_what_exists_can_be_believed() {
    let error = Setup::default().config("tenancy.from=[\"token\",\"cookie\"]").try_build().err().unwrap();
    assert!(error.to_string().contains("cookie"), "{error}");
}

#[tokio::test]
async fn the_development_token_goes_everywhere_and_visitors_stay() {
    for setup in servers_of(Setup::default) {
        let development = setup.server.clone();
        let mut world = World::on(setup);
        world.test.server = development;
        let token = format!("Bearer {}", world.test.token);
        for tenant in ["acme", "globex"] {
            assert_eq!(world.answered(world.call(&token, &under(tenant, WHOAMI))).await, tenant);
        }
        let home = world.call(&token, WHOAMI).send().await.expect(200).json()["tenant"].clone();
        assert_eq!(home, serde_json::to_value(world.test.tenant).unwrap());
        world.test.bare(Method::GET, "/t/acme").send().await.problem(403, "tenancy.mismatch");
        world
            .test
            .bare(Method::GET, "/")
            .header("host", "acme.example")
            .send()
            .await
            .problem(401, "auth.token_missing");
    }
}
