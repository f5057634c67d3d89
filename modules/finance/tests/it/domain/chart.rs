//! Charts of accounts.

use codexion::core::{Error, Id, Kind};
use finance::ChartFault;
use finance::domain::{AccountKind, ChartAccount, chart};

struct Plan(Vec<ChartAccount>);

impl Plan {
    /// Adds `code` under the account with the code `parent`; headings end with a star.
    fn add(mut self, code: &str, kind: AccountKind, parent: Option<&str>) -> Self {
        let parent = parent.map(|parent| self.0.iter().find(|a| a.code == parent).unwrap().id);
        let heading = code.ends_with('*');
        let (id, name) = (Id::new(), format!("account {code}"));
        self.0.push(ChartAccount { id, code: code.to_owned(), name, kind, parent, heading, reconcilable: false });
        self
    }

    #[track_caller]
    fn check_faults(&self, expected: &[ChartFault]) {
        assert_eq!(chart::check(&self.0).unwrap_err().faults(), expected);
    }
}

fn plan() -> Plan {
    Plan(Vec::new()).add("1*", AccountKind::Asset, None).add("12*", AccountKind::Asset, Some("1*"))
}

#[test]
fn parents_come_before_children() {
    let mut accounts = plan()
        .add("1200", AccountKind::Asset, Some("12*"))
        .add("1900", AccountKind::Liability, Some("1*"))
        .add("8000", AccountKind::Income, None)
        .0;
    accounts.reverse();
    let order: Vec<&str> = chart::check(&accounts).unwrap().iter().map(|a| a.code.as_str()).collect();
    assert_eq!(order, ["8000", "1*", "1900", "12*", "1200"]);
    assert_eq!(chart::check(&[]), Ok(Vec::new()));
}

#[test]
fn every_fault_is_reported() {
    let text = |code: &str| code.to_owned();
    let mut plan = plan()
        .add("12*", AccountKind::Asset, None)
        .add("4000", AccountKind::Income, Some("1*"))
        .add("4001", AccountKind::Expense, Some("4000"))
        .add("a b", AccountKind::Asset, None)
        .add("", AccountKind::Asset, None);
    let last = plan.0.len() - 1;
    plan.0[last].parent = Some(Id::new());
    plan.check_faults(&[
        ChartFault::Duplicate { code: text("12*") },
        ChartFault::OtherStatement { code: text("4000"), parent: text("1*") },
        ChartFault::ParentIsNoHeading { code: text("4001"), parent: text("4000") },
        ChartFault::Code { code: text("a b") },
        ChartFault::Code { code: text("") },
        ChartFault::NoParent { code: text("") },
    ]);
    let error: Error = chart::check(&plan.0).unwrap_err().into();
    assert_eq!(error.kind(), Kind::Invalid);
    assert_eq!(error.message(), "`12*` stands twice, and 5 more faults in the chart of accounts");
}

#[test]
fn a_cycle_is_found() {
    let mut plan = plan();
    plan.0[0].parent = Some(plan.0[1].id);
    plan.check_faults(&[ChartFault::TooDeep { code: "1*".to_owned() }, ChartFault::TooDeep { code: "12*".to_owned() }]);
}

#[test]
fn nesting_has_a_limit() {
    let code = |depth: usize| format!("{depth}*");
    let mut plan = Plan(Vec::new()).add("0*", AccountKind::Asset, None);
    for depth in 1..chart::DEPTH_MAX {
        plan = plan.add(&code(depth), AccountKind::Asset, Some(&code(depth - 1)));
    }
    assert!(chart::check(&plan.0).is_ok());
    let plan = plan.add("deep", AccountKind::Asset, Some(&code(chart::DEPTH_MAX - 1)));
    plan.check_faults(&[ChartFault::TooDeep { code: "deep".to_owned() }]);
}

#[test]
fn kinds_know_their_statement_and_side() {
    use AccountKind::{Asset, Equity, Expense, Income, Liability};
    assert!([Asset, Liability, Equity].iter().all(|kind| kind.is_balance_sheet()));
    assert!([Income, Expense].iter().all(|kind| !kind.is_balance_sheet()));
    assert!([Asset, Expense].iter().all(|kind| kind.is_debit_normal()));
    assert!([Liability, Equity, Income].iter().all(|kind| !kind.is_debit_normal()));
}
