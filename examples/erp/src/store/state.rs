//! How far the demo company and the import of the shop have come.

use codexion::prelude::*;

/// The demo company of a tenant: what its plan is made from, and how much of it is done. Its id is the tenant's.
#[derive(Debug, Clone, PartialEq, Eq, Repository)]
#[repository(table = "company_demos", tenant, versioned)]
pub struct DemoState {
    /// The tenant's id.
    pub id: Id<DemoState>,
    /// What chance began with.
    pub seed: i64,
    /// How many months it has lived.
    #[field(min = 1)]
    pub months: i32,
    /// How busy it is, in percent.
    #[field(min = 1)]
    pub volume: i32,
    /// Its last day.
    pub last: Date,
    /// Of the plan: another program might make another one from the same seed.
    pub fingerprint: i64,
    /// Units of work that are done.
    #[field(min = 0)]
    pub done: i32,
    /// Units of work in all.
    #[field(min = 0)]
    pub units: i32,
}

impl DemoState {
    /// The id of a tenant's demo company.
    #[must_use]
    pub const fn of(tenant: TenantId) -> Id<Self> {
        Id::from_uuid(tenant.uuid())
    }

    /// Whether all of it is there.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.done >= self.units
    }
}

/// How far the import of the Online Retail data set is. Its id is the tenant's.
#[derive(Debug, Clone, PartialEq, Eq, Repository)]
#[repository(table = "company_retail_imports", tenant, versioned)]
pub struct RetailState {
    /// The tenant's id.
    pub id: Id<RetailState>,
    /// Of the file: another one makes other documents.
    #[field(max_len = 64)]
    pub fingerprint: String,
    /// Documents in all.
    #[field(min = 0)]
    pub documents: i64,
    /// Documents that are written, in the order of the file.
    #[field(min = 0)]
    pub done: i64,
}

impl RetailState {
    /// The id of a tenant's import.
    #[must_use]
    pub const fn of(tenant: TenantId) -> Id<Self> {
        Id::from_uuid(tenant.uuid())
    }
}
