//! `#[derive(CustomFields)]`: an entity that holds custom fields, or a struct of fields that a module adds to one.

mod check;
mod expand;
mod read;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::attr::Mistakes;
use read::Declared;

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let expanded = match read::declared(input, &mut mistakes) {
        None => TokenStream::new(),
        Some(Declared::Holder { name, root }) => expand::holder(&name, &root),
        Some(Declared::Fields(fields)) => {
            check::fields(&fields, &mut mistakes);
            expand::fields(&fields, mistakes.is_empty())
        }
    };
    let mistakes = mistakes.into_tokens();
    quote! { #mistakes #expanded }
}
