//! Purchase orders that are received, billed and paid.

use codexion::prelude::*;
use crm::{LineDraft, OrderState, Progress, PurchaseDraft, PurchaseSheet};
use crm_finance::Charge;
use crm_inventory::Dispatch;
use finance::Role;

use crate::company::{Company, each, eur, pieces, price, rate, today};

fn confirmed(company: &Company<'_>) -> PurchaseSheet {
    let lines = vec![
        LineDraft::of(company.chair, pieces("10")).less(rate("0.2")),
        LineDraft::of(company.advice, pieces("1")).at(price("30")),
    ];
    let mut draft = PurchaseDraft::new(company.supplier, today(), Currency::EUR, lines);
    draft.freight = Some(eur("4.00"));
    company.act(|tx| {
        let id = company.purchases.draft(tx, &draft)?;
        company.purchases.confirm(tx, id, today())
    })
}

#[test]
fn goods_are_received_billed_and_paid() {
    each(|company| {
        let sheet = confirmed(company);
        let (order, line) = (sheet.order.id, sheet.lines[0].id);
        let part = Dispatch::all(today()).only([(line, pieces("4"))]);
        let receipt = company.act(|tx| company.shipping.receive(tx, order, &part));
        assert_eq!(receipt.number, "PO-000001/1");
        company.act(|tx| company.shipping.receive(tx, order, &Dispatch::all(today())));
        assert_eq!(company.on_hand(), pieces("110"));
        // 100 at 6 and 10 at 6.25 less 20 %.
        assert_eq!(company.balance(Role::Stock), eur("650.00"));
        let bill = company.act(|tx| company.billing.bill(tx, order, &Charge::all(today())));
        let (invoice, lines) = company.invoice(bill);
        assert_eq!([invoice.net, invoice.tax, invoice.total], ["84.00", "5.00", "89.00"].map(eur));
        assert_eq!(lines.len(), 3);
        // What was received of this order is billed; the opening stock never was.
        assert_eq!(company.balance(Role::GoodsReceivedNotInvoiced), eur("-600.00"));
        assert_eq!(company.balance(Role::Purchases), eur("34.00"));
        assert_eq!(company.balance(Role::Payable), eur("-89.00"));
        company.act(|tx| company.billing.pay_in_full(tx, bill, today()));
        assert_eq!(company.balance(Role::Payable), eur("0.00"));
        let done = company.see(|tx| company.purchases.sheet(tx, order)).order;
        assert_eq!((done.state, done.paid), (OrderState::Done, Progress::Whole));
    });
}

#[test]
fn more_than_was_ordered_does_not_arrive() {
    each(|company| {
        let sheet = confirmed(company);
        let (order, line) = (sheet.order.id, sheet.lines[0].id);
        let part = Dispatch::all(today()).only([(line, pieces("11"))]);
        let error = company.try_act(|tx| company.shipping.receive(tx, order, &part)).unwrap_err();
        assert_eq!(error.message(), "11 pcs is more than the 10 pcs that are open");
        assert_eq!(company.on_hand(), pieces("100"));
    });
}
