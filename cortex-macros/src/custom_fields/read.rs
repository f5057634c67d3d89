//! Reads the struct and its attributes.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Data, DeriveInput, Fields as Shape, Ident, Lit, LitInt, LitStr, Path, PathArguments, Token, Type};

use crate::attr::{self, Mistakes};
use crate::repository::{inside_option, number};

/// What the derive stands on.
pub(crate) enum Declared {
    /// An entity that keeps custom fields in `extra`.
    Holder { name: Ident, root: Path },
    /// Fields for an entity.
    Fields(Fields),
}

/// A struct of fields as its author wrote it.
pub(crate) struct Fields {
    pub(crate) name: Ident,
    pub(crate) root: Path,
    pub(crate) entity: Path,
    pub(crate) fields: Vec<Field>,
}

pub(crate) struct Field {
    pub(crate) ident: Ident,
    /// The custom field's name: the identifier without `r#`.
    pub(crate) name: String,
    /// The type inside an `Option`.
    pub(crate) ty: Type,
    pub(crate) nullable: bool,
    pub(crate) kind: Kind,
    pub(crate) rules: Rules,
}

/// What the derive must know of a field's type; the trait `ExtraValue` decides the rest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    Money,
    Day,
    Instant,
    Flag,
    Reference,
    Names,
    Json,
    /// Anything else: an enum with `#[derive(Choice)]`.
    Choice,
}

/// What `#[field(...)]` says; each rule with the place it was said at.
#[derive(Default)]
pub(crate) struct Rules {
    pub(crate) required: Option<Ident>,
    pub(crate) unique: Option<Ident>,
    /// `min_len` and `max_len`.
    pub(crate) lengths: Vec<(Ident, LitInt)>,
    /// `min` and `max`.
    pub(crate) bounds: Vec<(Ident, Bound)>,
    /// `pattern`, `references`, `group`, `pii`, and the permissions.
    pub(crate) texts: Vec<(Ident, LitStr)>,
    pub(crate) one_of: Option<(Ident, Vec<LitStr>)>,
    pub(crate) default: Option<(Ident, Lit)>,
    pub(crate) position: Option<LitInt>,
    /// By locale.
    pub(crate) labels: Vec<(String, LitStr)>,
}

/// The smallest or the largest value.
pub(crate) enum Bound {
    Number(String),
    /// A day or a time.
    Text(String),
}

const OPTIONS: &str = "unknown option; custom fields take `entity` and `crate`";
const RULES: &str = "unknown rule; a custom field takes `required`, `unique`, `min_len`, `max_len`, `min`, \
                     `max`, `pattern`, `one_of`, `references`, `default`, `label`, `labels`, `group`, `position`, \
                     `read_permission`, `write_permission` and `pii`";
const NO_ENTITY: &str = "say whose fields these are: `#[custom_fields(entity = Party)]`; an entity that holds custom \
                         fields has a field `extra: Extra` instead";

/// What the derive stands on, or nothing where there is nothing to speak of.
pub(crate) fn declared(input: &DeriveInput, mistakes: &mut Mistakes) -> Option<Declared> {
    let (name, mut root, mut entity) = (input.ident.clone(), attr::default_root(), None::<Path>);
    attr::options(&input.attrs, "custom_fields", mistakes, |key, value, _| {
        match key.to_string().as_str() {
            "entity" => entity = Some(attr::value(value)?),
            "crate" => root = attr::root(value)?,
            _ => return Err(syn::Error::new_spanned(key, OPTIONS)),
        }
        Ok(())
    });
    if !input.generics.params.is_empty() {
        mistakes.at(&input.generics, "custom fields can't be generic: each has one name and one type");
        return None;
    }
    let Data::Struct(syn::DataStruct { fields: Shape::Named(named), .. }) = &input.data else {
        mistakes.at(&input.ident, "custom fields are those of a struct with named fields");
        return None;
    };
    match entity {
        Some(entity) => {
            let fields = named.named.iter().filter_map(|one| field(one, mistakes)).collect();
            Some(Declared::Fields(Fields { name, root, entity, fields }))
        }
        None if named.named.iter().any(|field| field.ident.as_ref().is_some_and(|ident| ident == "extra")) => {
            Some(Declared::Holder { name, root })
        }
        None => {
            mistakes.at(&input.ident, NO_ENTITY);
            None
        }
    }
}

fn field(field: &syn::Field, mistakes: &mut Mistakes) -> Option<Field> {
    let ident = field.ident.clone()?;
    let mut rules = Rules::default();
    attr::options(&field.attrs, "field", mistakes, |key, value, _| rules.option(key, value));
    if let (true, Some(line)) = (rules.labels.is_empty(), attr::doc_line(&field.attrs)) {
        let text = LitStr::new(line.value().trim_end_matches('.'), line.span());
        rules.labels.push(("en".to_owned(), text));
    }
    let inner = inside_option(&field.ty);
    let ty = inner.unwrap_or(&field.ty).clone();
    let kind = mistakes.note(kind(&ty).map_err(|message| syn::Error::new_spanned(&ty, message)))?;
    let name = ident.unraw().to_string();
    Some(Field { ident, name, ty, nullable: inner.is_some(), kind, rules })
}

fn kind(ty: &Type) -> Result<Kind, &'static str> {
    let last = match ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    };
    let last = last.ok_or("custom fields are owned: use `String`, `Decimal` or another type of a custom field")?;
    Ok(match last.ident.to_string().as_str() {
        "String" => Kind::Text,
        "Decimal" => Kind::Number,
        "Money" => Kind::Money,
        "Date" => Kind::Day,
        "Timestamp" => Kind::Instant,
        "bool" => Kind::Flag,
        "Id" => Kind::Reference,
        "Vec" => Kind::Names,
        "Value" => Kind::Json,
        "f32" | "f64" => return Err("floating point is not exact: use `Decimal` or `Money`"),
        "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" | "i128" | "u128" | "isize" => {
            return Err("a number in a custom field is a `Decimal`");
        }
        "Price" | "Quantity" | "Rate" => return Err("a custom field is a `Money` or a `Decimal`"),
        _ if matches!(last.arguments, PathArguments::None) => Kind::Choice,
        _ => return Err("this type is none of a custom field"),
    })
}

impl Rules {
    fn option(&mut self, key: &Ident, value: ParseStream<'_>) -> syn::Result<()> {
        match key.to_string().as_str() {
            "required" => self.required = Some(key.clone()),
            "unique" => self.unique = Some(key.clone()),
            "min_len" | "max_len" => self.lengths.push((key.clone(), attr::value(value)?)),
            "min" | "max" => self.bounds.push((key.clone(), bound(value)?)),
            "pattern" | "references" | "group" | "read_permission" | "write_permission" | "pii" => {
                self.texts.push((key.clone(), attr::value(value)?));
            }
            "one_of" => self.one_of = Some((key.clone(), attr::list(value)?)),
            "default" => self.default = Some((key.clone(), attr::value(value)?)),
            "label" => self.labels.push(("en".to_owned(), attr::value(value)?)),
            "labels" => self.labels = labels(value)?,
            "position" => self.position = Some(attr::value(value)?),
            _ => return Err(syn::Error::new_spanned(key, RULES)),
        }
        Ok(())
    }

    /// What one of `texts` says.
    pub(crate) fn text(&self, name: &str) -> Option<&LitStr> {
        self.texts.iter().find(|(key, _)| key == name).map(|(_, text)| text)
    }
}

/// `= 12`, `= "12.50"` or `= "2026-12-31"`.
fn bound(input: ParseStream<'_>) -> syn::Result<Bound> {
    match number(&input.fork()) {
        Ok(_) => number(input).map(Bound::Number),
        Err(_) => attr::value::<LitStr>(input).map(|text| Bound::Text(text.value())),
    }
}

/// `(en = "Colour", de_AT = "Farbe")`.
fn labels(input: ParseStream<'_>) -> syn::Result<Vec<(String, LitStr)>> {
    let content;
    syn::parenthesized!(content in input);
    let one = |input: ParseStream<'_>| {
        let locale = Ident::parse_any(input)?;
        Ok((locale.unraw().to_string().replace('_', "-"), attr::value(input)?))
    };
    Ok(content.parse_terminated(one, Token![,])?.into_iter().collect())
}
