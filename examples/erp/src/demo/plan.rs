//! The whole history of the demo company as a list of steps, made from a seed alone.
//!
//! Nothing here knows a database: the same settings make the same plan, which is why a run that was cut off can go
//! on where it stopped.

use codexion::core::{Date, ToSpan as _};

use super::Settings;
use super::market;

/// Steps of one unit of work, about: a unit ends with a day.
const UNIT_STEPS: usize = 40;

/// Everything that happens to the company.
#[derive(Debug)]
pub(super) struct Plan {
    /// First day of the first fiscal year.
    pub(super) first: Date,
    /// Fiscal years of twelve months from `first` on.
    pub(super) years: u8,
    pub(super) customers: Vec<Customer>,
    pub(super) orders: Vec<Order>,
    pub(super) purchases: Vec<Purchase>,
    pub(super) units: Vec<Unit>,
}

/// What is done in one unit of work.
#[derive(Debug)]
pub(super) struct Unit {
    /// What people are told while it runs.
    pub(super) label: String,
    pub(super) steps: Vec<Step>,
}

/// A shop that buys.
#[derive(Debug)]
pub(super) struct Customer {
    pub(super) name: String,
    pub(super) street: String,
    pub(super) postal_code: &'static str,
    pub(super) city: &'static str,
    pub(super) days: i32,
    pub(super) habit: Habit,
    /// How often and how much it orders, compared with the others.
    pub(super) size: u32,
}

/// When somebody pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Habit {
    AtOnce,
    Early,
    InTime,
    Late,
    VeryLate,
}

/// A sales order.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) number: String,
    pub(super) customer: usize,
    pub(super) date: Date,
    pub(super) freight: i64,
    pub(super) from: Store,
    pub(super) lines: Vec<OrderLine>,
}

/// A line of a sales order.
#[derive(Debug)]
pub(super) struct OrderLine {
    pub(super) product: usize,
    pub(super) pieces: i64,
    pub(super) discount: i64,
}

/// A purchase order: products, pieces, cents for one.
#[derive(Debug)]
pub(super) struct Purchase {
    pub(super) number: String,
    pub(super) supplier: usize,
    pub(super) date: Date,
    pub(super) lines: Vec<(usize, i64, i64)>,
}

/// The two warehouses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Store {
    Main,
    Shop,
}

/// How much of what is open is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Share {
    /// All of it, or what an earlier part left.
    All,
    /// So many percent of the total.
    Part(i64),
    /// All but a few cents, which are written off.
    Almost,
}

/// What money is spent on month by month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expense {
    Wages,
    Rent,
    Carrier,
    Other(&'static str),
    Depreciation,
    /// Repayment and interest.
    Loan,
}

/// One thing that happens. Orders, purchases and products are named by their place in the plan.
#[derive(Debug)]
pub(super) enum Step {
    Company,
    Parties,
    Products,
    Opening(Vec<(usize, i64)>),
    Purchase(usize),
    /// All that is open, or these pieces of these lines.
    Receive {
        purchase: usize,
        date: Date,
        parts: Vec<(usize, i64)>,
    },
    Bill {
        purchase: usize,
        date: Date,
    },
    PayBill {
        purchase: usize,
        nth: usize,
        date: Date,
    },
    Order(usize),
    Ship {
        order: usize,
        date: Date,
        parts: Vec<(usize, i64)>,
    },
    Invoice {
        order: usize,
        date: Date,
    },
    Pay {
        order: usize,
        nth: usize,
        date: Date,
        share: Share,
    },
    /// The goods come back and the invoice is credited.
    Return {
        order: usize,
        date: Date,
    },
    Transfer {
        date: Date,
        lines: Vec<(usize, i64)>,
    },
    Count {
        date: Date,
        lines: Vec<(usize, i64)>,
    },
    Spend {
        date: Date,
        on: Expense,
        cents: i64,
    },
    /// Taxes of everything up to a day are paid to the state.
    TaxReturn {
        date: Date,
        until: Date,
    },
}

impl Step {
    /// How many documents it makes.
    pub(super) fn documents(&self) -> u64 {
        match self {
            Self::Company | Self::Parties | Self::Products => 0,
            Self::Return { .. } => 2,
            _ => 1,
        }
    }
}

impl Plan {
    /// The plan for these settings.
    pub(super) fn new(settings: &Settings) -> Self {
        let months = i32::from(settings.months.max(1));
        let first = settings.last.first_of_month().saturating_sub((months - 1).months());
        let years = u8::try_from((months + 11) / 12).unwrap_or(u8::MAX).saturating_add(1);
        let (market, days) = market::run(settings, first);
        let mut units = vec![
            unit("company and chart of accounts", vec![Step::Company]),
            unit("customers and suppliers", vec![Step::Parties]),
            unit("products", vec![Step::Products]),
        ];
        for (day, steps) in days {
            let label = day.strftime("%B %Y").to_string();
            match units.last_mut().filter(|unit| unit.label == label && unit.steps.len() < UNIT_STEPS) {
                Some(unit) => unit.steps.extend(steps),
                None => units.push(Unit { label, steps }),
            }
        }
        let market::Market { customers, orders, purchases, .. } = market;
        Self { first, years, customers, orders, purchases, units }
    }

    /// How many documents all its steps make.
    pub(super) fn documents(&self) -> u64 {
        self.units.iter().flat_map(|unit| &unit.steps).map(Step::documents).sum()
    }

    /// Two plans with the same fingerprint are the same (FNV-1a over their text).
    pub(super) fn fingerprint(&self) -> i64 {
        let text = format!("{self:?}");
        let hash = text
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        hash.cast_signed()
    }
}

fn unit(label: &str, steps: Vec<Step>) -> Unit {
    Unit { label: label.to_owned(), steps }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_settings_make_the_same_plan() {
        let settings = Settings::year("2026-02-27".parse().unwrap());
        let (one, other) = (Plan::new(&settings), Plan::new(&settings));
        assert_eq!(one.fingerprint(), other.fingerprint());
        let another = Plan::new(&Settings { seed: settings.seed + 1, ..settings });
        assert_ne!(one.fingerprint(), another.fingerprint());
    }

    #[test]
    fn a_year_is_a_few_thousand_documents() {
        let plan = Plan::new(&Settings::year("2026-02-27".parse().unwrap()));
        assert!((3_000..8_000).contains(&plan.documents()), "{}", plan.documents());
        assert_eq!((plan.first.to_string().as_str(), plan.years), ("2025-03-01", 2));
        assert!(plan.units.iter().all(|unit| unit.steps.len() < UNIT_STEPS * 3));
    }

    #[test]
    fn a_day_is_no_problem_at_the_end_of_a_month() {
        for last in ["2024-02-29", "2026-01-01", "2025-12-31"] {
            let plan = Plan::new(&Settings { months: 1, ..Settings::year(last.parse().unwrap()) });
            assert_eq!(plan.first.day(), 1, "{last}");
        }
    }
}
