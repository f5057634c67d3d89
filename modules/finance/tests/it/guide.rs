//! The guide about companies, request by request: each is answered as the guide says.

use codexion::prelude::*;
use codexion::web::axum::http::Method;
use codexion::web::register_companies;
use cortex_testing::{Client, TestApp};
use finance::Finance;

const GUIDE: &str = include_str!("../../../../docs/guides/companies.md");

/// The routes of companies, which an application has by itself.
#[derive(Module)]
#[module(name = "guide")]
struct Guide;

impl Registers for Guide {
    fn register(&self, m: &mut Registrar) {
        register_companies(m);
    }
}

/// A request of the guide: its first line, headers, a body perhaps, and last what is answered.
fn run(runtime: &tokio::runtime::Runtime, client: &Client, block: &str) {
    let mut lines: Vec<&str> = block.lines().collect();
    let (answer, first) = (lines.pop().unwrap(), lines.remove(0));
    let (method, path) = first.split_once(' ').unwrap();
    let headers: Vec<_> =
        lines.iter().filter(|line| !line.starts_with('{')).filter_map(|l| l.split_once(": ")).collect();
    let body = lines.iter().find(|line| line.starts_with('{')).map(|json| serde_json::from_str(json).unwrap());
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let answered = runtime.block_on(client.send(method, path, body, &headers));
    let (status, code) = answer.split_once(' ').unwrap_or((answer, ""));
    assert_eq!(answered.status.as_str(), status, "{block}\n{}", answered.text);
    assert_eq!(answered.json["code"].as_str().filter(|_| !code.is_empty()).unwrap_or_default(), code, "{block}");
}

#[test]
fn the_guide_is_true() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let test = |app: &TestApp| {
        let client = app.client();
        let blocks: Vec<_> = GUIDE.split("```http\n").skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect();
        assert!(blocks.len() > 5, "the guide has requests");
        blocks.iter().for_each(|block| run(&runtime, &client, block));
    };
    TestApp::each(|app| app.module(Finance).module(Guide), test);
}
