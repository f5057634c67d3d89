//! Every error leads to a page that says what to do.

use axum::http::Method;

use crate::support::{Setup, TestServer};

const OWN: &str = "# Errors\n\n## fleet.sold\n\nStatus: 409\n\nThe vehicle is `sold` <already>.\n\nTake another one.\n";

const BETTER: &str = "## not_found\n\nStatus: 404\n\nGone fishing.\n";

async fn page(test: &TestServer, path: &str) -> String {
    let page = test.bare(Method::GET, path).send().await.expect(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'unsafe-inline';"));
    page.text()
}

#[tokio::test]
async fn the_type_of_a_problem_is_a_page() {
    let test = Setup::default().build();
    let problems = [
        test.get("/api/v1/fleet/nowhere").await.problem(404, "request.no_route"),
        test.get("/api/v1/fleet/vehicles/x").await.problem(404, "not_found"),
        test.get("/api/v1/fleet/vehicles?limit=0").await.problem(422, "page.limit"),
        test.get("/api/v1/fleet/defect").await.problem(500, "internal"),
        test.get("/api/v1/fleet/down").await.problem(503, "unavailable"),
        test.bare(Method::GET, "/api/v1/fleet/whoami").send().await.problem(401, "auth.token_missing"),
    ];
    for problem in problems {
        let text = page(&test, problem["type"].as_str().unwrap()).await;
        let (code, status) = (problem["code"].as_str().unwrap(), problem["status"].as_u64().unwrap());
        assert!(text.contains(&format!("<h1><code>{code}</code></h1>\n<p>Status: {status}")), "{text}");
        assert!(text.matches("<p>").count() >= 4, "it does not say what happened and what to do: {text}");
    }
}

#[tokio::test]
async fn modules_explain_their_own_errors_and_better_those_of_others() {
    let plain = Setup::default().part("lot", |m| _ = m.errors(OWN)).build();
    let text = page(&plain, "/api/errors/fleet.sold").await;
    assert!(
        text.contains("<p>The vehicle is <code>sold</code> &lt;already&gt;.</p>\n<p>Take another one.</p>"),
        "{text}"
    );
    assert!(text.contains("<title>Fleet: fleet.sold</title>"), "{text}");
    let list = page(&plain, "/api/errors").await;
    for code in ["fleet.sold", "deadline", "not_found", "server.rate"] {
        assert!(list.contains(&format!("<a href=\"/api/errors/{code}\"><code>{code}</code></a>")), "{code}: {list}");
    }
    assert!(page(&plain, "/api/errors/not_found").await.contains("There is no such record"));
    let changed = Setup::default().part("lot", |m| _ = m.errors(BETTER)).build();
    assert!(page(&changed, "/api/errors/not_found").await.contains("<p>Gone fishing.</p>"));
}

#[tokio::test]
async fn an_error_that_nobody_explains_is_named() {
    let test = Setup::default().build();
    let problem = test.bare(Method::GET, "/api/errors/fleet.nothing").send().await.problem(404, "request.unknown_code");
    assert_eq!(problem["detail"], "no module explains the error `fleet.nothing`");
    assert_eq!(problem["help"], "the codes that are explained are listed at `/api/errors`");
}

#[tokio::test]
async fn a_document_that_explains_nothing_is_refused() {
    let refused = Setup::default().part("lot", |m| _ = m.errors("# Errors\n\nNone.\n")).try_build();
    assert_eq!(refused.err().unwrap().code(), "modules.error_pages");
}
