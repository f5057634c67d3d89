//! Writes the two traits; reading and writing a value is ordinary code in `cortex-data`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Lit, LitStr, Path};

use super::read::{Bound, Field, Fields, Kind};

/// An entity with a field `extra`.
pub(crate) fn holder(name: &Ident, root: &Path) -> TokenStream {
    quote! {
        const _: () = {
            use #root::__private::data as __data;

            impl __data::CustomFields for #name {
                fn extra(&self) -> &__data::Extra {
                    &self.extra
                }

                fn extra_mut(&mut self) -> &mut __data::Extra {
                    &mut self.extra
                }
            }
        };
    }
}

/// Fields for an entity; with mistakes in them (`sound` is false) there are none, so that the rest of the program
/// still finds the trait.
pub(crate) fn fields(fields: &Fields, sound: bool) -> TokenStream {
    let Fields { name, root, entity, fields } = fields;
    let (definitions, read, write) = if sound {
        let (definitions, reads) = (fields.iter().map(definition), fields.iter().map(read));
        let writes = fields.iter().map(write);
        (quote!(::std::vec![#(#definitions),*]), quote!(Ok(Self { #(#reads),* })), quote!(#(#writes)*))
    } else {
        let stub = quote!(::core::unreachable!());
        (stub.clone(), stub.clone(), stub)
    };
    quote! {
        const _: () = {
            use #root::__private::{core as __core, data as __data};

            impl __data::TypedFields for #name {
                type Entity = #entity;

                fn definitions() -> ::std::vec::Vec<__data::FieldDefinition> {
                    #definitions
                }

                fn read(extra: &__data::Extra) -> __core::Result<Self> {
                    #read
                }

                fn write(&self, extra: &mut __data::Extra) {
                    #write
                }
            }
        };
    }
}

fn read(field: &Field) -> TokenStream {
    let Field { ident, name, ty, .. } = field;
    match default(field) {
        Some(default) if !field.nullable => {
            quote!(#ident: extra.get_or::<#ty>(#name, #default)?)
        }
        _ => quote!(#ident: extra.get::<#ty>(#name)?),
    }
}

fn write(field: &Field) -> TokenStream {
    let Field { ident, name, nullable, .. } = field;
    match nullable {
        true => quote!(extra.set_or_clear(#name, self.#ident.as_ref());),
        false => quote!(extra.set(#name, &self.#ident);),
    }
}

/// The default as a text or a flag: numbers travel as text.
fn default(field: &Field) -> Option<Lit> {
    field.rules.default.as_ref().map(|(_, lit)| match lit {
        Lit::Int(n) => Lit::Str(LitStr::new(n.base10_digits(), n.span())),
        other => other.clone(),
    })
}

/// What is said, and nothing else.
fn definition(field: &Field) -> TokenStream {
    let Field { name, ty, nullable, kind, rules, .. } = field;
    let mut said = Vec::new();
    said.extend((!nullable || rules.required.is_some()).then(|| quote!(required: true)));
    said.extend(rules.unique.is_some().then(|| quote!(unique: true)));
    said.extend(rules.lengths.iter().map(|(key, n)| quote!(#key: ::core::option::Option::Some(#n))));
    let bounds = rules.bounds.iter().map(|(key, Bound::Number(text) | Bound::Text(text))| (key, text.clone()));
    for (key, text) in bounds.chain(rules.texts.iter().map(|(key, text)| (key, text.value()))) {
        said.push(quote!(#key: ::core::option::Option::Some(#text.into())));
    }
    said.extend(rules.position.as_ref().map(|n| quote!(position: #n)));
    said.extend(default(field).map(|lit| quote!(default: ::core::option::Option::Some(#lit.into()))));
    if let Some((_, names)) = &rules.one_of {
        said.extend((*kind == Kind::Text).then(|| quote!(kind: __data::CustomKind::Choice)));
        said.push(quote!(choices: ::std::vec![#(#names.into()),*]));
    }
    if !rules.labels.is_empty() {
        let labels = rules.labels.iter().map(|(locale, label)| quote!((#locale.into(), #label.into())));
        said.push(quote!(labels: [#(#labels),*].into()));
    }
    quote!(__data::FieldDefinition { #(#said,)* ..__data::FieldDefinition::of::<#ty>(#name) })
}
