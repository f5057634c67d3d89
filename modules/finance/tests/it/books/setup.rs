//! Setting up a company.

use codexion::core::{Choice, Currency};
use codexion::data::{Entity, Filter, Repository, require_schema};
use finance::domain::chart;
use finance::{Account, Company as Stored, Ledger, NewCompany, Period, Role, Series, Setup};

use super::{Company, each, each_without_books};

#[test]
fn a_new_company_can_keep_books() {
    each(|c| {
        c.work
            .read_blocking(|tx| {
                let accounts = Account::list(tx, &Filter::All)?;
                let nodes: Vec<_> = accounts
                    .iter()
                    .cloned()
                    .map(|Account { id, code, name, kind, parent, heading, reconcilable }| {
                        finance::domain::ChartAccount { id, code, name, kind, parent, heading, reconcilable }
                    })
                    .collect();
                chart::check(&nodes)?;
                for role in Role::ALL {
                    let id = c.ledger.account(tx, *role)?;
                    let account = accounts.iter().find(|a| a.id == id).unwrap();
                    assert!(!account.heading, "{role} is played by a heading");
                    let controls = matches!(role, Role::Receivable | Role::Payable);
                    assert_eq!(account.reconcilable, controls, "{role}");
                }
                assert_eq!(Period::count(tx, &Filter::All)?, 36);
                assert_eq!(Series::count(tx, &Filter::All)?, 6);
                assert_eq!(c.ledger.company_currency(tx)?, Currency::USD);
                Ok(())
            })
            .unwrap();
    });
}

#[test]
fn a_company_is_set_up_once() {
    each(|c| {
        let setup = c.app.get::<Setup>();
        let again = NewCompany::new("Other", Currency::EUR, 2024, 1).unwrap();
        assert_eq!(c.refused(|tx| setup.company(tx, &again)), "finance.books.company_exists");
        // Another tenant has books of its own.
        let other = c.app.work_of(codexion::core::Id::new());
        other.write_blocking(|tx| setup.company(tx, &again)).unwrap();
    });
}

#[test]
fn without_a_company_there_are_no_books() {
    each_without_books(|app| {
        let ledger = app.get::<dyn Ledger>();
        let error = app.work().read_blocking(|tx| ledger.company_currency(tx)).unwrap_err();
        assert_eq!((error.code(), error.help()), ("finance.books.no_company", Some("set up a company first")));
        let error = app.work().read_blocking(|tx| ledger.account(tx, Role::Sales)).unwrap_err();
        assert_eq!(error.message(), "no account plays the role `sales`");
    });
}

#[test]
fn the_tables_are_what_the_entities_expect() {
    each(|c| {
        let metas: Vec<_> = c.app.database().registry().entities().iter().map(|(_, meta)| *meta).collect();
        assert!(metas.iter().any(|meta| meta.table == Stored::META.table) && metas.len() >= 17);
        c.work.read_blocking(|tx| require_schema(tx, &metas)).unwrap();
    });
}

#[test]
fn nothing_is_written_by_who_authorised_nothing() {
    each(|c: &Company<'_>| {
        let entry = c.entry("2026-01-05", "1110", "3100", "10.00");
        let code = c.refused(|tx| c.ledger.post(tx, &entry, &finance::Origin::manual()));
        assert_eq!(code, "data.unauthorized_write");
    });
}
