//! Entries balance or do not exist.

use codexion::core::{Currency, Date, Id, Kind, Money, MoneyError, Refusal};
use finance::Account;
use finance::EntryError;
use finance::domain::{Entry, Line, Side};
use proptest::prelude::*;

use super::{date, eur, usd};

fn account(number: u128) -> Id<Account> {
    Id::from_uuid(format!("{number:032x}").parse::<Id<Account>>().unwrap().uuid())
}

fn day() -> Date {
    date("2026-03-05")
}

fn entry(lines: Vec<Line>) -> Result<Entry, EntryError> {
    Entry::new(day(), Currency::USD, "sale", lines)
}

#[test]
fn a_balanced_entry_keeps_its_lines() {
    let lines = vec![
        Line::debit(account(1), usd("120.00"))
            .with_due(date("2026-04-04"))
            .with_party(Id::new())
            .with_text("invoice 7"),
        Line::credit(account(2), usd("100.00")),
        Line::credit(account(3), usd("20.00")),
    ];
    let entry = entry(lines.clone()).unwrap();
    assert_eq!(entry.lines(), lines);
    assert_eq!(entry.total(), usd("120.00"));
    assert_eq!((entry.date(), entry.currency(), entry.text()), (day(), Currency::USD, "sale"));
    assert_eq!(entry.lines()[0].due(), Some(date("2026-04-04")));
    assert_eq!(entry.lines()[0].text(), "invoice 7");
    assert_eq!(entry.lines()[1].balance(), usd("-100.00"));
}

#[test]
fn an_unbalanced_entry_is_refused() {
    let error = entry(vec![Line::debit(account(1), usd("10.00")), Line::credit(account(2), usd("9.99"))]).unwrap_err();
    assert_eq!(error, EntryError::Unbalanced { debit: usd("10.00"), credit: usd("9.99") });
    assert_eq!(error.to_string(), "the entry does not balance: debit 10.00 USD, credit 9.99 USD");
    assert_eq!((error.kind(), error.code()), (Kind::Invalid, "finance.entry.unbalanced"));
}

#[test]
fn lines_that_are_none_are_refused() {
    let with = |line: Line| entry(vec![line, Line::credit(account(2), usd("10.00"))]).unwrap_err();
    assert_eq!(entry(Vec::new()), Err(EntryError::Empty));
    assert_eq!(with(Line::debit(account(1), usd("0.00"))), EntryError::ZeroLine { line: 1 });
    let zero = Line::debit(account(1), usd("0.00")).with_foreign(eur("0.00"));
    assert_eq!(with(zero), EntryError::ZeroLine { line: 1 });
    assert_eq!(with(Line::credit(account(1), usd("-10.00"))), EntryError::NegativeAmount { line: 1 });
    let negative = Line::debit(account(1), usd("10.00")).with_foreign(eur("-5.00"));
    assert_eq!(with(negative), EntryError::NegativeAmount { line: 1 });
    let own = Line::debit(account(1), usd("10.00")).with_foreign(usd("10.00"));
    assert_eq!(with(own), EntryError::ForeignIsCompany { line: 1, currency: Currency::USD });
    let mismatch = MoneyError::CurrencyMismatch { expected: Currency::USD, found: Currency::EUR };
    assert_eq!(with(Line::debit(account(1), eur("10.00"))), EntryError::Money(mismatch));

    let many = vec![Line::debit(account(1), usd("1.00")); Entry::LINES_MAX + 1];
    assert_eq!(entry(many), Err(EntryError::TooManyLines { lines: Entry::LINES_MAX + 1 }));
    let huge = Line::debit(account(1), Money::from_minor(i64::MAX, Currency::USD));
    assert_eq!(entry(vec![huge.clone(), huge]), Err(EntryError::Money(MoneyError::Overflow)));
}

/// The second entry of scenario L1: a receivable paid into an account kept in another currency.
#[test]
fn foreign_amounts_balance_where_both_sides_have_them() {
    let receivable = |foreign| Line::credit(account(1), usd("80.00")).with_foreign(foreign);
    let cash = Line::debit(account(2), usd("80.00")).with_foreign(eur("50.00"));
    let paid = entry(vec![receivable(eur("50.00")), cash.clone()]).unwrap();
    assert_eq!(paid.lines()[0].foreign_balance(), Some(eur("-50.00")));
    assert_eq!(paid.lines()[1].foreign_balance(), Some(eur("50.00")));

    let unbalanced = EntryError::ForeignUnbalanced { debit: eur("50.00"), credit: eur("49.00") };
    assert_eq!(entry(vec![receivable(eur("49.00")), cash.clone()]), Err(unbalanced));

    // Currencies that stand on one side only need no balance: money was changed.
    let pounds = Money::from_minor(43_00, Currency::GBP);
    assert!(entry(vec![receivable(pounds), cash.clone()]).is_ok());
    assert!(entry(vec![Line::credit(account(1), usd("80.00")), cash]).is_ok());
}

#[test]
fn an_exchange_entry_moves_company_currency_alone() {
    let receivable = Line::credit(account(1), usd("20.00")).with_foreign(eur("0.00"));
    assert!(entry(vec![receivable, Line::debit(account(9), usd("20.00"))]).is_ok());
}

#[test]
fn balances_choose_their_side() {
    let line = Line::balance_of(account(1), usd("-7.00")).unwrap();
    assert_eq!((line.side(), line.amount(), line.account()), (Side::Credit, usd("7.00"), account(1)));
    assert_eq!(Line::balance_of(account(1), usd("7.00")).unwrap().side(), Side::Debit);
    let least = Money::from_minor(i64::MIN, Currency::USD);
    assert_eq!(Line::balance_of(account(1), least), Err(MoneyError::Overflow));
}

#[test]
fn a_reversal_is_not_earlier_than_its_entry() {
    let posted = entry(vec![Line::debit(account(1), usd("1.00")), Line::credit(account(2), usd("1.00"))]).unwrap();
    let early = date("2026-03-04");
    let refused = posted.reversal(early, "undo").unwrap_err();
    assert_eq!(refused, EntryError::ReversalTooEarly { date: early, entry: day() });
    let reversal = posted.reversal(day(), "undo").unwrap();
    assert_eq!(reversal.text(), "undo");
    assert_eq!(reversal.lines()[0].side(), Side::Credit);
}

proptest! {
    /// Any amounts, balanced by a last line: the entry exists, and with its reversal nothing is left anywhere.
    #[test]
    fn an_entry_and_its_reversal_leave_nothing(
        amounts in proptest::collection::vec((-1_000_000_i64..1_000_000, 0_i64..1_000), 1..20),
    ) {
        let mut lines = Vec::new();
        for (place, (minor, foreign)) in amounts.iter().enumerate() {
            if *minor != 0 {
                let line = Line::balance_of(account(place as u128), Money::from_minor(*minor, Currency::USD)).unwrap();
                let both_sides = foreign % 2 == 0 || *minor < 0;
                let foreign = Money::from_minor(*foreign, Currency::EUR);
                lines.push(if both_sides { line } else { line.with_foreign(foreign) });
            }
        }
        let rest = Money::sum(lines.iter().map(Line::balance), Currency::USD).unwrap();
        if !rest.is_zero() {
            let refused = matches!(entry(lines.clone()), Err(EntryError::Unbalanced { .. }));
            prop_assert!(refused);
            lines.push(Line::balance_of(account(99), rest.checked_neg().unwrap()).unwrap());
        }
        if lines.is_empty() {
            return Ok(());
        }
        let posted = entry(lines).unwrap();
        let reversal = posted.reversal(day(), "undo").unwrap();
        prop_assert_eq!(reversal.total(), posted.total());
        for (line, undone) in posted.lines().iter().zip(reversal.lines()) {
            prop_assert_eq!(line.account(), undone.account());
            prop_assert_eq!(line.balance().checked_neg(), Ok(undone.balance()));
            let foreign = line.foreign_balance().map(|amount| amount.checked_neg().unwrap());
            prop_assert_eq!(foreign, undone.foreign_balance());
        }
        prop_assert_eq!(reversal.reversal(day(), "sale").unwrap(), posted);
    }
}
