//! Versions over HTTP: `ETag`, `If-Match`, `If-None-Match`.

use axum::http::Method;
use serde_json::json;

use crate::rest::created;
use crate::support::servers;

#[tokio::test]
async fn changes_are_made_to_the_version_that_was_read() {
    for test in servers() {
        let path = created(&test, "B-1", 5).await;
        let patch = |tag: &'static str| {
            let call = test.call(Method::PATCH, &path).header("if-match", tag);
            call.json(&json!({ "seats": 6 })).send()
        };
        let problem = patch("\"7\"").await.problem(412, "version");
        assert_eq!(problem["detail"], "the record has version 1 by now", "{}", test.name);
        patch("W/\"1\"").await.problem(412, "version");
        patch("1").await.problem(400, "request.header");
        assert_eq!(patch("\"7\", \"1\"").await.expect(200).header("etag"), "\"2\"");
        patch("\"1\"").await.problem(412, "version");
        assert_eq!(patch("*").await.expect(200).json()["seats"], 6);

        let delete = |tag: &'static str| test.call(Method::DELETE, &path).header("if-match", tag).send();
        delete("\"1\"").await.problem(412, "version");
        let tag = test.get(&path).await.header("etag").to_owned();
        test.call(Method::DELETE, &path).header("if-match", tag).send().await.expect(204);
    }
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    for test in servers() {
        let path = created(&test, "B-1", 5).await;
        let get = |tag: &'static str| test.call(Method::GET, &path).header("if-none-match", tag).send();
        let reply = get("W/\"1\"").await.expect(304);
        assert_eq!((reply.bytes.len(), reply.header("etag")), (0, "\"1\""), "{}", test.name);
        assert_eq!(get("\"2\"").await.expect(200).json()["version"], 1);
    }
}
