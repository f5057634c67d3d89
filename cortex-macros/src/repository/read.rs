//! Reads the struct and its attributes.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Data, DeriveInput, Fields, Ident, Lit, LitInt, LitStr, Path, Token, Type, Visibility};

use super::types::{self, Kind};
use crate::attr::{self, Mistakes};

/// An entity as its author wrote it.
pub(crate) struct Entity {
    pub(crate) name: Ident,
    pub(crate) visibility: Visibility,
    pub(crate) root: Path,
    pub(crate) table: Option<LitStr>,
    pub(crate) tenant: bool,
    pub(crate) company: Option<Ident>,
    pub(crate) versioned: bool,
    pub(crate) audited: bool,
    pub(crate) soft_delete: bool,
    pub(crate) external: External,
    pub(crate) fields: Vec<Field>,
}

/// What is said of a table that belongs to others; each with the place it was said at.
#[derive(Default)]
pub(crate) struct External {
    pub(crate) external: Option<Ident>,
    pub(crate) all_tenants: Option<Ident>,
    pub(crate) one_tenant: Option<Ident>,
    pub(crate) read_only: Option<Ident>,
}

/// A field with a column, or two.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    /// The column's name: the identifier without `r#`.
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) nullable: bool,
    pub(crate) kind: Kind,
    /// What the second column's name adds.
    pub(crate) second: Option<&'static str>,
    pub(crate) rules: Rules,
}

/// What `#[field(...)]` says; each rule with the place it was said at.
#[derive(Default)]
pub(crate) struct Rules {
    pub(crate) read_only: Option<Ident>,
    pub(crate) write_only: Option<Ident>,
    pub(crate) unique: Option<Ident>,
    pub(crate) max_len: Option<LitInt>,
    pub(crate) min: Option<(Ident, String)>,
    pub(crate) max: Option<(Ident, String)>,
    pub(crate) pattern: Option<LitStr>,
    pub(crate) one_of: Vec<LitStr>,
    pub(crate) references: Option<Type>,
    pub(crate) pii: Option<LitStr>,
    pub(crate) column: Vec<LitStr>,
    pub(crate) generated: Option<Ident>,
}

const OPTIONS: &str = "unknown option; an entity takes `table`, `tenant`, `company`, `versioned`, `audited`, `soft_delete` and \
                       `crate`; one whose table belongs to others `external`, `all_tenants`, `one_tenant` and `read_only`";
const RULES: &str = "unknown rule; a field takes `read_only`, `write_only`, `unique`, `max_len`, `min`, `max`, `pattern`, \
                     `one_of`, `references` and `pii`; of an external entity also `column` and `generated`";

/// The entity, or nothing where there is no struct to speak of.
pub(crate) fn entity(input: &DeriveInput, mistakes: &mut Mistakes) -> Option<Entity> {
    let mut entity = Entity {
        name: input.ident.clone(),
        visibility: input.vis.clone(),
        root: attr::default_root(),
        table: None,
        tenant: false,
        company: None,
        versioned: false,
        audited: false,
        soft_delete: false,
        external: External::default(),
        fields: Vec::new(),
    };
    attr::options(&input.attrs, "repository", mistakes, |key, value, mistakes| {
        match key.to_string().as_str() {
            "table" => entity.table = Some(attr::value(value)?),
            "tenant" => entity.tenant = true,
            "company" => entity.company = Some(key.clone()),
            "versioned" => entity.versioned = true,
            "audited" => entity.audited = true,
            "soft_delete" => entity.soft_delete = true,
            "external" => entity.external.external = Some(key.clone()),
            "all_tenants" => entity.external.all_tenants = Some(key.clone()),
            "one_tenant" => entity.external.one_tenant = Some(key.clone()),
            "read_only" => entity.external.read_only = Some(key.clone()),
            "crate" => entity.root = attr::root(value)?,
            _ => mistakes.at(key, OPTIONS),
        }
        Ok(())
    });
    if !input.generics.params.is_empty() {
        mistakes.at(&input.generics, "an entity can't be generic: it has one table");
        return None;
    }
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => {
                entity.fields = fields.named.iter().filter_map(|f| field(f, mistakes)).collect();
                Some(entity)
            }
            _ => refuse(input, mistakes),
        },
        _ => refuse(input, mistakes),
    }
}

fn refuse(input: &DeriveInput, mistakes: &mut Mistakes) -> Option<Entity> {
    mistakes.at(&input.ident, "an entity is a struct with named fields");
    None
}

fn field(field: &syn::Field, mistakes: &mut Mistakes) -> Option<Field> {
    let ident = field.ident.clone()?;
    let inner = types::inside_option(&field.ty);
    let nullable = inner.is_some();
    let inner = inner.unwrap_or(&field.ty);
    let mut rules = Rules::default();
    attr::options(&field.attrs, "field", mistakes, |key, value, mistakes| rules.option(key, value, mistakes));
    match types::kind(inner) {
        Ok((kind, second)) => {
            let name = ident.unraw().to_string();
            Some(Field { ident, name, ty: field.ty.clone(), nullable, kind, second, rules })
        }
        Err(message) => {
            mistakes.at(&field.ty, message);
            None
        }
    }
}

impl Rules {
    fn option(&mut self, key: &Ident, value: ParseStream<'_>, mistakes: &mut Mistakes) -> syn::Result<()> {
        match key.to_string().as_str() {
            "read_only" => self.read_only = Some(key.clone()),
            "write_only" => self.write_only = Some(key.clone()),
            "unique" => self.unique = Some(key.clone()),
            "max_len" => self.max_len = Some(attr::value(value)?),
            "min" => self.min = Some((key.clone(), number(value)?)),
            "max" => self.max = Some((key.clone(), number(value)?)),
            "pattern" => self.pattern = Some(attr::value(value)?),
            "one_of" => self.one_of = attr::list(value)?,
            "references" => self.references = Some(attr::value(value)?),
            "pii" => self.pii = Some(attr::value(value)?),
            "column" => self.column = attr::one_or_more(value)?,
            "generated" => self.generated = Some(key.clone()),
            _ => mistakes.at(key, RULES),
        }
        Ok(())
    }
}

/// `= 12`, `= -12` or `= "12.50"`.
pub(crate) fn number(input: ParseStream<'_>) -> syn::Result<String> {
    input.parse::<Token![=]>()?;
    let sign = if input.parse::<Option<Token![-]>>()?.is_some() { "-" } else { "" };
    let literal: Lit = input.parse()?;
    let text = match &literal {
        Lit::Int(n) => n.base10_digits().to_owned(),
        Lit::Str(s) => s.value(),
        _ => return Err(syn::Error::new(literal.span(), "write a whole number, or a decimal as text: `\"12.50\"`")),
    };
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let decimal = digits.split('.').count() <= 2 && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if decimal && digits.bytes().any(|b| b.is_ascii_digit()) {
        Ok(format!("{sign}{text}"))
    } else {
        Err(syn::Error::new(literal.span(), format!("`{text}` is not a decimal number")))
    }
}
