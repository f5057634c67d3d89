//! Invoices: figures, entries, credit notes.

use codexion::core::{Currency, Decimal, Id, Rate, Rounding};
use codexion::data::{Filter, Repository};
use finance::domain::tax::{PriceBasis, TaxRounding};
use finance::{
    Charts, Entry, Invoice, InvoiceKind, InvoiceLine, InvoiceSide, InvoiceState, NewInvoice, NewInvoiceLine, Origin,
    Role, Tax,
};

use super::{Company, date, each, invoice, item, usd};

const USD: Currency = Currency::USD;

pub(super) fn percent(c: &Company<'_>, text: &str) -> Id<Tax> {
    let rate = Rate::percent(text.parse().unwrap()).unwrap();
    let tax = Tax::share(&format!("T{text}"), &format!("{text} %"), rate);
    let charts = c.app.get::<Charts>();
    c.write(|tx| charts.add_taxes(tx, std::slice::from_ref(&tax)));
    tax.id
}

pub(super) fn stored(c: &Company<'_>, id: Id<Invoice>) -> Invoice {
    c.work.read_blocking(|tx| Invoice::get(tx, id)).unwrap()
}

/// Net, tax and total, drafted.
fn figures(c: &Company<'_>, new: &NewInvoice) -> String {
    let id = c.write(|tx| c.invoices.draft(tx, new));
    let found = stored(c, id);
    format!("{}/{}/{}", found.net.to_decimal(), found.tax.to_decimal(), found.total.to_decimal())
}

pub(super) fn posted(c: &Company<'_>, new: &NewInvoice) -> Id<Invoice> {
    c.write(|tx| {
        let id = c.invoices.draft(tx, new)?;
        c.invoices.post(tx, id)?;
        Ok(id)
    })
}

/// T1: taxes rounded per line and per document differ.
#[test]
fn t1_line_against_document() {
    each(|c| {
        let (vat20, vat15) = (percent(c, "20"), percent(c, "15"));
        let mut hundred = invoice("2026-01-05", vec![item("1", "1.001", USD).taxed(vat20); 100]);
        hundred.rounding = Some(TaxRounding::per_line(Rounding::HalfUp));
        assert_eq!(figures(c, &hundred), "100.00/20.00/120.00");
        hundred.rounding = Some(TaxRounding::tax_per_document(Rounding::HalfUp));
        assert_eq!(figures(c, &hundred), "100.00/20.02/120.02");
        let mut two = invoice("2026-01-05", vec![item("1", "6.70", USD).taxed(vat15); 2]);
        two.rounding = Some(TaxRounding::per_line(Rounding::HalfUp));
        assert_eq!(figures(c, &two), "13.40/2.02/15.42");
        two.rounding = None;
        assert_eq!(figures(c, &two), "13.40/2.01/15.41", "as the company rounds");
    });
}

#[test]
fn prices_that_include_two_taxes_leave_a_coin_for_the_round_off_account() {
    each(|c| {
        let charts = c.app.get::<Charts>();
        let group = Tax::group("GST", "state and country");
        let rate = Rate::percent(Decimal::from(14)).unwrap();
        let member = |code: &str| Tax { member_of: Some(group.id), ..Tax::share(code, code, rate) };
        c.write(|tx| charts.add_taxes(tx, &[group.clone(), member("SGST"), member("CGST")]));
        let mut new = invoice("2026-01-05", vec![item("1", "24900", USD).taxed(group.id)]);
        new.prices = PriceBasis::Gross;
        new.rounding = Some(TaxRounding::per_document(Rounding::HalfUp));
        let id = posted(c, &new);
        let found = stored(c, id);
        assert_eq!(
            (found.net, found.tax, found.round_off().unwrap()),
            (usd("19453.13"), usd("5446.88"), usd("-0.01")),
            "T2"
        );
        assert_eq!((c.balance("1210"), c.balance("8200")), ("24900.00".into(), "0.01".into()));
    });
}

/// O1, as far as it is about invoices: 2 and 3 at 10 with 10 %, billed in two parts that know their moves.
#[test]
fn o1_an_order_is_billed_in_parts() {
    each(|c| {
        let vat = percent(c, "10");
        let lines =
            |first: &str, second: &str| vec![item(first, "10", USD).taxed(vat), item(second, "10", USD).taxed(vat)];
        assert_eq!(figures(c, &invoice("2026-01-05", lines("2", "3"))), "50.00/5.00/55.00");
        let order: Id<str> = Id::new();
        let moves: [Id<u8>; 4] = std::array::from_fn(|_| Id::new());
        let bill = |first: &str, second: &str, moved: &[Id<u8>]| {
            let mut new = invoice("2026-01-05", lines(first, second));
            new.origin = Origin::of("crm.order", order);
            for (line, id) in new.lines.iter_mut().zip(moved) {
                line.origin = Origin::of("inventory.move", *id);
            }
            posted(c, &new)
        };
        bill("1", "1", &moves[..2]);
        bill("1", "2", &moves[2..]);
        let all = c.work.read_blocking(|tx| Invoice::list(tx, &Filter::eq("origin_id", order))).unwrap();
        assert_eq!(all.len(), 2);
        for id in moves {
            let of_move = c.work.read_blocking(|tx| InvoiceLine::list(tx, &Filter::eq("origin_id", id))).unwrap();
            assert_eq!(of_move.len(), 1);
        }
        assert_eq!(
            (c.balance("1210"), c.balance("4100"), c.balance("2130")),
            ("55.00".into(), "-50.00".into(), "-5.00".into())
        );
    });
}

#[test]
fn a_bill_goes_to_cost_and_to_recoverable_tax() {
    each(|c| {
        let vat = percent(c, "10");
        let half = Rate::percent(Decimal::from(50)).unwrap();
        let mut new = NewInvoice::supplier(Id::new(), date("2026-01-05"), USD);
        // T4: 10 x 50 with 10 %, half of it deductible: 525/25/550.
        new.lines = vec![NewInvoiceLine { deductible: half, ..item("10", "50", USD).taxed(vat) }];
        new.lines.push(item("1", "30", USD).on(c.account(Role::GoodsReceivedNotInvoiced)));
        let id = posted(c, &new);
        assert_eq!(stored(c, id).number.as_deref(), Some("BILL-000001"));
        let found = ["5200", "1220", "2120", "2110"].map(|code| c.balance(code));
        assert_eq!(found, ["525.00", "25.00", "30.00", "-580.00"]);
    });
}

#[test]
fn numbers_of_invoices_follow_dates() {
    each(|c| {
        let draft = |day: &str| {
            let new = invoice(day, vec![item("1", "10", USD)]);
            c.write(|tx| c.invoices.draft(tx, &new))
        };
        let (later, earlier) = (draft("2026-02-01"), draft("2026-01-31"));
        assert_eq!(c.write(|tx| c.invoices.post(tx, later)).number, "INV-000001");
        assert_eq!(c.refused(|tx| c.invoices.post(tx, earlier)), "finance.number.date_before_last");
        assert_eq!(stored(c, earlier).state, InvoiceState::Draft);
        let moved = invoice("2026-02-01", vec![item("1", "11", USD)]);
        c.write(|tx| c.invoices.redraft(tx, earlier, &moved));
        assert_eq!(c.write(|tx| c.invoices.post(tx, earlier)).number, "INV-000002");
        assert_eq!(c.balance("1210"), "21.00");
    });
}

#[test]
fn an_invoice_of_zero_has_a_number_and_no_entry() {
    each(|c| {
        // P1: two lines of 0.0035.
        let new = invoice("2026-01-05", vec![item("1", "0.0035", USD), item("1", "0.0035", USD)]);
        let found = stored(c, posted(c, &new));
        assert_eq!((found.total, found.number.as_deref()), (usd("0.00"), Some("INV-000001")));
        assert_eq!((found.state, found.entry), (InvoiceState::Paid, None));
        let entries = c.work.read_blocking(|tx| Entry::count(tx, &Filter::All)).unwrap();
        assert_eq!(entries, 0);
    });
}

#[test]
fn a_credit_note_mirrors_its_invoice_and_settles_it() {
    each(|c| {
        let vat = percent(c, "10");
        let id = posted(c, &invoice("2026-01-05", vec![item("3", "9.99", USD).taxed(vat)]));
        let draft = c.write(|tx| c.invoices.credit(tx, id, date("2026-01-06")));
        assert_eq!(c.write(|tx| c.invoices.post(tx, draft)).number, "CRN-000001");
        let note = stored(c, draft);
        assert_eq!((note.kind, note.total, note.state), (InvoiceKind::CreditNote, usd("-32.97"), InvoiceState::Paid));
        assert_eq!(stored(c, id).state, InvoiceState::Paid);
        for code in ["1210", "4100", "2130"] {
            assert_eq!(c.balance(code), "0.00", "{code}");
        }
    });
}

#[test]
fn what_is_wrong_with_an_invoice_is_named() {
    each(|c| {
        let refused = |new: &NewInvoice| c.refused(|tx| c.invoices.draft(tx, new));
        assert_eq!(refused(&invoice("2026-01-05", Vec::new())), "finance.invoice.no_lines");
        let euros = invoice("2026-01-05", vec![item("1", "1", Currency::EUR)]);
        assert_eq!(refused(&euros), "finance.invoice.currency");
        let untaxed = invoice("2026-01-05", vec![item("1", "1", USD).taxed(Id::new())]);
        assert_eq!(refused(&untaxed), "finance.invoice.no_tax");
        let mut due = invoice("2026-01-05", vec![item("1", "1", USD)]);
        due.due = Some(date("2026-01-04"));
        assert_eq!(refused(&due), "finance.invoice.due_before_date");

        let id = c.write(|tx| c.invoices.draft(tx, &invoice("2026-01-05", vec![item("1", "1", USD)])));
        assert_eq!(c.refused(|tx| c.invoices.credit(tx, id, date("2026-01-06"))), "finance.invoice.not_posted");
        c.write(|tx| c.invoices.cancel(tx, id));
        assert_eq!(c.refused(|tx| c.invoices.post(tx, id)), "finance.invoice.state");
        let id = posted(c, &invoice("2026-01-05", vec![item("1", "1", USD)]));
        assert_eq!(c.refused(|tx| c.invoices.cancel(tx, id)), "finance.invoice.state");
        assert_eq!(c.refused(|tx| c.invoices.post(tx, id)), "finance.invoice.state");
        let entry = stored(c, id).entry.unwrap();
        assert_eq!(c.refused(|tx| c.journal.reverse(tx, entry, date("2026-01-06"))), "finance.post.of_invoice");
        let change = c.refused(|tx| {
            Invoice::update(tx, id, |invoice| {
                invoice.party = Id::new();
                Ok(())
            })
        });
        assert_eq!(change, "immutable", "by the database itself");
    });
}

#[test]
fn what_is_due_on_a_side_is_listed_by_date() {
    each(|c| {
        let mut first = invoice("2026-01-10", vec![item("1", "10", USD)]);
        first.due = Some(date("2026-02-09"));
        posted(c, &invoice("2026-01-05", vec![item("1", "5", USD)]));
        let id = posted(c, &first);
        let open =
            c.work.read_blocking(|tx| c.invoices.open_items(tx, InvoiceSide::Customer, date("2026-01-31"))).unwrap();
        let found: Vec<_> = open.items.iter().map(|o| (o.number.as_str(), o.amount)).collect();
        assert_eq!(found, [("INV-000001", usd("5.00")), ("INV-000002", usd("10.00"))]);
        assert_eq!((open.items[1].invoice, open.items[1].due), (Some(id), Some(date("2026-02-09"))));
        assert_eq!(open.total, usd("15.00"));
    });
}
