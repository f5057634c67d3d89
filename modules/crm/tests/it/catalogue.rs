//! Parties and products.

use codexion::prelude::*;
use crm::{Contact, Party, Product};

use crate::shop::{each, price};

#[test]
fn parties_and_contacts_are_found_again() {
    each(|shop| {
        let (parties, customer) = (shop.parties.clone(), shop.customer);
        let found = shop.see(move |tx| parties.by_code(tx, "C-1")).unwrap();
        assert_eq!((found.id, found.customer, found.supplier), (shop.customer, true, false));
        let parties = shop.parties.clone();
        let contact = Contact { role: Some("Owner".into()), ..Contact::new(Id::new(), customer, "Ana Trujillo") };
        let stored = contact.clone();
        shop.act(move |tx| parties.add_contacts(tx, std::slice::from_ref(&contact)));
        let parties = shop.parties.clone();
        assert_eq!(shop.see(move |tx| parties.contacts(tx, customer)), [stored]);
        let parties = shop.parties.clone();
        let changed = shop.act(move |tx| {
            parties.change(tx, customer, |party| {
                party.payment_days = 10;
                Ok(())
            })
        });
        assert_eq!(changed.payment_days, 10);
    });
}

#[test]
fn a_taken_code_and_a_broken_rule_are_refused() {
    each(|shop| {
        let parties = shop.parties.clone();
        let error = shop.try_act(move |tx| parties.add(tx, &Party::company(Id::new(), "C-1", "Other"))).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Conflict, "unique"));
        let catalogue = shop.catalogue.clone();
        let product = Product::goods(Id::new(), "BAD", "Bad", Unit::PIECE).sold_for(price("-1"));
        let error = shop.try_act(move |tx| catalogue.add(tx, &product)).unwrap_err();
        assert_eq!(error.fields()[0].path, "sale_price");
    });
}

#[test]
fn prices_change_and_units_do_not() {
    each(|shop| {
        let (catalogue, chair) = (shop.catalogue.clone(), shop.chair);
        let changed = shop.act(move |tx| {
            catalogue.change(tx, chair, |product| {
                product.sale_price = Some(price("12.3456"));
                Ok(())
            })
        });
        assert_eq!(changed.sale_price, Some(price("12.3456")));
        let catalogue = shop.catalogue.clone();
        let kilograms = move |product: &mut Product| {
            product.unit = "kg".parse()?;
            Ok(())
        };
        let error = shop.try_act(move |tx| catalogue.change(tx, chair, kilograms)).unwrap_err();
        assert_eq!(error.message(), "`CHAIR` is counted in `pcs`, which can't change");
        let catalogue = shop.catalogue.clone();
        assert_eq!(shop.see(move |tx| catalogue.by_sku(tx, "CHAIR")), Some(changed));
    });
}
