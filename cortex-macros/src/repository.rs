//! `#[derive(Repository)]`: a struct as an entity with a table of its own.

mod check;
mod expand;
mod external;
mod read;
mod types;

pub(crate) use read::number;
pub(crate) use types::inside_option;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::attr::Mistakes;

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let Some(entity) = read::entity(input, &mut mistakes) else {
        return mistakes.into_tokens();
    };
    check::entity(&entity, &mut mistakes);
    // Without a key there is nothing to expand that would compile.
    let has_key = entity.fields.first().is_some_and(|first| entity.is_external() || first.name == "id");
    let expanded = has_key.then(|| expand::entity(&entity, mistakes.is_empty()));
    let mistakes = mistakes.into_tokens();
    quote! { #mistakes #expanded }
}
