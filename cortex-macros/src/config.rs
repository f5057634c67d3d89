//! `#[derive(Config)]`: a struct as a section of the configuration.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::DeriveInput;

use crate::attr::Mistakes;

mod read;

use read::{Field, FieldDefault, Section};

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let section = Section::read(input, &mut mistakes);
    if mistakes.is_empty() {
        return expand(&section);
    }
    let (mistakes, stub) = (mistakes.into_tokens(), stub(&section));
    quote! { #mistakes #stub }
}

fn expand(section: &Section) -> TokenStream {
    let core = section.core();
    let (name, key) = (&section.name, &section.key);
    let default = section.own_default.then(TokenStream::new).unwrap_or_else(|| default(section, &core));
    let fields = section.fields.iter().map(|field| describe(section, field, &core));
    let idents: Vec<_> = section.fields.iter().map(|field| &field.ident).collect();
    let locals: Vec<_> = idents.iter().map(|ident| format_ident!("read_{}", ident)).collect();
    let reads = section.fields.iter().map(|Field { ident, name, nested, .. }| match nested {
        true => quote! { reader.nested(#name) },
        false => quote! { reader.field(#name, defaults.#ident) },
    });
    quote! {
        #default
        impl #core::ConfigSection for #name {
            const KEY: &'static str = #key;
            fn fields() -> &'static [#core::ConfigField] {
                const FIELDS: &[#core::ConfigField] = &[#(#fields),*];
                FIELDS
            }
            fn read(reader: &mut #core::SectionReader<'_>) -> ::core::option::Option<Self> {
                #[allow(unused_variables, reason = "all fields may be nested")]
                let defaults = <Self as ::core::default::Default>::default();
                #(let #locals = #reads;)*
                ::core::option::Option::Some(Self { #(#idents: #locals?),* })
            }
        }
    }
}

fn default(section: &Section, core: &TokenStream) -> TokenStream {
    let name = &section.name;
    let values = section.fields.iter().map(|Field { ident, name, default, .. }| match default {
        FieldDefault::OfType => quote! { #ident: ::core::default::Default::default() },
        FieldDefault::Text(text) => {
            let key = format!("{}.{name}", section.key);
            quote! { #ident: #core::config::literal(#key, #text) }
        }
        FieldDefault::Value(value) => quote! { #ident: #value },
    });
    quote! {
        impl ::core::default::Default for #name {
            fn default() -> Self {
                Self { #(#values),* }
            }
        }
    }
}

fn describe(section: &Section, field: &Field, core: &TokenStream) -> TokenStream {
    let Field { ident, ty, name, help, secret, required, one_of, nested, .. } = field;
    let section = &section.name;
    let nested = match nested {
        true => quote! { ::core::option::Option::Some(<#ty as #core::ConfigSection>::fields) },
        false => quote! { ::core::option::Option::None },
    };
    let default = match field.nested || *required {
        true => quote! { ::std::string::String::new },
        false => quote! { || #core::config::shown(&<#section as ::core::default::Default>::default().#ident) },
    };
    quote! {
        #core::ConfigField {
            name: #name,
            help: #help,
            secret: #secret,
            required: #required,
            one_of: &[#(#one_of),*],
            default: #default,
            nested: #nested,
        }
    }
}

/// What keeps the rest of the program compiling, so that only the mistake itself is reported.
fn stub(section: &Section) -> TokenStream {
    let (core, name) = (section.core(), &section.name);
    let (generics, args, bounds) = section.generics.split_for_impl();
    let default = (!section.own_default).then(|| {
        quote! {
            impl #generics ::core::default::Default for #name #args #bounds {
                fn default() -> Self {
                    ::core::unreachable!()
                }
            }
        }
    });
    quote! {
        #default
        impl #generics #core::ConfigSection for #name #args #bounds {
            const KEY: &'static str = "";
            fn fields() -> &'static [#core::ConfigField] {
                &[]
            }
            fn read(_: &mut #core::SectionReader<'_>) -> ::core::option::Option<Self> {
                ::core::option::Option::None
            }
        }
    }
}
