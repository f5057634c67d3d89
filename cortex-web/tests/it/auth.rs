//! Who gets in: the token, the file it lives in, and addresses of other machines.

use axum::http::Method;
use cortex_core::Kind;
use cortex_web::DevToken;

use crate::support::Setup;

#[tokio::test]
async fn the_api_needs_the_token() {
    let test = Setup::default().build();
    for path in ["/api/v1/fleet/vehicles", "/api/v1/fleet/nowhere", "/api/v1", "/api/other"] {
        let reply = test.bare(Method::GET, path).send().await;
        assert_eq!(reply.header("www-authenticate"), "Bearer");
        let problem = reply.problem(401, "auth.token_missing");
        assert_eq!(problem["help"], "send `Authorization: Bearer <token>`");
    }
    let wrong = [format!("Bearer {}x", test.token), "Bearer".into(), "Bearer ".into(), format!("Basic {}", test.token)];
    for proof in wrong {
        let reply = test.bare(Method::GET, "/api/v1/fleet/vehicles").header("authorization", proof).send().await;
        reply.problem(401, "auth.token_invalid");
    }
    let page = test.bare(Method::GET, "/").header("authorization", "Bearer wrong").send().await;
    page.problem(401, "auth.token_invalid");
    test.get("/api/v1/fleet/vehicles").await.expect(200);
}

#[tokio::test]
async fn the_documentation_and_health_are_for_everybody() {
    let test = Setup::default().build();
    for path in ["/api/openapi.json", "/api/docs", "/health/live", "/health/ready", "/health/startup", "/"] {
        test.bare(Method::GET, path).send().await.expect(200);
        test.get(path).await.expect(200);
    }
}

#[tokio::test]
async fn pages_show_no_data_to_sites_that_borrow_this_machines_address() {
    let test = Setup::default().build();
    for host in ["localhost:8080", "127.0.0.1:8080"] {
        test.bare(Method::GET, "/").header("host", host).send().await.expect(200);
    }
    test.bare(Method::GET, "/").header("host", "evil.example").send().await.problem(401, "auth.token_missing");
}

#[test]
fn addresses_of_other_machines_are_refused() {
    for address in ["web.listen=0.0.0.0:8080", "web.listen=192.168.1.2:80", "web.listen=[::]:8080"] {
        let error = Setup::default().config(address).try_build().err().unwrap();
        assert_eq!((error.kind(), error.code()), (Kind::Config, "server.not_loopback"), "{address}");
        assert!(error.help().unwrap().contains("--listen 127.0.0.1:"));
    }
    Setup::default().config("web.listen=[::1]:8080").build();
}

#[test]
fn the_token_is_made_once_and_kept_for_its_owner() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deeper/token");
    let (made, created) = DevToken::load_or_create(&path).unwrap();
    assert!(created && made.expose().len() == 43, "256 bits in base64");
    let (kept, created) = DevToken::load_or_create(&path).unwrap();
    assert!(!created && kept.is(made.expose()) && !kept.is("x"));
    assert_eq!(format!("{made:?}"), "DevToken(***)");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    std::fs::write(&path, "short").unwrap();
    let error = DevToken::load_or_create(&path).unwrap_err();
    assert_eq!(error.code(), "server.token");
    assert!(error.message().ends_with("can't be read: it is damaged"), "{error}");
    let error = DevToken::load_or_create(folder.path()).unwrap_err();
    assert_eq!(error.code(), "server.token");
}
