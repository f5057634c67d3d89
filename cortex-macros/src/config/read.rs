//! Reads and checks what `#[derive(Config)]` is given; all mistakes are kept, each with its place.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{
    Attribute, Data, DeriveInput, Error, Expr, ExprArray, ExprLit, Fields, Generics, Ident, Lit, LitStr, Path, Type,
};

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

/// The mistakes found so far.
#[derive(Default)]
struct Mistakes(Option<Error>);

impl Mistakes {
    fn add(&mut self, error: Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            None => self.0 = Some(error),
        }
    }

    fn at(&mut self, place: impl ToTokens, message: &str) {
        self.add(Error::new_spanned(place, message));
    }
}

impl Section {
    pub(super) fn core(&self) -> TokenStream {
        let root = &self.root;
        quote! { #root::__private::core }
    }

    pub(super) fn read(input: &DeriveInput) -> (Self, Option<Error>) {
        let mut mistakes = Mistakes::default();
        let mut section = Self {
            name: input.ident.clone(),
            generics: input.generics.clone(),
            root: syn::parse_quote!(::codexion),
            key: String::new(),
            own_default: false,
            fields: Vec::new(),
        };
        section.attributes(input, &mut mistakes);
        if !input.generics.params.is_empty() {
            mistakes.at(&input.generics, "a section of the configuration cannot be generic");
        }
        match &input.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(fields) => {
                    let own_default = section.own_default;
                    let fields = fields.named.iter();
                    section.fields =
                        fields.filter_map(|field| Field::read(field, own_default, &mut mistakes)).collect();
                }
                _ => mistakes.at(&input.ident, "a section of the configuration needs named fields: they are its keys"),
            },
            _ => mistakes.at(&input.ident, "a section of the configuration is a struct"),
        }
        (section, mistakes.0)
    }

    fn attributes(&mut self, input: &DeriveInput, mistakes: &mut Mistakes) {
        let mut key: Option<LitStr> = None;
        let mut nested = false;
        each(&input.attrs, mistakes, |meta| {
            if meta.path.is_ident("key") {
                key = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("crate") {
                self.root = meta.value()?.call(Path::parse_mod_style)?;
            } else if meta.path.is_ident("own_default") {
                self.own_default = true;
            } else if meta.path.is_ident("nested") {
                nested = true;
            } else {
                return Err(meta.error(
                    "unknown option; a section takes `key = \"..\"` or `nested`, `own_default` and `crate = path`",
                ));
            }
            Ok(())
        });
        match key {
            Some(key) if nested => mistakes.at(key, "a struct that is only nested in others has no key of its own"),
            Some(key) if is_key(&key.value()) => self.key = key.value(),
            Some(key) => {
                mistakes.at(key, "a key is written in small letters, digits and single underscores: `web`, `job_queue`")
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
        let mut read = Self {
            name: ident.unraw().to_string(),
            ident,
            ty: field.ty.clone(),
            help: first_line(&field.attrs),
            secret: is_secret(&field.ty),
            required: false,
            nested: false,
            one_of: Vec::new(),
            default: FieldDefault::OfType,
        };
        let mut default_at = None;
        each(&field.attrs, mistakes, |meta| {
            if meta.path.is_ident("default") {
                default_at = Some(meta.path.span());
            }
            read.option(meta)
        });
        read.check(default_at, own_default, mistakes);
        Some(read)
    }

    fn option(&mut self, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        if meta.path.is_ident("default") {
            self.default = match meta.value()?.parse::<Expr>()? {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => FieldDefault::Text(text),
                value => FieldDefault::Value(value),
            };
        } else if meta.path.is_ident("help") {
            self.help = meta.value()?.parse::<LitStr>()?.value();
        } else if meta.path.is_ident("one_of") {
            self.one_of = texts(meta.value()?.parse()?)?;
        } else if meta.path.is_ident("secret") {
            self.secret = true;
        } else if meta.path.is_ident("required") {
            self.required = true;
        } else if meta.path.is_ident("nested") {
            self.nested = true;
        } else {
            return Err(meta.error(
                "unknown option; a field takes `default = ..`, `required`, `help = \"..\"`, `one_of = [..]`, `secret` and `nested`",
            ));
        }
        Ok(())
    }

    fn check(&self, default_at: Option<Span>, own_default: bool, mistakes: &mut Mistakes) {
        if !is_key(&self.name) {
            mistakes.at(
                &self.ident,
                "a key is written in small letters, digits and single underscores: `port`, `body_limit`",
            );
        }
        if let Some(span) = default_at {
            if self.required {
                mistakes.add(Error::new(span, "a required field has no default: drop one of the two"));
            }
            if self.nested {
                mistakes.add(Error::new(span, "a nested section has the defaults of its own fields"));
            }
            if own_default {
                mistakes.add(Error::new(span, "with `own_default` the defaults stand in your `impl Default`"));
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

/// Calls `option` for each option of each `#[config(..)]`. After a mistake the rest of that attribute is skipped.
fn each(attrs: &[Attribute], mistakes: &mut Mistakes, mut option: impl FnMut(&ParseNestedMeta<'_>) -> syn::Result<()>) {
    let mut seen: Vec<String> = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("config")) {
        let result = attr.parse_nested_meta(|meta| {
            let name = meta.path.to_token_stream().to_string();
            if seen.contains(&name) {
                return Err(meta.error(format!("`{name}` stands here twice")));
            }
            seen.push(name);
            option(&meta)
        });
        if let Err(mistake) = result {
            mistakes.add(mistake);
        }
    }
}

fn texts(list: ExprArray) -> syn::Result<Vec<LitStr>> {
    let span = list.span();
    let texts: syn::Result<Vec<LitStr>> = list
        .elems
        .into_iter()
        .map(|item| match item {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Ok(text),
            other => Err(Error::new_spanned(other, "the accepted values are texts: `one_of = [\"a\", \"b\"]`")),
        })
        .collect();
    texts.and_then(
        |texts| if texts.is_empty() { Err(Error::new(span, "`one_of` accepts no value at all")) } else { Ok(texts) },
    )
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

/// The first line of the doc comment, without its full stop.
fn first_line(attrs: &[Attribute]) -> String {
    let docs = attrs.iter().filter(|attr| attr.path().is_ident("doc"));
    let mut lines = docs.filter_map(|attr| match &attr.meta.require_name_value().ok()?.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    });
    lines.next().unwrap_or_default().trim().trim_end_matches('.').to_owned()
}
