//! Derive macros of Codexion Cortex.

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

mod choice;
mod config;

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
