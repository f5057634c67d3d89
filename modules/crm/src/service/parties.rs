//! Customers, suppliers and their contacts.

use codexion::prelude::{Filter, Id, Provider, ReadTx, Repository, Result, Tx};

use crate::policy::KeepParty;
use crate::store::{Contact, Party};

/// Keeps parties and their contacts.
#[derive(Debug, Provider)]
#[provider(singleton)]
pub struct Parties {}

impl Parties {
    /// Adds a party.
    ///
    /// # Errors
    /// A field breaks a rule, or the code is taken.
    pub fn add(&self, tx: &mut Tx, party: &Party) -> Result<()> {
        self.add_many(tx, std::slice::from_ref(party))
    }

    /// Adds parties, a few statements for all of them.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn add_many(&self, tx: &mut Tx, parties: &[Party]) -> Result<()> {
        for party in parties {
            tx.authorize::<KeepParty>(party)?;
        }
        Party::insert_many(tx, parties)
    }

    /// Changes a party.
    ///
    /// # Errors
    /// There is none, what `change` returns, or a field breaks a rule.
    pub fn change(&self, tx: &mut Tx, id: Id<Party>, change: impl FnOnce(&mut Party) -> Result<()>) -> Result<Party> {
        let party = Party::update(tx, id, change)?;
        tx.authorize::<KeepParty>(&party)?;
        Ok(party)
    }

    /// The party that people know by `code`.
    ///
    /// # Errors
    /// The database refuses the question.
    pub fn by_code(&self, tx: &mut ReadTx, code: &str) -> Result<Option<Party>> {
        Ok(Party::list(tx, &Filter::eq("code", code))?.pop())
    }

    /// Adds contacts, a few statements for all of them.
    ///
    /// # Errors
    /// A field breaks a rule, or one of their parties does not exist.
    pub fn add_contacts(&self, tx: &mut Tx, contacts: &[Contact]) -> Result<()> {
        let ids: Vec<Id<Party>> = contacts.iter().map(|contact| contact.party).collect();
        for party in Party::get_many(tx, &ids)? {
            tx.authorize::<KeepParty>(&party)?;
        }
        Contact::insert_many(tx, contacts)
    }

    /// The contacts at a party.
    ///
    /// # Errors
    /// The database refuses the question.
    pub fn contacts(&self, tx: &mut ReadTx, party: Id<Party>) -> Result<Vec<Contact>> {
        Contact::list(tx, &Filter::eq("party", party))
    }
}
