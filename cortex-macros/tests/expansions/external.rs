//! Shows what `#[derive(Repository)]` writes for a table of others.

/// A customer of a program of long ago.
#[derive(Clone, Repository)]
#[repository(table = "KUNDEN", external, all_tenants)]
pub struct Customer {
    #[field(column = "KUNDNR", generated)]
    pub number: i32,
    #[field(column = "NAME1", max_len = 40)]
    pub name: String,
    #[field(column = ["SALDO", "WAEHRUNG"])]
    pub balance: Money,
}
