//! The books tie out after sales and purchases.

use codexion::prelude::*;
use crm_finance::Charge;
use crm_inventory::Dispatch;
use finance::domain::tax::TaxRounding;
use finance::{InvoiceSide, Ledger, Role};

use crate::company::{day, each, eur, pieces, price, rate, today};

#[test]
fn stock_receivables_and_sales_are_what_the_documents_say() {
    each(|company| {
        let sheet = company.order(|draft| draft.freight = Some(eur("12.50")));
        let order = sheet.order.id;
        company.act(|tx| {
            company.shipping.ship_order(tx, order, &Dispatch::all(today()))?;
            company.billing.invoice(tx, order, &Charge::all(today()))
        });
        assert_eq!(company.balance(Role::Sales), eur("-50.00"));
        assert_eq!(company.balance(Role::Freight), eur("-12.50"));
        assert_eq!(company.balance(Role::SalesTax), eur("-5.00"));
        assert_eq!(company.balance(Role::Receivable), eur("67.50"));
        assert_eq!(company.balance(Role::CostOfGoodsSold), eur("30.00"));
        assert_eq!(company.balance(Role::Stock), eur("570.00"));
        let year_end = day("2026-12-31");
        let value = company.see(|tx| company.stock.stock_value(tx, year_end));
        assert_eq!(value.total(Currency::EUR).unwrap(), eur("570.00"));
        let open = company.see(|tx| company.invoices.open_items(tx, InvoiceSide::Customer, year_end));
        assert_eq!(open.total, eur("67.50"));
        let balance = company.see(|tx| company.app.get::<dyn Ledger>().trial_balance(tx, year_end));
        assert_eq!(balance.debit, balance.credit);
    });
}

/// A line of 0.125 and one of 0.375: by line half up 0.13 + 0.38, half even 0.12 + 0.38, by document 0.50.
#[test]
fn an_invoice_is_rounded_as_asked() {
    each(|company| {
        for (rounding, expected) in [
            (TaxRounding::per_line(Rounding::HalfUp), "0.51"),
            (TaxRounding::per_line(Rounding::HalfEven), "0.50"),
            (TaxRounding::per_document(Rounding::HalfUp), "0.50"),
        ] {
            let sheet = company.order(|draft| {
                for (line, quantity) in draft.lines.iter_mut().zip(["1", "3"]) {
                    line.quantity = pieces(quantity);
                    line.price = Some(price("0.25"));
                    line.discount = rate("0.5");
                }
            });
            let charge = Charge::all(today()).rounded(rounding);
            let id = company.act(|tx| company.billing.invoice(tx, sheet.order.id, &charge));
            let (invoice, lines) = company.invoice(id);
            assert_eq!(invoice.net, eur(expected));
            assert_eq!(Money::sum(lines.iter().map(|line| line.net), Currency::EUR).unwrap(), eur(expected));
        }
    });
}

#[test]
fn statements_do_not_grow_with_lines() {
    each(|company| {
        let count = |lines: usize| {
            let sheet = company.order(|draft| {
                let line = draft.lines[0].clone();
                draft.lines = vec![crm::LineDraft { quantity: pieces("1"), ..line }; lines];
            });
            let _ = company.app.seen();
            let invoice = company.act(|tx| company.billing.invoice(tx, sheet.order.id, &Charge::all(today())));
            company.act(|tx| company.billing.pay_in_full(tx, invoice, today()));
            company.app.seen().statements.len()
        };
        assert_eq!(count(2), count(20));
    });
}
