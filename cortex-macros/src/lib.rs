//! Derive macros of Codexion Cortex.

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

mod attr;
mod choice;
mod config;
mod custom_fields;
mod event;
#[cfg(test)]
mod expansions;
mod module;
mod provider;
mod repository;

/// An enum without fields as a closed set of texts: `Display`, `FromStr`, `Serialize`, `Deserialize`,
/// `JsonSchema` and the database speak the same names. All of them are implemented; derive none beside it.
///
/// A name is the variant's in snake case, or what `#[choice(name = "..")]` says.
#[proc_macro_derive(Choice, attributes(choice))]
pub fn derive_choice(input: TokenStream) -> TokenStream {
    choice::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// A struct as a section of the configuration, with `Default` from its attributes.
///
/// On the struct: `#[config(key = "web")]`, or `nested` for one that other sections hold; `own_default` where
/// you write `Default` yourself. On a field: `default = ..` (text is read like text from the environment),
/// `required`, `help = ".."` (else the first line of its doc comment), `one_of = [..]`, `secret` (implied by
/// the type `Secret`; of other types it hides the value in errors and in `config show`, but not in your own
/// `Debug`) and `nested`.
#[proc_macro_derive(Config, attributes(config))]
pub fn derive_config(input: TokenStream) -> TokenStream {
    config::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// An entity that holds custom fields, or a struct of fields that a module adds to one.
///
/// On an entity with a field `extra: Extra` it takes nothing. On another struct, `#[custom_fields(entity = Party)]`
/// declares its fields as custom fields of that entity, for every tenant for which the module works that registers
/// them: `m.custom_fields::<Delivery>()`. A field is an `Option`, or has a `default`, since records exist already;
/// an `Option` that is `required` must be given to new records and may be absent from old ones.
///
/// On a field: `#[field(required, unique, min_len = 2, max_len = 12, min = 0, max = "2030-12-31",
/// pattern = "[A-Z]+", one_of = ["a", "b"], references = "crm.party", default = "a", group = "Looks", position = 1,
/// label = "Colour", labels(en = "Colour", de = "Farbe"), read_permission = "crm.party.see_salary",
/// write_permission = "..", pii = "person")]`. The English label is the first line of the doc comment where none is
/// given.
#[proc_macro_derive(CustomFields, attributes(custom_fields, field))]
pub fn derive_custom_fields(input: TokenStream) -> TokenStream {
    custom_fields::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// A fact with a name and a version, to be emitted by a unit of work.
///
/// `#[event(name = "fleet.vehicle_sold", version = 1, aggregate = "id")]`; the events of one `aggregate` (a
/// field that can be printed) are delivered in the order in which they happened. Its doc comment, up to the first
/// empty line, is what people read of it.
#[proc_macro_derive(Event, attributes(event))]
pub fn derive_event(input: TokenStream) -> TokenStream {
    event::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// A struct as a module; what it registers is said in an `impl Registers`.
///
/// `#[module(name = "fleet", needs = ["finance >=1, <2"], optional = ["crm"], migrations = "migrations")]`;
/// `about = ".."` is the first line of the doc comment where it is not given, `version = ".."` the crate's.
/// `migrations` is a folder beside `Cargo.toml` with a folder `0001_name/{up,down}[.sqlite|.postgres].sql`
/// each; what a build embeds is settled when the crate is compiled, so touch a source file of the crate where
/// nothing but a new folder was added.
#[proc_macro_derive(Module, attributes(module))]
pub fn derive_module(input: TokenStream) -> TokenStream {
    module::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// A struct that the container builds: every field is an `Arc<T>` or `Option<Arc<T>>` that another module or
/// this one provides, or carries `#[provider(default)]`.
///
/// `#[provider(singleton)]` or `#[provider(scoped)]`; `binds = dyn Trait` (or a list in brackets) for the trait
/// objects that it is asked for as; `init` and `stop` (or `init = connect`) for its `async fn(&self) ->
/// Result<()>` that run when the application starts and stops.
#[proc_macro_derive(Provider, attributes(provider))]
pub fn derive_provider(input: TokenStream) -> TokenStream {
    provider::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// A struct as an entity: a table of its own, read and written through the trait `Repository`.
///
/// On the struct: `#[repository(table = "fleet_vehicles", tenant, company, versioned, audited, soft_delete)]`.
/// `tenant`: its rows belong to tenants; `company`: each to one company of its tenant; `versioned`: changes are counted
/// for optimistic locking; `audited`: rows carry who created and changed them and every change is kept; `soft_delete`:
/// deleting marks the row. The first field is `id: Id<Self>`;
/// the framework's own columns are not fields.
///
/// On a field: `#[field(unique, max_len = 12, min = 0, max = "99.5", pattern = "[A-Z]+", one_of = ["a", "b"],
/// references = Branch, read_only, write_only, pii = "person")]`.
///
/// A table that others made and keep: `#[repository(table = "KUNDEN", external, all_tenants)]`, or `one_tenant` where its
/// rows belong to the tenant that `tenancy.external_tenant` names; `read_only` where nothing is written to it. It is
/// checked when the program starts, and never migrated. The first field is its key, of type `Id<..>`, `i32`, `i64` or
/// `String`: `#[field(generated)]` where the database gives its values. `#[field(column = "NAME1")]` names a column
/// otherwise than the field, `column = ["PREIS", "WAEHRUNG"]` the two of an amount.
///
/// The derive emits the diesel table in a module named like it, and `query` and `scope` for plain diesel within the
/// tenant (and the company).
#[proc_macro_derive(Repository, attributes(repository, field))]
pub fn derive_repository(input: TokenStream) -> TokenStream {
    repository::derive(&parse_macro_input!(input as DeriveInput)).into()
}
