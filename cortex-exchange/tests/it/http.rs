//! Imports, exports and templates over HTTP.

use codexion::web::axum::http::{StatusCode, header};
use serde_json::json;

use crate::shop::{brands, csv, each, import};

fn block<R>(future: impl Future<Output = R>) -> R {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// A text in a query.
fn quoted(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

#[test]
fn a_file_is_imported_and_its_report_answered() {
    each(|app| {
        let client = app.client();
        let path = "/api/v1/exchange/imports/shop.brand?format=csv";
        let answered = block(client.upload(path, b"code,name\nA,Acme\nB,Bolt\n".to_vec()));
        assert_eq!(answered.status, StatusCode::OK, "{}: {}", app.kind(), answered.text);
        assert_eq!((&answered.json["inserted"], &answered.json["outcome"]), (&json!(2), &json!("stored")));
        // Rows that are wrong are told, and nothing is stored.
        let mapping = quoted(r#"{"columns": {"Code": "code"}, "constants": {"name": "x"}}"#);
        let path = format!("{path}&mapping={mapping}");
        let answered = block(client.upload(&path, b"Code\nC\nA\n".to_vec()));
        assert_eq!(answered.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answered.text);
        let error = &answered.json["errors"][0];
        assert_eq!((&error["line"], &error["column"], &error["value"]), (&json!(3), &json!("Code"), &json!("A")));
        let path = format!("{path}&on_error=skip");
        let answered = block(client.upload(&path, b"Code\nC\nA\n".to_vec()));
        assert_eq!((&answered.json["inserted"], &answered.json["refused"]), (&json!(1), &json!(1)));
        assert_eq!(brands(app).len(), 3);
    });
}

#[test]
fn what_is_wrong_with_the_request_is_a_problem() {
    each(|app| {
        let client = app.client();
        for (path, body, status, code) in [
            ("imports/shop.none?format=csv", "x\n", 404, "data.entity"),
            ("imports/shop.ledger?format=csv", "amount\n", 409, "exchange.entity"),
            ("imports/shop.brand?format=csv", "cod\n", 422, "exchange.mapping"),
            ("imports/shop.brand?format=csv&mapping=x", "code\n", 422, "exchange.mapping"),
            ("imports/shop.brand?format=doc", "code\n", 400, "request.query"),
            ("imports/shop.brand", "code\n", 400, "request.query"),
        ] {
            let answered = block(client.upload(&format!("/api/v1/exchange/{path}"), body.as_bytes().to_vec()));
            assert_eq!(answered.status.as_u16(), status, "{path}: {}", answered.text);
            assert_eq!(answered.json["code"], code, "{path}: {}", answered.text);
        }
        let answered = block(client.get("/api/v1/exchange/exports/shop.brand?format=csv&filter=x%3D1"));
        assert_eq!((answered.status.as_u16(), &answered.json["code"]), (422, &json!("filter.field")));
    });
}

#[test]
fn an_export_is_a_file_and_a_template_too() {
    each(|app| {
        let mut text = "code,name\n".to_owned();
        (0..5_000).for_each(|i| text.push_str(&format!("{i},{}\n", "long name ".repeat(10))));
        import(app, "shop.brand", text.as_bytes(), &csv()).unwrap();
        let client = app.client();
        let answered = block(client.get("/api/v1/exchange/exports/shop.brand?format=csv&sort=-code&select=code"));
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.text);
        assert_eq!(answered.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
        assert_eq!(answered.headers[header::CONTENT_DISPOSITION], "attachment; filename=\"shop.brand.csv\"");
        assert_eq!(answered.text.lines().count(), 5_001, "{}", app.kind());
        assert!(answered.text.starts_with("code\n999\n998\n"));
        let answered = block(client.get("/api/v1/exchange/exports/shop.brand?format=jsonl"));
        assert_eq!(answered.text.lines().count(), 5_000);
        let answered = block(client.get("/api/v1/exchange/templates/shop.brand?format=csv"));
        assert_eq!(answered.text, "code,name\n");
        let document = client.openapi();
        assert!(document["paths"]["/api/v1/exchange/imports/{entity}"]["post"]["requestBody"].is_object());
    });
}

#[test]
fn a_file_beyond_the_limit_is_refused() {
    each(|app| {
        let mut text = b"code,name\n".to_vec();
        text.resize(257 * 1024 * 1024, b'x');
        let answered = block(app.client().upload("/api/v1/exchange/imports/shop.brand?format=csv", text));
        assert_eq!((answered.status.as_u16(), &answered.json["code"]), (413, &json!("exchange.too_large")));
    });
}

#[test]
fn the_module_is_one_like_others() {
    cortex_testing::Conformance::of("exchange", |app| app.module(cortex_exchange::ExchangeModule)).check();
}
