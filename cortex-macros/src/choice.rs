//! `#[derive(Choice)]`: an enum without fields as a closed set of texts.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Ident, LitStr, Path, Variant};

use crate::attr::{self, Mistakes};

struct Choice {
    name: Ident,
    root: Path,
    /// Whether the mapping to the database is left out.
    core_only: bool,
    variants: Vec<(Ident, String)>,
}

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let choice = Choice::read(input, &mut mistakes);
    if mistakes.is_empty() {
        return expand(&choice, None);
    }
    // Generic enums get no stub: the impls would need bounds that nobody meant.
    let stub = input.generics.params.is_empty().then(|| {
        let rest = quote! { _ => "", };
        expand(&Choice { core_only: true, ..choice }, Some(&rest))
    });
    let mistakes = mistakes.into_tokens();
    quote! { #mistakes #stub }
}

impl Choice {
    fn read(input: &DeriveInput, mistakes: &mut Mistakes) -> Self {
        let (name, root) = (input.ident.clone(), attr::default_root());
        let mut choice = Self { name, root, core_only: false, variants: Vec::new() };
        attr::options(&input.attrs, "choice", mistakes, |key, value, _| {
            match key.to_string().as_str() {
                "crate" => choice.root = attr::root(value)?,
                "core_only" => choice.core_only = true,
                _ => {
                    return Err(Error::new_spanned(
                        key,
                        "unknown option; a choice takes `crate = path` and `core_only`",
                    ));
                }
            }
            Ok(())
        });
        if !input.generics.params.is_empty() {
            mistakes.at(&input.generics, "a choice cannot be generic");
        }
        match &input.data {
            Data::Enum(data) if data.variants.is_empty() => {
                mistakes.at(&input.ident, "a choice needs at least one variant")
            }
            Data::Enum(data) => data.variants.iter().for_each(|variant| choice.variant(variant, mistakes)),
            Data::Struct(_) | Data::Union(_) => mistakes.at(&input.ident, "a choice is an enum"),
        }
        choice
    }

    fn variant(&mut self, variant: &Variant, mistakes: &mut Mistakes) {
        if !matches!(variant.fields, Fields::Unit) {
            mistakes.at(&variant.fields, "a variant of a choice has no fields: it is stored as its name alone");
            return;
        }
        let mut text = snake_case(&variant.ident.to_string());
        attr::options(&variant.attrs, "choice", mistakes, |key, value, mistakes| {
            if key != "name" {
                return Err(Error::new_spanned(key, "unknown option; a variant takes `name = \"..\"`"));
            }
            let name: LitStr = attr::value(value)?;
            text = name.value();
            if text.is_empty() || text.trim() != text {
                mistakes.at(name, "a name is a text without blanks around it");
            }
            Ok(())
        });
        if let Some((other, _)) = self.variants.iter().find(|(_, taken)| *taken == text) {
            mistakes.at(&variant.ident, format!("`{other}` is called `{text}` too; texts must differ"));
        }
        self.variants.push((variant.ident.clone(), text));
    }
}

/// `rest` stands for the variants that have a mistake.
fn expand(choice: &Choice, rest: Option<&TokenStream>) -> TokenStream {
    let Choice { name, root, core_only, variants } = choice;
    let core = quote! { #root::__private::core };
    let (serde, schemars) = (quote! { #core::__private::serde }, quote! { #core::__private::schemars });
    let (idents, texts): (Vec<_>, Vec<_>) = variants.iter().map(|(ident, text)| (ident, text)).unzip();
    let title = name.to_string();
    let sql = (!core_only).then(|| quote! { #root::__private::choice_sql!(#name); });
    quote! {
        impl #core::Choice for #name {
            const ALL: &'static [Self] = &[#(Self::#idents),*];
            const NAMES: &'static [&'static str] = &[#(#texts),*];
            fn as_str(&self) -> &'static str {
                match self {
                    #(Self::#idents => #texts,)*
                    #rest
                }
            }
            fn parse(text: &str) -> ::core::option::Option<Self> {
                match text {
                    #(#texts => ::core::option::Option::Some(Self::#idents),)*
                    _ => ::core::option::Option::None,
                }
            }
        }
        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(#core::Choice::as_str(self))
            }
        }
        impl ::core::str::FromStr for #name {
            type Err = #core::ChoiceError;
            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                #core::choice::from_str(text)
            }
        }
        impl #serde::Serialize for #name {
            fn serialize<S: #serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(#core::Choice::as_str(self))
            }
        }
        impl<'de> #serde::Deserialize<'de> for #name {
            fn deserialize<D: #serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                #core::choice::deserialize(deserializer)
            }
        }
        impl #schemars::JsonSchema for #name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::core::convert::From::from(#title)
            }
            fn json_schema(_: &mut #schemars::SchemaGenerator) -> #schemars::Schema {
                #core::choice::schema(<Self as #core::Choice>::NAMES)
            }
        }
        #sql
    }
}

/// `InDelivery` as `in_delivery`, `B2B` as `b2b`, `HTTPProxy` as `http_proxy`.
fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|i| letters.get(i));
        let after = letters.get(index + 1);
        let starts = before.is_some_and(|b| b.is_lowercase())
            || before.is_some_and(|b| b.is_uppercase()) && after.is_some_and(|a| a.is_lowercase());
        if letter.is_uppercase() && starts {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn names_become_texts() {
        for (name, text) in
            [("Draft", "draft"), ("InDelivery", "in_delivery"), ("HTTPProxy", "http_proxy"), ("B2B", "b2b"), ("A", "a")]
        {
            assert_eq!(snake_case(name), text);
        }
    }
}
