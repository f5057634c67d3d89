//! Shows what `#[derive(Repository)]` writes for an entity whose records belong to companies.

/// A till of a shop.
#[derive(Clone, Repository)]
#[repository(table = "shop_tills", tenant, company)]
pub struct Till {
    pub id: Id<Till>,
    #[field(unique, max_len = 20)]
    pub code: String,
    #[field(references = Shop)]
    pub shop: Id<Shop>,
}
