//! `#[derive(Event)]`: a fact with a name and a version.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Data, DeriveInput, Error, Fields, Ident, LitInt, LitStr, Path};

use crate::attr::{self, Mistakes};

struct Event {
    ident: Ident,
    root: Path,
    name: Option<LitStr>,
    version: Option<LitInt>,
    aggregate: Option<Ident>,
    about: Option<LitStr>,
}

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let event = Event::read(input, &mut mistakes);
    event.check(input, &mut mistakes);
    if mistakes.is_empty() {
        return event.expand();
    }
    // Without parameters: a generic event would need bounds that nobody meant.
    let stub = input.generics.params.is_empty().then(|| Event { aggregate: None, ..event }.expand());
    let mistakes = mistakes.into_tokens();
    quote! { #mistakes #stub }
}

impl Event {
    fn read(input: &DeriveInput, mistakes: &mut Mistakes) -> Self {
        let ident = input.ident.clone();
        let about = attr::doc_paragraph(&input.attrs);
        let mut event = Self { ident, root: attr::default_root(), name: None, version: None, aggregate: None, about };
        attr::options(&input.attrs, "event", mistakes, |key, value, _| {
            match key.to_string().as_str() {
                "name" => event.name = Some(attr::value(value)?),
                "version" => event.version = Some(attr::value(value)?),
                "aggregate" => event.aggregate = Some(attr::value::<LitStr>(value)?.parse()?),
                "crate" => event.root = attr::root(value)?,
                _ => return Err(Error::new_spanned(key, UNKNOWN)),
            }
            Ok(())
        });
        event
    }

    fn check(&self, input: &DeriveInput, mistakes: &mut Mistakes) {
        match &self.name {
            None => mistakes.at(&self.ident, "name it: `#[event(name = \"module.what_happened\", version = 1)]`"),
            Some(name) if !is_dotted(&name.value()) => mistakes
                .at(name, "an event is named after its module and what happened, in lower case: `fleet.vehicle_sold`"),
            Some(_) => {}
        }
        match self.version.as_ref().map(|version| (version, version.base10_parse::<u32>())) {
            None => mistakes.at(&self.ident, "say which version of its shape this is: `version = 1` to begin with"),
            Some((version, Ok(0) | Err(_))) => mistakes.at(version, "versions are whole numbers from 1"),
            Some((_, Ok(_))) => {}
        }
        if !input.generics.params.is_empty() {
            mistakes.at(&input.generics, "an event cannot be generic: its name stands for one shape");
        }
        let Some(aggregate) = &self.aggregate else { return };
        match &input.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(fields) if fields.named.iter().any(|field| field.ident.as_ref() == Some(aggregate)) => {}
                _ => mistakes.at(aggregate, format!("there is no field `{aggregate}`")),
            },
            Data::Enum(_) | Data::Union(_) => mistakes.at(aggregate, "only a struct names a field as its aggregate"),
        }
    }

    fn expand(&self) -> TokenStream {
        let Self { ident, root, .. } = self;
        let core = quote! { #root::__private::core };
        let name = self.name.as_ref().map_or_else(|| quote! { "" }, |name| quote! { #name });
        let version = self.version.as_ref().map_or_else(|| quote! { 1 }, |version| quote! { #version });
        let about = self.about.as_ref().map(|about| quote! { const ABOUT: &'static str = #about; });
        let aggregate = self.aggregate.as_ref().map(|field| {
            let text = quote_spanned! {field.span()=> ::std::string::ToString::to_string(&self.#field) };
            quote! {
                fn aggregate(&self) -> ::core::option::Option<::std::string::String> {
                    ::core::option::Option::Some(#text)
                }
            }
        });
        quote! {
            impl #core::Event for #ident {
                const NAME: &'static str = #name;
                const VERSION: u32 = #version;
                #about
                #aggregate
            }
        }
    }
}

const UNKNOWN: &str = "unknown option; an event takes `name = \"module.what_happened\"`, `version = 1`, \
    `aggregate = \"field\"` and `crate = path`";

fn is_dotted(name: &str) -> bool {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-')
    };
    name.contains('.') && name.split('.').all(word)
}
