//! Parties: whom one sells to and buys from, and the people there.

use codexion::prelude::{Choice, CustomFields, Extra, Id, Repository};

/// A company or a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum PartyKind {
    /// A legal person.
    Company,
    /// A natural person.
    Person,
}

/// A customer, a supplier, or both.
#[derive(Debug, Clone, PartialEq, Eq, Repository, CustomFields)]
#[repository(table = "crm_parties", tenant, versioned, audited, soft_delete)]
pub struct Party {
    /// Its id; the books know it by the same one.
    pub id: Id<Party>,
    /// The number that people know it by.
    #[field(unique, max_len = 40)]
    pub code: String,
    /// Its name.
    #[field(max_len = 200, pii = "person")]
    pub name: String,
    /// Company or person.
    pub kind: PartyKind,
    /// One sells to it.
    pub customer: bool,
    /// One buys from it.
    pub supplier: bool,
    /// VAT identification number.
    #[field(max_len = 20)]
    pub tax_number: Option<String>,
    /// Electronic mail.
    #[field(max_len = 254, pii = "person")]
    pub email: Option<String>,
    /// Telephone.
    #[field(max_len = 40, pii = "person")]
    pub phone: Option<String>,
    /// Telefax.
    #[field(max_len = 40)]
    pub fax: Option<String>,
    /// Street and house number.
    #[field(max_len = 200, pii = "person")]
    pub street: Option<String>,
    /// Postal code.
    #[field(max_len = 20)]
    pub postal_code: Option<String>,
    /// Town.
    #[field(max_len = 100)]
    pub city: Option<String>,
    /// State or province.
    #[field(max_len = 100)]
    pub region: Option<String>,
    /// Country.
    #[field(max_len = 60)]
    pub country: Option<String>,
    /// Days after the invoice within which it pays, or is paid.
    #[field(min = 0, max = 3650)]
    pub payment_days: i32,
    /// What tenants and other modules keep of it.
    pub extra: Extra,
}

/// A person at a party.
#[derive(Debug, Clone, PartialEq, Eq, Repository)]
#[repository(table = "crm_contacts", tenant, versioned, audited, soft_delete)]
pub struct Contact {
    /// Its id.
    pub id: Id<Contact>,
    /// Where the person works.
    #[field(references = Party)]
    pub party: Id<Party>,
    /// The person's name.
    #[field(max_len = 200, pii = "person")]
    pub name: String,
    /// What the person does there.
    #[field(max_len = 100)]
    pub role: Option<String>,
    /// Electronic mail.
    #[field(max_len = 254, pii = "person")]
    pub email: Option<String>,
    /// Telephone.
    #[field(max_len = 40, pii = "person")]
    pub phone: Option<String>,
}

impl Party {
    /// A company of which nothing else is known yet, neither customer nor supplier.
    #[must_use]
    pub fn company(id: Id<Self>, code: &str, name: &str) -> Self {
        Self {
            id,
            code: code.to_owned(),
            name: name.to_owned(),
            kind: PartyKind::Company,
            customer: false,
            supplier: false,
            tax_number: None,
            email: None,
            phone: None,
            fax: None,
            street: None,
            postal_code: None,
            city: None,
            region: None,
            country: None,
            payment_days: 30,
            extra: Extra::new(),
        }
    }

    /// The same as a customer.
    #[must_use]
    pub fn customer(mut self) -> Self {
        self.customer = true;
        self
    }

    /// The same as a supplier.
    #[must_use]
    pub fn supplier(mut self) -> Self {
        self.supplier = true;
        self
    }
}

impl Contact {
    /// A person at `party`.
    #[must_use]
    pub fn new(id: Id<Self>, party: Id<Party>, name: &str) -> Self {
        Self { id, party, name: name.to_owned(), role: None, email: None, phone: None }
    }
}
