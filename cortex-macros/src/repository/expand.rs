//! Writes the table and the primitives; everything else is ordinary code on top of them.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{LitStr, Type};

use super::external;
use super::read::{Entity, Field, Rules};
use super::types::Kind;

/// A column of a field.
struct Column {
    ident: Ident,
    /// Its name in the database, where that is another one.
    name: Option<String>,
    sql: TokenStream,
}

impl Column {
    /// Its name in the database.
    fn name(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.ident.unraw().to_string())
    }
}

/// The code for `entity`; with mistakes in it (`sound` is false) the bodies are empty, so that the rest of the
/// program still finds its names.
pub(crate) fn entity(entity: &Entity, sound: bool) -> TokenStream {
    let root = &entity.root;
    let table = table_ident(entity);
    let columns: Vec<Column> = entity.fields.iter().flat_map(columns).collect();
    let definition = table_definition(entity, &table, &columns);
    let rows = row_impls(entity, &table, &columns);
    let scope = entity.tenant.then(|| scope_impls(entity, &table));
    let open = entity.is_external().then(|| open_impl(entity, &table));
    let writable = entity.external.read_only.is_none().then(|| writable_impl(entity));
    let shared = (sound && entity.company.is_none()).then(|| shared_targets(entity));
    let primitives = primitives(entity, &table, sound);
    quote! {
        #definition
        const _: () = {
            use #root::__private::{core as __core, data as __data, diesel as __diesel};
            #rows
            #scope
            #open
            #writable
            #shared
            #primitives
        };
    }
}

fn table_ident(entity: &Entity) -> Ident {
    let name = entity.table.as_ref().map(LitStr::value).unwrap_or_default();
    let span = entity.table.as_ref().map_or_else(|| entity.name.span(), LitStr::span);
    match syn::parse_str::<Ident>(&name) {
        _ if entity.is_external() => external::module_name(&name, span),
        Ok(_) => Ident::new(&name, span),
        Err(_) => format_ident!("{}_table", entity.name.to_string().to_lowercase(), span = span),
    }
}

fn columns(field: &Field) -> Vec<Column> {
    let second = field.second.map(|adds| format!("{}_{adds}", field.name));
    let names = [Some(field.name.clone()), second].into_iter().flatten();
    let ident = |name: String| match syn::parse_str::<Ident>(&name) {
        Ok(_) => Ident::new(&name, field.ident.span()),
        Err(_) => Ident::new_raw(&name, field.ident.span()),
    };
    let sql = |sql: TokenStream| if field.nullable { quote!(Nullable<#sql>) } else { sql };
    let column = |(i, (name, of)): (usize, (String, TokenStream))| {
        let other = field.rules.column.get(i).map(LitStr::value).filter(|other| *other != name);
        Column { ident: ident(name), name: other, sql: sql(of) }
    };
    names.zip(field.kind.sql()).enumerate().map(column).collect()
}

fn table_definition(entity: &Entity, table: &Ident, columns: &[Column]) -> TokenStream {
    let root = &entity.root;
    let own = columns.iter().map(|Column { ident, name, sql }| {
        let renamed = name.as_ref().map(|name| quote!(#[sql_name = #name]));
        quote!(#renamed #ident -> #sql,)
    });
    let renamed = entity.table.as_ref().filter(|name| *table != name.value()).map(|name| quote!(#[sql_name = #name]));
    let key = columns.first().map(|key| &key.ident);
    let system = entity.system_columns().into_iter().map(|(name, sql)| {
        let (name, sql) = (format_ident!("{name}"), sql.parse::<TokenStream>().unwrap_or_default());
        quote!(#name -> #sql,)
    });
    let doc = format!("The table of [`{0}`](super::{0}).", entity.name);
    quote! {
        #root::__private::diesel::table! {
            use #root::__private::data::column_types::*;

            #[doc = #doc]
            #[allow(missing_docs)]
            #renamed
            #table (#key) {
                #(#own)*
                #(#system)*
            }
        }
    }
}

fn row_impls(entity: &Entity, table: &Ident, columns: &[Column]) -> TokenStream {
    let name = &entity.name;
    let idents = columns.iter().map(|c| &c.ident);
    quote! {
        impl __diesel::deserialize::Queryable<<#name as __data::Columns>::Sql, __data::Db> for #name {
            type Row = __data::Loaded<Self>;

            fn build(row: Self::Row) -> __diesel::deserialize::Result<Self> {
                Ok(row.0)
            }
        }

        impl __diesel::expression::Selectable<__data::Db> for #name {
            type SelectExpression = (#(#table::#idents,)*);

            fn construct_selection() -> Self::SelectExpression {
                __data::selection()
            }
        }
    }
}

/// What all companies share can't refer to what one of them keeps.
fn shared_targets(entity: &Entity) -> TokenStream {
    let targets = entity.fields.iter().filter_map(|field| field.rules.references.as_ref());
    targets.map(|target| quote_spanned!(target.span()=> const _: () = __data::shared_target::<#target>();)).collect()
}

fn scope_impls(entity: &Entity, table: &Ident) -> TokenStream {
    let (name, visibility) = (&entity.name, &entity.visibility);
    let (words, predicate) = match entity.company {
        Some(_) => ("company", quote!(__data::CompanyIs<#table::tenant_id, #table::company_id>)),
        None => ("tenant", quote!(__data::TenantIs<#table::tenant_id>)),
    };
    let all = format!(" The table, filtered to the {words}: everything of plain diesel goes after it.");
    let alone = format!(" The {words}'s predicate alone, for updates, deletes, `exists` and aliases.");
    quote! {
        impl __data::Scoped for #name {
            type Table = #table::table;
            type Predicate = #predicate;
        }

        // Inherent, since diesel's prelude brings a trait with a function of the same name.
        #[allow(dead_code)]
        impl #name {
            #[doc = #all]
            #visibility fn query(tx: &__data::ReadTx) -> __data::Scope<Self> {
                <Self as __data::Scoped>::scoped(tx)
            }

            #[doc = #alone]
            #visibility fn scope(tx: &__data::ReadTx) -> <Self as __data::Scoped>::Predicate {
                <Self as __data::Scoped>::predicate(tx)
            }
        }
    }
}

fn open_impl(entity: &Entity, table: &Ident) -> TokenStream {
    let (name, visibility) = (&entity.name, &entity.visibility);
    quote! {
        #[allow(dead_code)]
        impl #name {
            /// The table, without rows where they belong to another tenant: everything of plain diesel goes after it.
            #visibility fn query(tx: &__data::ReadTx) -> __data::OpenRows<#table::table> {
                __data::open_rows::<Self, #table::table>(tx)
            }
        }
    }
}

fn writable_impl(entity: &Entity) -> TokenStream {
    let name = &entity.name;
    quote!(impl __data::Writable for #name {})
}

/// `None`, or how the table of others is used.
fn external_meta(entity: &Entity) -> TokenStream {
    if !entity.is_external() {
        return quote!(::core::option::Option::None);
    }
    let (one_tenant, read_only) = (entity.external.one_tenant.is_some(), entity.external.read_only.is_some());
    let generates_keys = entity.fields.first().is_some_and(|key| key.rules.generated.is_some());
    quote! {
        ::core::option::Option::Some(__data::External {
            one_tenant: #one_tenant,
            read_only: #read_only,
            generates_keys: #generates_keys,
        })
    }
}

fn primitives(entity: &Entity, table: &Ident, sound: bool) -> TokenStream {
    let name = &entity.name;
    let company = entity.company.is_some();
    let Entity { tenant, versioned, audited, soft_delete, .. } = entity;
    let text = name.to_string();
    let table = entity.table.as_ref().map_or_else(|| table.to_string(), LitStr::value);
    let external = external_meta(entity);
    let fields = entity.fields.iter().map(meta);
    let idents: Vec<_> = entity.fields.iter().map(|f| &f.ident).collect();
    let puts = entity.fields.iter().map(|f| {
        let ident = &f.ident;
        quote_spanned!(f.ty.span()=> __data::Field::put(&self.#ident, out);)
    });
    let (key_type, own_key) = key(entity);
    let (key, put, take) = if sound {
        (own_key, quote!(#(#puts)*), quote!(Ok(Self { #(#idents: __data::Field::take(from)?),* })))
    } else {
        let stub = quote!(::core::unreachable!());
        (stub.clone(), stub.clone(), stub)
    };
    quote! {
        impl __data::Entity for #name {
            #key_type
            const META: &'static __data::Meta = &__data::Meta {
                name: #text,
                table: #table,
                fields: &[#(#fields),*],
                tenant: #tenant,
                company: #company,
                versioned: #versioned,
                audited: #audited,
                soft_delete: #soft_delete,
                external: #external,
            };

            fn key(&self) -> Self::Key {
                #key
            }

            fn put(&self, out: &mut ::std::vec::Vec<__data::Value>) {
                #put
            }

            fn take<S: __data::Source>(from: &mut S) -> __core::Result<Self, S::Error> {
                #take
            }
        }
    }
}

/// The type of the key, and its value.
fn key(entity: &Entity) -> (TokenStream, TokenStream) {
    let Some(Field { ident, ty, kind, .. }) = entity.fields.first() else { return Default::default() };
    let value = if *kind == Kind::Text { quote!(self.#ident.clone()) } else { quote!(self.#ident) };
    // Where it can't be a key, that is all there is to say.
    let key = if entity.fields.first().is_some_and(Field::is_key) { quote!(#ty) } else { quote!(__core::Id<Self>) };
    (quote!(type Key = #key;), value)
}

fn meta(field: &Field) -> TokenStream {
    let (name, ty) = (&field.name, &field.ty);
    let columns = columns(field).into_iter().map(|column| column.name());
    let rules = rules(ty, &field.rules);
    quote_spanned!(ty.span()=> __data::FieldMeta::of::<#ty>(#name, &[#(#columns),*]) #rules)
}

/// What is said, and nothing else.
fn rules(ty: &Type, rules: &Rules) -> TokenStream {
    let mut said = TokenStream::new();
    for (name, flag) in [("read_only", &rules.read_only), ("write_only", &rules.write_only), ("unique", &rules.unique)]
    {
        let name = format_ident!("{name}");
        said.extend(flag.as_ref().map(|_| quote!(.#name())));
    }
    said.extend(rules.max_len.as_ref().map(|n| quote!(.max_len(#n))));
    said.extend(rules.min.as_ref().map(|(_, n)| quote!(.min(#n))));
    said.extend(rules.max.as_ref().map(|(_, n)| quote!(.max(#n))));
    said.extend(rules.pattern.as_ref().map(|p| quote!(.pattern(#p))));
    said.extend(rules.pii.as_ref().map(|p| quote!(.pii(#p))));
    let one_of = &rules.one_of;
    said.extend((!one_of.is_empty()).then(|| quote!(.one_of(&[#(#one_of),*]))));
    said.extend(rules.references.as_ref().map(|of| quote_spanned!(ty.span()=> .references::<#ty, #of>())));
    said
}
