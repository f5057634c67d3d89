//! From order to cash over HTTP, and what every module must be.

use cortex_testing::Conformance;
use crm::Crm;
use crm_finance::CrmFinance;
use finance::Finance;
use serde_json::json;

use crate::company::each;

#[test]
fn an_order_is_shipped_invoiced_and_paid() {
    each(|company| {
        let order = company.order(|_| ()).order.id;
        let client = company.app.client();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let post = |path: String, status: u16| {
            let answer = runtime.block_on(client.post(&format!("/api/v1/{path}"), json!({})));
            assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text);
            answer.json
        };
        let shipped = post(format!("crm_inventory/sales-orders/{order}/ship"), 200);
        assert_eq!(shipped["moves"].as_array().unwrap().len(), 2);
        let invoice = post(format!("crm_finance/sales-orders/{order}/invoice"), 201);
        assert_eq!((&invoice["state"], &invoice["total"]["amount"]), (&json!("posted"), &json!("55.00")));
        let id = invoice["id"].as_str().unwrap();
        post(format!("crm_finance/invoices/{id}/pay"), 200);
        assert_eq!(company.sheet(order).order.state, crm::OrderState::Done);
        post(format!("crm_finance/invoices/{id}/pay"), 409);
    });
}

#[test]
fn the_module_conforms() {
    Conformance::of("crm_finance", |app| app.module(Finance).module(Crm).module(CrmFinance)).check();
}
