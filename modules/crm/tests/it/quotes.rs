//! Quotes and the orders that come of them.

use codexion::prelude::*;
use crm::{LineDraft, OrderSheet, QuoteDraft, QuoteSheet, QuoteState, TotalRule};

use crate::shop::{Shop, day, each, eur, pieces, price, rate};

fn draft(shop: &Shop<'_>) -> QuoteDraft {
    QuoteDraft {
        customer: shop.customer,
        date: day("2026-03-02"),
        valid_until: Some(day("2026-03-31")),
        currency: Currency::EUR,
        freight: Some(eur("12.00")),
        lines: vec![
            LineDraft::of(shop.chair, pieces("2")),
            LineDraft::of(shop.advice, pieces("1.5")).at(price("70")).less(rate("0.05")),
        ],
    }
}

#[test]
fn an_accepted_quote_becomes_an_order_at_its_prices() {
    each(|shop| {
        let (quotes, new) = (shop.quotes.clone(), draft(shop));
        let id = shop.act(move |tx| quotes.draft(tx, &new));
        // The price list changes in between.
        let (catalogue, chair) = (shop.catalogue.clone(), shop.chair);
        shop.act(move |tx| {
            catalogue.change(tx, chair, |product| {
                product.sale_price = Some(price("99"));
                Ok(())
            })
        });
        let quotes = shop.quotes.clone();
        let order = shop.act(move |tx| {
            quotes.send(tx, id)?;
            quotes.accept(tx, id, day("2026-03-31"))
        });
        let quote = shop.see(move |tx| QuoteSheet::load(tx, id));
        assert_eq!((quote.quote.state, quote.quote.number.as_str()), (QuoteState::Accepted, "QU-000001"));
        let sheet = shop.see(move |tx| OrderSheet::load(tx, order));
        assert_eq!(sheet.order.quote, Some(id));
        let (quoted, ordered) = (quote.totals(TotalRule::default()), sheet.totals(TotalRule::default()));
        assert_eq!(quoted, ordered);
        let totals = ordered.unwrap();
        assert_eq!([totals.net, totals.tax], ["131.75", "2.00"].map(eur));
        let quotes = shop.quotes.clone();
        let error = shop.try_act(move |tx| quotes.accept(tx, id, day("2026-03-31"))).unwrap_err();
        assert_eq!(error.message(), "cannot accept: the quote is accepted");
    });
}

#[test]
fn an_expired_or_declined_quote_stays_one() {
    each(|shop| {
        let (quotes, new) = (shop.quotes.clone(), draft(shop));
        let id = shop.act(move |tx| quotes.draft(tx, &new));
        let quotes = shop.quotes.clone();
        let error = shop.try_act(move |tx| quotes.accept(tx, id, day("2026-04-01"))).unwrap_err();
        assert_eq!((error.code(), error.message()), ("crm.quote.expired", "the quote was valid until 2026-03-31"));
        let quotes = shop.quotes.clone();
        assert_eq!(shop.act(move |tx| quotes.decline(tx, id)).state, QuoteState::Declined);
        let quotes = shop.quotes.clone();
        assert_eq!(shop.try_act(move |tx| quotes.send(tx, id)).unwrap_err().code(), "crm.state");
    });
}
