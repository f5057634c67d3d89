//! What must hold of an entity whose table belongs to others.

use quote::ToTokens;
use syn::Ident;

use super::read::{Entity, Field};
use super::types::Kind;
use crate::attr::Mistakes;

const OWNER: &str = "say whose rows the table holds: `all_tenants`, or `one_tenant` for those of the tenant that \
                     `tenancy.external_tenant` names";

impl Entity {
    /// Whether its table belongs to others.
    pub(crate) fn is_external(&self) -> bool {
        self.external.external.is_some()
    }
}

impl Field {
    /// Whether it can be a key.
    pub(crate) fn is_key(&self) -> bool {
        matches!(self.kind, Kind::Id | Kind::Int | Kind::BigInt | Kind::Text) && !self.nullable
    }
}

/// Checks the struct's attribute.
pub(crate) fn entity(entity: &Entity, mistakes: &mut Mistakes) {
    let said = &entity.external;
    let Some(external) = &said.external else {
        for one in [&said.all_tenants, &said.one_tenant, &said.read_only].into_iter().flatten() {
            mistakes.at(one, format!("`{one}` is for tables of others: add `external`"));
        }
        entity.fields.iter().for_each(|field| own_field(field, mistakes));
        return;
    };
    if said.all_tenants.is_some() == said.one_tenant.is_some() {
        mistakes.at(external, OWNER);
    }
    if !entity.system_columns().is_empty() {
        let message = "a table of others has none of the framework's columns: leave out `tenant`, `versioned`, \
                       `audited` and `soft_delete`";
        mistakes.at(external, message);
    }
    match entity.fields.first() {
        Some(key) if key.is_key() => {}
        Some(key) => {
            let message =
                "the first field of an external entity is its key: an id, `i32`, `i64` or `String`, not optional";
            mistakes.at(&key.ty, message);
        }
        None => mistakes.at(&entity.name, "the first field of an external entity is its key"),
    }
    for (i, field) in entity.fields.iter().enumerate() {
        self::field(entity, field, i == 0, mistakes);
    }
}

fn field(entity: &Entity, field: &Field, is_key: bool, mistakes: &mut Mistakes) {
    if field.kind == Kind::Extra {
        mistakes.at(&field.ident, "custom fields need a column and a history that a table of others does not have");
    }
    let (wanted, given) = (field.kind.sql().len(), field.rules.column.len());
    if let Some(first) = field.rules.column.first()
        && wanted != given
    {
        mistakes.at(first, format!("this type has {wanted} columns: name as many, in brackets where it is two"));
    }
    for column in field.rules.column.iter().filter(|column| !is_plain(&column.value())) {
        mistakes.at(column, NAME);
    }
    if let Some(generated) = &field.rules.generated {
        let number = matches!(field.kind, Kind::Int | Kind::BigInt);
        if !is_key || !number || entity.external.read_only.is_some() {
            mistakes.at(generated, "`generated` is for the key of a table that is written to: an `i32` or `i64`");
        }
    }
}

fn own_field(field: &Field, mistakes: &mut Mistakes) {
    if let Some(column) = field.rules.column.first() {
        own_only(column, "column", mistakes);
    }
    if let Some(generated) = &field.rules.generated {
        own_only(generated, "generated", mistakes);
    }
}

fn own_only(at: &impl ToTokens, rule: &str, mistakes: &mut Mistakes) {
    mistakes.at(at, format!("`{rule}` is for tables of others, which are `external`"));
}

/// What the names of tables and columns of others look like.
pub(crate) const NAME: &str = "a name has 1 to 63 bytes and no quotes";

/// Whether a name can stand in quotes, as every database writes it.
pub(crate) fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.len() <= 63 && !name.contains(['"', '\0'])
}

/// The name of the module that holds a table: its own as far as Rust allows it.
pub(crate) fn module_name(table: &str, span: proc_macro2::Span) -> Ident {
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let name: String = table.chars().map(word).collect();
    syn::parse_str::<Ident>(&name)
        .map_or_else(|_| Ident::new(&format!("table_{name}"), span), |_| Ident::new(&name, span))
}
