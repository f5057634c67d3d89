//! Reads and checks what `#[derive(Config)]` is given; all mistakes are kept, each with its place.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Data, DeriveInput, Error, Expr, ExprLit, Fields, Generics, Ident, Lit, LitStr, Path, Type};

use crate::attr::{self, Mistakes};

/// The struct.
pub(super) struct Section {
    pub(super) name: Ident,
    pub(super) generics: Generics,
    pub(super) root: Path,
    pub(super) key: String,
    /// Whether the author writes `Default`.
    pub(super) own_default: bool,
    pub(super) fields: Vec<Field>,
}

/// One of its fields.
pub(super) struct Field {
    pub(super) ident: Ident,
    pub(super) ty: Type,
    pub(super) name: String,
    pub(super) help: String,
    pub(super) secret: bool,
    pub(super) required: bool,
    pub(super) nested: bool,
    pub(super) one_of: Vec<LitStr>,
    pub(super) default: FieldDefault,
}

pub(super) enum FieldDefault {
    /// `Default` of the field's type.
    OfType,
    /// Written as text: read like text from the environment.
    Text(LitStr),
    /// An expression.
    Value(Expr),
}

impl Section {
    pub(super) fn core(&self) -> TokenStream {
        let root = &self.root;
        quote! { #root::__private::core }
    }

    pub(super) fn read(input: &DeriveInput, mistakes: &mut Mistakes) -> Self {
        let mut section = Self {
            name: input.ident.clone(),
            generics: input.generics.clone(),
            root: attr::default_root(),
            key: String::new(),
            own_default: false,
            fields: Vec::new(),
        };
        section.options(input, mistakes);
        if !input.generics.params.is_empty() {
            mistakes.at(&input.generics, "a section of the configuration cannot be generic");
        }
        match &input.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(fields) => {
                    let read =
                        fields.named.iter().filter_map(|field| Field::read(field, section.own_default, mistakes));
                    section.fields = read.collect();
                }
                _ => mistakes.at(&input.ident, "a section of the configuration needs named fields: they are its keys"),
            },
            _ => mistakes.at(&input.ident, "a section of the configuration is a struct"),
        }
        section
    }

    fn options(&mut self, input: &DeriveInput, mistakes: &mut Mistakes) {
        let mut key: Option<LitStr> = None;
        let mut nested = false;
        attr::options(&input.attrs, "config", mistakes, |option, value, _| {
            match option.to_string().as_str() {
                "key" => key = Some(attr::value(value)?),
                "crate" => self.root = attr::root(value)?,
                "own_default" => self.own_default = true,
                "nested" => nested = true,
                _ => {
                    let message =
                        "unknown option; a section takes `key = \"..\"` or `nested`, `own_default` and `crate = path`";
                    return Err(Error::new_spanned(option, message));
                }
            }
            Ok(())
        });
        match key {
            Some(key) if nested => mistakes.at(key, "a struct that is only nested in others has no key of its own"),
            Some(key) if is_key(&key.value()) => self.key = key.value(),
            Some(key) => {
                mistakes
                    .at(key, "a key is written in small letters, digits and single underscores: `web`, `job_queue`");
            }
            None if nested => {}
            None => mistakes.at(
                &input.ident,
                "a section needs a key: `#[config(key = \"web\")]`, or `#[config(nested)]` if other sections hold it",
            ),
        }
    }
}

impl Field {
    fn read(field: &syn::Field, own_default: bool, mistakes: &mut Mistakes) -> Option<Self> {
        let ident = field.ident.clone()?;
        let help = attr::doc_line(&field.attrs).map(|line| line.value());
        let mut read = Self {
            name: ident.unraw().to_string(),
            ident,
            ty: field.ty.clone(),
            help: help.unwrap_or_default().trim_end_matches('.').to_owned(),
            secret: is_secret(&field.ty),
            required: false,
            nested: false,
            one_of: Vec::new(),
            default: FieldDefault::OfType,
        };
        let mut default_at = None;
        attr::options(&field.attrs, "config", mistakes, |option, value, mistakes| {
            if option == "default" {
                default_at = Some(option.clone());
            }
            read.option(option, value, mistakes)
        });
        read.check(default_at.as_ref(), own_default, mistakes);
        Some(read)
    }

    fn option(&mut self, option: &Ident, value: ParseStream<'_>, mistakes: &mut Mistakes) -> syn::Result<()> {
        match option.to_string().as_str() {
            "default" => {
                self.default = match attr::value(value)? {
                    Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => FieldDefault::Text(text),
                    value => FieldDefault::Value(value),
                };
            }
            "help" => self.help = attr::value::<LitStr>(value)?.value(),
            "one_of" => {
                let accepted: Vec<Expr> = attr::list(value)?;
                if accepted.is_empty() {
                    mistakes.at(option, "`one_of` accepts no value at all");
                }
                self.one_of = accepted.into_iter().filter_map(|value| text(value, mistakes)).collect();
            }
            "secret" => self.secret = true,
            "required" => self.required = true,
            "nested" => self.nested = true,
            _ => {
                let message = "unknown option; a field takes `default = ..`, `required`, \
                               `help = \"..\"`, `one_of = [..]`, `secret` and `nested`";
                return Err(Error::new_spanned(option, message));
            }
        }
        Ok(())
    }

    fn check(&self, default_at: Option<&Ident>, own_default: bool, mistakes: &mut Mistakes) {
        if !is_key(&self.name) {
            mistakes.at(
                &self.ident,
                "a key is written in small letters, digits and single underscores: `port`, `body_limit`",
            );
        }
        if let Some(default) = default_at {
            if self.required {
                mistakes.at(default, "a required field has no default: drop one of the two");
            }
            if self.nested {
                mistakes.at(default, "a nested section has the defaults of its own fields");
            }
            if own_default {
                mistakes.at(default, "with `own_default` the defaults stand in your `impl Default`");
            }
        }
        if self.nested && (self.required || !self.one_of.is_empty()) {
            mistakes.at(&self.ident, "a nested section takes no `required` and no `one_of`: say that at its fields");
        }
        if let (FieldDefault::Text(text), false) = (&self.default, self.one_of.is_empty())
            && !self.one_of.iter().any(|accepted| accepted.value() == text.value())
        {
            mistakes.at(text, "the default is none of the values in `one_of`");
        }
    }
}

fn text(value: Expr, mistakes: &mut Mistakes) -> Option<LitStr> {
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = value else {
        mistakes.at(value, "the accepted values are texts: `one_of = [\"a\", \"b\"]`");
        return None;
    };
    Some(text)
}

/// Two underscores in a row part section and key in the environment.
fn is_key(text: &str) -> bool {
    let word = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    word && text.starts_with(|c: char| c.is_ascii_lowercase()) && !text.contains("__") && !text.ends_with('_')
}

/// Whether the type is `Secret` or an `Option` of it.
fn is_secret(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    let inner = match &last.arguments {
        syn::PathArguments::AngleBracketed(args) if last.ident == "Option" => args.args.first(),
        _ => None,
    };
    last.ident == "Secret" || matches!(inner, Some(syn::GenericArgument::Type(inner)) if is_secret(inner))
}
