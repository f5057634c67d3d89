//! `#[derive(Choice)]`: an enum without fields as a closed set of texts.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Error, Fields, Ident, LitStr, Path};

struct Choice {
    name: Ident,
    root: Path,
    /// Whether the mapping to the database is left out.
    core_only: bool,
    variants: Vec<(Ident, String)>,
}

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut choice = Choice {
        name: input.ident.clone(),
        root: syn::parse_quote!(::codexion),
        core_only: false,
        variants: Vec::new(),
    };
    let mut mistakes = Vec::new();
    choice.read(input, &mut mistakes);
    if mistakes.is_empty() {
        return expand(&choice, None);
    }
    let mistakes = mistakes.iter().map(Error::to_compile_error);
    // Generic enums get no stub: the impls would need bounds that nobody meant.
    let stub = input.generics.params.is_empty().then(|| {
        let rest = quote! { _ => "", };
        expand(&Choice { core_only: true, ..choice }, Some(&rest))
    });
    quote! { #(#mistakes)* #stub }
}

impl Choice {
    fn read(&mut self, input: &DeriveInput, mistakes: &mut Vec<Error>) {
        options(&input.attrs, mistakes, |meta| {
            if meta.path.is_ident("crate") {
                self.root = meta.value()?.call(Path::parse_mod_style)?;
            } else if meta.path.is_ident("core_only") {
                self.core_only = true;
            } else {
                return Err(meta.error("unknown option; a choice takes `crate = path` and `core_only`"));
            }
            Ok(())
        });
        if !input.generics.params.is_empty() {
            mistakes.push(Error::new_spanned(&input.generics, "a choice cannot be generic"));
        }
        let Data::Enum(data) = &input.data else {
            mistakes.push(Error::new_spanned(&input.ident, "a choice is an enum"));
            return;
        };
        if data.variants.is_empty() {
            mistakes.push(Error::new_spanned(&input.ident, "a choice needs at least one variant"));
        }
        for variant in &data.variants {
            if !matches!(variant.fields, Fields::Unit) {
                let message = "a variant of a choice has no fields: it is stored as its name alone";
                mistakes.push(Error::new_spanned(&variant.fields, message));
                continue;
            }
            let mut text = snake_case(&variant.ident.to_string());
            options(&variant.attrs, mistakes, |meta| {
                if !meta.path.is_ident("name") {
                    return Err(meta.error("unknown option; a variant takes `name = \"..\"`"));
                }
                let name: LitStr = meta.value()?.parse()?;
                text = name.value();
                if text.is_empty() || text.trim() != text {
                    return Err(Error::new_spanned(name, "a name is a text without blanks around it"));
                }
                Ok(())
            });
            if let Some((other, _)) = self.variants.iter().find(|(_, taken)| *taken == text) {
                let message = format!("`{other}` is called `{text}` too; texts must differ");
                mistakes.push(Error::new_spanned(&variant.ident, message));
            }
            self.variants.push((variant.ident.clone(), text));
        }
    }
}

fn options(
    attrs: &[Attribute],
    mistakes: &mut Vec<Error>,
    mut option: impl FnMut(&syn::meta::ParseNestedMeta<'_>) -> syn::Result<()>,
) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("choice")) {
        if let Err(mistake) = attr.parse_nested_meta(|meta| option(&meta)) {
            mistakes.push(mistake);
        }
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
