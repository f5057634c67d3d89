//! Scenarios P1 to P5: payments, write-offs, over-payments, exchange differences.

use codexion::core::{Currency, Date, Id, Money, Rate};
use codexion::data::{Filter, Repository};
use finance::domain::{self, Line};
use finance::{
    Difference, Invoice, InvoiceSide, InvoiceState, NewPayment, OpenItem, Origin, Party, Rates, Reconciliation, Role,
};

use super::invoices::{percent, posted, stored};
use super::{Company, date, decimal, each, eur, invoice, item, usd};

const CUSTOMER: InvoiceSide = InvoiceSide::Customer;

fn rate(text: &str) -> Rate {
    Rate::new(decimal(text)).unwrap()
}

fn pay(c: &Company<'_>, of: Id<Invoice>, amount: &str, difference: Difference) {
    let party = stored(c, of).party;
    let mut new = NewPayment::new(CUSTOMER, party, date("2026-01-20"), usd(amount)).settling(of);
    new.difference = difference;
    c.write(|tx| c.invoices.pay(tx, &new));
}

/// What is open of an invoice, in company currency and in its own.
fn open(c: &Company<'_>, of: Id<Invoice>) -> (i64, Option<Money>) {
    let entry = stored(c, of).entry.unwrap();
    let items = c.work.read_blocking(|tx| OpenItem::list(tx, &Filter::eq("entry", entry))).unwrap();
    (items[0].open_amount, items[0].open_foreign)
}

fn reconciliations(c: &Company<'_>) -> Vec<Reconciliation> {
    c.work.read_blocking(|tx| Reconciliation::list(tx, &Filter::All)).unwrap()
}

fn ties_out(c: &Company<'_>, day: &str) {
    for (side, code) in [(CUSTOMER, "1210"), (InvoiceSide::Supplier, "2110")] {
        let open = c.work.read_blocking(|tx| c.invoices.open_items(tx, side, date(day))).unwrap();
        assert_eq!(open.total, c.trial_balance(day).balance(code), "{side} on {day}");
    }
}

#[test]
fn p1_partial_payments_a_write_off_and_a_refund() {
    each(|c| {
        let vat = percent(c, "10");
        let lines = vec![item("5", "40", Currency::USD).taxed(vat), item("1", "20", Currency::USD)];
        let id = posted(c, &invoice("2026-01-05", lines));
        let found = stored(c, id);
        assert_eq!((found.net, found.tax, found.total), (usd("220.00"), usd("20.00"), usd("240.00")));
        assert_eq!(c.statement("1210"), [(24_000, 0)]);
        assert_eq!((c.statement("4100"), c.statement("2130")), (vec![(0, 22_000)], vec![(0, 2_000)]));

        pay(c, id, "120.00", Difference::Keep);
        assert_eq!((stored(c, id).state, open(c, id).0), (InvoiceState::Posted, 12_000));
        pay(c, id, "20.00", Difference::Keep);
        pay(c, id, "99.00", Difference::WriteOff);
        assert_eq!((stored(c, id).state, open(c, id).0), (InvoiceState::Paid, 0));
        let mut credits: Vec<i64> = c.statement("1210").iter().map(|l| l.1).filter(|credit| *credit > 0).collect();
        credits.sort_unstable();
        assert_eq!(credits, [100, 2_000, 9_900, 12_000]);
        assert_eq!((c.balance("1210"), c.balance("8100")), ("0.00".into(), "1.00".into()));
        ties_out(c, "2026-01-10");
        ties_out(c, "2026-01-20");

        // A credit note with a refund: all zero net.
        let credit = c.write(|tx| c.invoices.credit(tx, id, date("2026-01-25")));
        c.write(|tx| c.invoices.post(tx, credit));
        let refund = NewPayment::new(CUSTOMER, found.party, date("2026-01-26"), usd("-240.00")).settling(credit);
        c.write(|tx| c.invoices.pay(tx, &refund));
        assert_eq!(stored(c, credit).state, InvoiceState::Paid);
        let zero = ["1210", "4100", "2130"].map(|code| c.balance(code));
        assert_eq!(zero, ["0.00", "0.00", "0.00"]);

        // Deleting the last reconciliation of the invoice: it is posted again.
        let last = reconciliations(c).into_iter().find(|r| r.entry.is_some()).unwrap();
        c.write(|tx| c.invoices.undo(tx, last.id, date("2026-01-27")));
        assert_eq!((stored(c, id).state, open(c, id).0), (InvoiceState::Posted, 10_000));
        assert_eq!(c.balance("8100"), "0.00", "the write-off is reversed");
        assert_eq!(c.refused(|tx| c.invoices.undo(tx, last.id, date("2026-01-27"))), "finance.settle.undone");
        for day in ["2026-01-04", "2026-01-05", "2026-01-20", "2026-01-25", "2026-01-26", "2026-01-27"] {
            ties_out(c, day);
        }
    });
}

#[test]
fn p2_over_payment_is_written_off_or_kept() {
    each(|c| {
        let written = posted(c, &invoice("2026-01-05", vec![item("1", "100", Currency::USD)]));
        pay(c, written, "110.00", Difference::WriteOff);
        assert_eq!(
            (stored(c, written).state, c.balance("1210"), c.balance("8100")),
            (InvoiceState::Paid, "0.00".into(), "-10.00".into())
        );
        let kept = posted(c, &invoice("2026-01-05", vec![item("1", "100", Currency::USD)]));
        pay(c, kept, "110.00", Difference::Keep);
        assert_eq!((stored(c, kept).state, c.balance("1210")), (InvoiceState::Paid, "-10.00".into()));
        ties_out(c, "2026-01-20");
        // Paid already: there is nothing to settle, and the money stays open.
        pay(c, kept, "5.00", Difference::Keep);
        assert_eq!(c.balance("1210"), "-15.00");
        ties_out(c, "2026-01-31");
    });
}

fn euros(c: &Company<'_>, day: &str, amount: &str, rate_text: &str) -> Id<Invoice> {
    let mut new = invoice(day, vec![item("1", amount, Currency::EUR)]);
    (new.currency, new.rate) = (Currency::EUR, Some(rate(rate_text)));
    posted(c, &new)
}

#[test]
fn p3_payment_at_another_rate() {
    each(|c| {
        let id = euros(c, "2026-01-05", "460", "0.5");
        assert_eq!((c.balance("1210"), open(c, id)), ("230.00".into(), (23_000, Some(eur("460.00")))));
        let party = stored(c, id).party;
        let mut new = NewPayment::new(CUSTOMER, party, date("2026-01-06"), eur("460.00")).settling(id);
        new.rate = Some(rate("0.4"));
        c.write(|tx| c.invoices.pay(tx, &new));
        assert_eq!(stored(c, id).state, InvoiceState::Paid);
        assert_eq!(
            (c.balance("8300"), c.balance("1110"), c.balance("1210")),
            ("46.00".into(), "184.00".into(), "0.00".into())
        );

        let id = euros(c, "2026-01-05", "460", "0.5");
        let party = stored(c, id).party;
        let rates = c.app.get::<Rates>();
        c.write(|tx| rates.set(tx, Currency::EUR, Currency::USD, date("2026-01-03"), rate("0.5")));
        let new = NewPayment::new(CUSTOMER, party, date("2026-01-05"), eur("400.00")).settling(id);
        c.write(|tx| c.invoices.pay(tx, &new));
        assert_eq!((c.balance("8300"), open(c, id)), ("46.00".into(), (3_000, Some(eur("60.00")))));
        ties_out(c, "2026-01-05");
        ties_out(c, "2026-01-06");
    });
}

/// Posts a line on the receivable or payable account against the bank, with a foreign amount; answers its item.
fn claim(c: &Company<'_>, party: Id<Party>, role: Role, amount: &str, foreign: &str) -> Id<OpenItem> {
    let (amount, foreign) = (usd(amount), eur(foreign));
    let whole = (amount.abs().unwrap(), foreign.abs().unwrap());
    let (account, bank) = (c.account(role), c.account(Role::Bank));
    let (mut claim, mut other) = (Line::debit(account, whole.0), Line::credit(bank, whole.0));
    if amount.is_negative() {
        (claim, other) = (Line::credit(account, whole.0), Line::debit(bank, whole.0));
    }
    let lines = vec![claim.with_foreign(whole.1).with_party(party), other.with_foreign(whole.1)];
    let entry = domain::Entry::new(date("2026-01-05"), Currency::USD, "claim", lines).unwrap();
    let posted = c.app.work().write_blocking(|tx| c.ledger.post(tx, &entry, &Origin::manual())).unwrap();
    c.work.read_blocking(|tx| OpenItem::list(tx, &Filter::eq("entry", posted.id))).unwrap()[0].id
}

fn residual(c: &Company<'_>, id: Id<OpenItem>) -> (i64, Option<Money>) {
    let item = c.work.read_blocking(|tx| OpenItem::get(tx, id)).unwrap();
    (item.open_amount, item.open_foreign)
}

#[test]
fn p4_partial_with_an_exchange_entry() {
    each(|c| {
        let party = Id::new();
        let debit = claim(c, party, Role::Receivable, "60.00", "120.00");
        let credit = claim(c, party, Role::Receivable, "-80.00", "-240.00");
        let on: Date = date("2026-01-10");
        let id = c.write(|tx| c.invoices.settle(tx, &[debit, credit], on, Difference::Keep)).unwrap();
        assert_eq!(residual(c, debit), (0, Some(eur("0.00"))));
        assert_eq!(residual(c, credit), (-4_000, Some(eur("-120.00"))));
        assert_eq!(c.statement("1210"), [(6_000, 0), (0, 8_000), (0, 2_000)]);
        assert_eq!((c.balance("8300"), c.balance("1210")), ("20.00".into(), "-40.00".into()));
        ties_out(c, "2026-01-09");
        ties_out(c, "2026-01-10");
        assert_eq!(
            c.refused(|tx| c.invoices.settle(tx, &[debit, credit], on, Difference::Keep)),
            "finance.settle.not_open"
        );

        c.write(|tx| c.invoices.undo(tx, id, date("2026-01-12")));
        assert_eq!(residual(c, debit), (6_000, Some(eur("120.00"))));
        assert_eq!(residual(c, credit), (-8_000, Some(eur("-240.00"))));
        assert_eq!((c.balance("8300"), c.balance("1210")), ("0.00".into(), "-20.00".into()));
        assert_eq!(c.statement("8300").len(), 2, "the entry is reversed once");
        ties_out(c, "2026-01-12");
    });
}

#[test]
fn p5_write_off_and_exchange_difference_apart() {
    each(|c| {
        let rates = c.app.get::<Rates>();
        c.write(|tx| rates.set(tx, Currency::EUR, Currency::USD, date("2026-01-05"), rate("0.5")));
        let party = Id::new();
        let debt = claim(c, party, Role::Payable, "-50.00", "-90.00");
        let paid = claim(c, party, Role::Payable, "45.00", "89.00");
        c.write(|tx| c.invoices.settle(tx, &[debt, paid], date("2026-01-10"), Difference::WriteOff));
        assert_eq!(
            (c.balance("8100"), c.balance("4800"), c.balance("2110")),
            ("-0.50".into(), "-4.50".into(), "0.00".into())
        );
        assert_eq!((residual(c, debt), residual(c, paid)), ((0, Some(eur("0.00"))), (0, Some(eur("0.00")))));
        ties_out(c, "2026-01-09");
        ties_out(c, "2026-01-10");
    });
}

#[test]
fn a_payment_that_does_not_fit_is_refused() {
    each(|c| {
        let id = posted(c, &invoice("2026-01-05", vec![item("1", "100", Currency::USD)]));
        let refused = |new: NewPayment| c.refused(|tx| c.invoices.pay(tx, &new));
        let party = stored(c, id).party;
        let day = date("2026-01-20");
        assert_eq!(refused(NewPayment::new(CUSTOMER, party, day, usd("0.00"))), "finance.payment.zero");
        let other = NewPayment::new(CUSTOMER, Id::new(), day, usd("1.00")).settling(id);
        assert_eq!(refused(other), "finance.payment.other_party");
        let bill = NewPayment::new(InvoiceSide::Supplier, party, day, usd("1.00")).settling(id);
        assert_eq!(refused(bill), "finance.payment.other_party");
        let draft = c.write(|tx| c.invoices.draft(tx, &invoice("2026-01-05", vec![item("1", "1", Currency::USD)])));
        let of_draft = NewPayment::new(CUSTOMER, stored(c, draft).party, day, usd("1.00")).settling(draft);
        assert_eq!(refused(of_draft), "finance.invoice.not_posted");
        let nowhere = NewPayment::new(CUSTOMER, party, day, usd("1.00")).settling(Id::new());
        assert_eq!(refused(nowhere), "not_found");
        let yen = NewPayment::new(CUSTOMER, party, day, Money::from_minor(100, Currency::JPY)).settling(id);
        assert_eq!(refused(yen), "finance.books.no_rate");
        // A payment is reversed only when nothing rests on it.
        pay(c, id, "100.00", Difference::Keep);
        let payment = c.work.read_blocking(|tx| finance::Payment::list(tx, &Filter::All)).unwrap().remove(0);
        assert_eq!(c.refused(|tx| c.journal.reverse(tx, payment.entry, day)), "finance.post.reconciled");
    });
}
