//! The stock account is what the stock is worth, on every day of a random history.

use codexion::prelude::Money;
use cortex_testing::TestApp;
use finance::{Finance, Role};
use finance_inventory::FinanceInventory;
use inventory::Inventory;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::company::{Company, eur};

const DAYS: i16 = 12;

fn history() -> impl Strategy<Value = Vec<(i16, u8, i64, i64)>> {
    prop::collection::vec((0..DAYS, 0_u8..10, 0_i64..9, 0_i64..900), 5..25)
}

#[test]
fn the_stock_account_is_the_stock_value_on_every_day() {
    TestApp::each(
        |app| app.module(Finance).module(Inventory).module(FinanceInventory),
        |app| {
            let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
            TestRunner::new(config)
                .run(&history(), |history| {
                    let company = Company::new(app);
                    for (number, kind, units, cents) in &history {
                        match kind {
                            0..=3 => {
                                let cost = format!("{}.{:02}", cents / 100, cents % 100);
                                company.receive(*number, units + 1, &cost)
                            }
                            4..=8 => company.issue(*number, units + 1),
                            _ => company.count(*number, *units),
                        };
                    }
                    app.deliver();
                    for number in 0..DAYS {
                        assert_eq!(company.balance(number, Role::Stock), company.value_on(number), "day {number}");
                        let balance = company.trial_balance(number);
                        assert!(balance.is_balanced());
                        let sum = balance.rows.iter().map(|row| row.balance);
                        assert_eq!(Money::sum(sum, eur("0").currency()).unwrap(), eur("0.00"));
                    }
                    Ok(())
                })
                .unwrap();
        },
    );
}
