//! Finance over HTTP, and the suite that every module passes.

use codexion::core::Id;
use codexion::web::axum::http::Method;
use cortex_testing::{Answered, Client, Conformance, TestApp};
use finance::{Finance, Party};
use serde_json::{Value, json};

const BASE: &str = "/api/v1/finance";

async fn post(client: &Client, path: &str, body: Value) -> Value {
    let answer = client.post(&format!("{BASE}{path}"), body).await;
    assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.text);
    answer.json
}

async fn refused(client: &Client, path: &str, body: Value) -> (u16, String) {
    let Answered { status, json, .. } = client.post(&format!("{BASE}{path}"), body).await;
    (status.as_u16(), json["code"].as_str().unwrap_or_default().to_owned())
}

async fn get(client: &Client, path: &str) -> Value {
    let answer = client.get(&format!("{BASE}{path}")).await;
    assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.text);
    answer.json
}

fn usd(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "USD" })
}

async fn account(client: &Client, code: &str) -> Value {
    get(client, &format!("/accounts?filter=code%20%3D%20%22{code}%22")).await["items"][0]["id"].clone()
}

fn each(test: &impl AsyncFn(&Client)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let run = |app: &TestApp| {
        let client = app.client();
        runtime.block_on(async {
            let company = json!({ "name": "Demo", "currency": "USD", "first_year": 2026, "years": 1 });
            post(&client, "/companies", company).await;
            test(&client).await;
        });
    };
    TestApp::each(|app| app.module(Finance), run);
}

#[test]
fn an_entry_is_posted_and_reversed() {
    each(&async |client| {
        let (bank, equity) = (account(client, "1110").await, account(client, "3100").await);
        let entry = |amount: &str| {
            json!({ "date": "2026-01-05", "text": "capital", "lines": [
                { "account": bank, "side": "debit", "amount": usd(amount) },
                { "account": equity, "side": "credit", "amount": usd("1000.00") },
            ] })
        };
        assert_eq!(refused(client, "/entries", entry("999.99")).await, (422, "finance.entry.unbalanced".into()));
        let posted = post(client, "/entries", entry("1000.00")).await;
        assert_eq!(posted["number"], "JE-000001");
        let totals = get(client, "/trial_balance?as_of=2026-01-31").await;
        assert_eq!((&totals["debit"], &totals["rows"][0]["code"]), (&usd("1000.00"), &json!("1110")));
        let id = posted["id"].as_str().unwrap();
        let reversal = post(client, &format!("/entries/{id}/reverse"), json!({ "date": "2026-01-06" })).await;
        assert_eq!(reversal["number"], "JE-000002");
        let again = refused(client, &format!("/entries/{id}/reverse"), json!({ "date": "2026-01-06" })).await;
        assert_eq!(again, (409, "finance.post.already_reversed".into()));

        let draft = post(client, "/entries/drafts", entry("1000.00")).await;
        let path = format!("/entries/{}/post", draft["id"].as_str().unwrap());
        assert_eq!(post(client, &path, json!({ "series": "INV" })).await["number"], "INV-000001");
        assert_eq!(get(client, "/entries?count=true").await["total"], 3);
    });
}

#[test]
fn an_invoice_is_billed_and_paid() {
    each(&async |client| {
        let party: Id<Party> = Id::new();
        let tax = json!({ "code": "VAT10", "name": "VAT 10 %", "kind": "share", "rate": "0.1", "raises_base": false, "position": 0 });
        let tax = post(client, "/taxes", tax).await["id"].clone();
        let draft = json!({ "side": "customer", "party": party, "date": "2026-01-05", "currency": "USD", "lines": [
            { "text": "goods", "quantity": { "amount": "2", "unit": "pcs" }, "price": usd("10.00"), "tax": tax },
        ] });
        let id = post(client, "/invoices", draft).await["id"].as_str().unwrap().to_owned();
        assert_eq!(post(client, &format!("/invoices/{id}/post"), json!({})).await["number"], "INV-000001");
        let open = get(client, "/open_items?side=customer&as_of=2026-01-05").await;
        assert_eq!((&open["total"], &open["items"][0]["invoice"]), (&usd("22.00"), &json!(id)));
        let payment = json!({ "side": "customer", "party": party, "date": "2026-01-06", "amount": usd("22.00"), "invoices": [id] });
        post(client, "/payments", payment).await;
        assert_eq!(get(client, &format!("/invoices/{id}")).await["state"], "paid");
        assert_eq!(get(client, "/open_items?side=customer&as_of=2026-01-06").await["items"], json!([]));
        let undo = get(client, "/reconciliations").await["items"][0]["id"].as_str().unwrap().to_owned();
        client.post(&format!("{BASE}/reconciliations/{undo}/undo"), json!({ "date": "2026-01-07" })).await;
        assert_eq!(get(client, &format!("/invoices/{id}")).await["state"], "posted");
    });
}

#[test]
fn the_calendar_is_kept() {
    each(&async |client| {
        post(client, "/years", json!({ "first": "2027-01-01", "last": "2027-12-31", "months": 3 })).await;
        let periods = get(client, "/periods?count=true&sort=first").await;
        assert_eq!(periods["total"], 16);
        let january = periods["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("{BASE}/periods/{january}/state");
        assert_eq!(client.post(&path, json!({ "state": "closed" })).await.status.as_u16(), 204);
        let again = client.post(&path, json!({ "state": "closed" })).await;
        assert_eq!(again.json["code"], "finance.period.state");
        let lock = client.post(&format!("{BASE}/lock"), json!({ "kind": "soft", "until": "2026-02-28" })).await;
        assert_eq!(lock.status.as_u16(), 204);
        let account =
            json!({ "code": "1130", "name": "Till", "kind": "asset", "parent": account(client, "1100").await });
        post(client, "/accounts", account).await;
        let wrong = json!({ "code": "1130", "name": "Till", "kind": "asset", "parent": null });
        assert_eq!(refused(client, "/accounts", wrong).await, (422, "finance.chart".into()));
    });
}

#[test]
fn a_request_names_its_company() {
    use codexion::data::{Companies, NewCompany};
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let run = |app: &TestApp| {
        let client = app.client();
        let books = json!({ "name": "Demo", "currency": "USD", "first_year": 2026, "years": 1 });
        runtime.block_on(post(&client, "/companies", books.clone()));
        let main = app.work().read_blocking(Companies::current).unwrap().unwrap();
        let branch = app.found(&NewCompany::branch("b1", "Branch", &main));
        let ask = |method: Method, path: &str, body: Option<Value>, company: &str| {
            let path = format!("{BASE}{path}");
            runtime.block_on(client.send(method, &path, body, &[("cortex-company", company)]))
        };
        assert_eq!(ask(Method::GET, "/accounts", None, "b1").json["items"], json!([]), "{}", app.kind());
        let set_up = ask(Method::POST, "/companies", Some(books), "b1");
        assert_eq!(set_up.json["id"], json!(branch.id), "{}", set_up.text);
        let alone = ask(Method::GET, "/trial_balance?as_of=2026-12-31", None, &branch.id.to_string());
        assert_eq!(alone.json["rows"], json!([]), "{}", alone.text);
        let both = ask(Method::GET, "/trial_balance?as_of=2026-12-31&branches=true", None, "main");
        assert!(both.status.is_success(), "{}", both.text);
        let unknown = ask(Method::GET, "/accounts", None, "b2");
        assert_eq!((unknown.status.as_u16(), &unknown.json["code"]), (404, &json!("company.unknown")));
    };
    TestApp::each(|app| app.module(Finance), run);
}

#[test]
fn it_is_what_every_module_must_be() {
    Conformance::of("finance", |app| app.module(Finance)).filled_by(fill).check();
}

/// Writes so many records of what lists show.
fn fill(app: &TestApp, count: usize) {
    use codexion::core::{Currency, Money, Price, Quantity, Unit};
    use codexion::data::Repository;
    use finance::{Company, Invoices, NewCompany, NewInvoice, NewInvoiceLine, NewPayment, Setup};
    let (setup, invoices) = (app.get::<Setup>(), app.get::<Invoices>());
    let fill = |tx: &mut codexion::data::Tx| {
        let company = Company::of(tx.company());
        if Company::find(tx, company)?.is_none() {
            setup.company(tx, &NewCompany::new("Demo", Currency::USD, 2026, 1)?)?;
        }
        for _ in 0..count {
            let date = "2026-01-05".parse().unwrap();
            let quantity = Quantity::new(1.into(), Unit::PIECE)?;
            let line = NewInvoiceLine::new("goods", quantity, Price::new(10.into(), Currency::USD)?);
            let new = NewInvoice::customer(Id::new(), date, Currency::USD).line(line);
            let id = invoices.draft(tx, &new)?;
            invoices.post(tx, id)?;
            let amount = Money::from_minor(1_000, Currency::USD);
            let paid = NewPayment::new(finance::InvoiceSide::Customer, new.party, date, amount).settling(id);
            invoices.pay(tx, &paid)?;
        }
        Ok(())
    };
    app.work().write_blocking(fill).unwrap();
}
