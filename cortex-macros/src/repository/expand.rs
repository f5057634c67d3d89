//! Writes the table and the primitives; everything else is ordinary code on top of them.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::read::{Entity, Field, Rules};

/// A column of a field.
struct Column {
    ident: Ident,
    sql: TokenStream,
}

/// The code for `entity`; with mistakes in it (`sound` is false) the bodies are empty, so that the rest of the
/// program still finds its names.
pub(crate) fn entity(entity: &Entity, sound: bool) -> TokenStream {
    let root = &entity.root;
    let (data, diesel) = (quote!(#root::__private::data), quote!(#root::__private::diesel));
    let table = table_ident(entity);
    let columns: Vec<Column> = entity.fields.iter().flat_map(columns).collect();
    let definition = table_definition(entity, &table, &columns);
    let rows = row_impls(entity, &table, &columns, sound, &data, &diesel);
    let scope = entity.tenant.then(|| scope_impls(entity, &table, &data));
    let primitives = primitives(entity, &table, sound);
    quote! {
        #definition
        #rows
        #scope
        #primitives
    }
}

fn table_ident(entity: &Entity) -> Ident {
    let name = entity.table.as_ref().map(syn::LitStr::value).unwrap_or_default();
    let span = entity.table.as_ref().map_or_else(|| entity.name.span(), syn::LitStr::span);
    match syn::parse_str::<Ident>(&name) {
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
    names.zip(field.kind.sql()).map(|(name, of)| Column { ident: ident(name), sql: sql(of) }).collect()
}

fn table_definition(entity: &Entity, table: &Ident, columns: &[Column]) -> TokenStream {
    let root = &entity.root;
    let own = columns.iter().map(|Column { ident, sql }| {
        let doc = format!("The column `{ident}`.");
        quote!(#[doc = #doc] #ident -> #sql,)
    });
    let system = entity.system_columns().into_iter().map(|(name, sql)| {
        let (name, sql) = (format_ident!("{name}"), sql.parse::<TokenStream>().unwrap_or_default());
        quote!(#[doc = "A column that the framework keeps."] #name -> #sql,)
    });
    let doc = format!("The table of [`{0}`](super::{0}).", entity.name);
    quote! {
        #root::__private::diesel::table! {
            use #root::__private::data::column_types::*;

            #[doc = #doc]
            #table (id) {
                #(#own)*
                #(#system)*
            }
        }
    }
}

/// Rust types of the columns of a field, as they are read.
fn row_types(field: &Field, data: &TokenStream) -> Vec<TokenStream> {
    let inner = &field.inner;
    let types = match field.second {
        None => vec![quote!(#inner)],
        Some(_) => vec![quote!(<#inner as #data::Pair>::First), quote!(<#inner as #data::Pair>::Second)],
    };
    types.into_iter().map(|ty| if field.nullable { quote!(Option<#ty>) } else { ty }).collect()
}

fn row_impls(
    entity: &Entity,
    table: &Ident,
    columns: &[Column],
    sound: bool,
    data: &TokenStream,
    diesel: &TokenStream,
) -> TokenStream {
    let name = &entity.name;
    let row: Vec<_> = entity.fields.iter().flat_map(|f| row_types(f, data)).collect();
    let idents: Vec<_> = columns.iter().map(|c| &c.ident).collect();
    let parts = entity.fields.iter().map(|field| {
        let ident = &field.ident;
        let value = match field.second {
            None => quote!(#ident),
            Some(adds) => {
                let second = format_ident!("{}_{adds}", field.name);
                let join = if field.nullable { quote!(join_optional) } else { quote!(join) };
                quote!(#data::#join(#ident, #second)?)
            }
        };
        quote!(#ident: #value)
    });
    let build = if sound { quote!(Ok(Self { #(#parts),* })) } else { quote!(::core::unreachable!()) };
    quote! {
        impl #data::Columns for #name {
            type Sql = <(#(#table::#idents,)*) as #diesel::expression::Expression>::SqlType;
        }

        impl<ST> #diesel::deserialize::Queryable<ST, #data::Db> for #name
        where
            (#(#row,)*): #diesel::deserialize::FromStaticSqlRow<ST, #data::Db>,
        {
            type Row = (#(#row,)*);

            #[allow(unused_variables)]
            fn build((#(#idents,)*): Self::Row) -> #diesel::deserialize::Result<Self> {
                #build
            }
        }

        impl #diesel::expression::Selectable<#data::Db> for #name {
            type SelectExpression = (#(#table::#idents,)*);

            fn construct_selection() -> Self::SelectExpression {
                (#(#table::#idents,)*)
            }
        }
    }
}

fn scope_impls(entity: &Entity, table: &Ident, data: &TokenStream) -> TokenStream {
    let (name, visibility) = (&entity.name, &entity.visibility);
    quote! {
        impl #data::Scoped for #name {
            type Table = #table::table;
            type TenantColumn = #table::tenant_id;

            fn table() -> Self::Table {
                #table::table
            }

            fn tenant_column() -> Self::TenantColumn {
                #table::tenant_id
            }
        }

        // Inherent, since diesel's prelude brings a trait with a function of the same name.
        #[allow(dead_code)]
        impl #name {
            /// The table, filtered to the tenant: everything of plain diesel goes after it.
            #visibility fn query(tx: &#data::ReadTx) -> #data::Scope<Self> {
                <Self as #data::Scoped>::scoped(tx)
            }

            /// The tenant's predicate alone, for updates, deletes, `exists` and aliases.
            #visibility fn scope(tx: &#data::ReadTx) -> #data::TenantIs<#table::tenant_id> {
                <Self as #data::Scoped>::tenant_scope(tx)
            }
        }
    }
}

fn primitives(entity: &Entity, table: &Ident, sound: bool) -> TokenStream {
    let (name, root) = (&entity.name, &entity.root);
    let (core, data) = (quote!(#root::__private::core), quote!(#root::__private::data));
    let Entity { tenant, versioned, audited, soft_delete, .. } = entity;
    let text = name.to_string();
    let table = table.to_string();
    let fields = entity.fields.iter().map(|field| meta(field, &data));
    let idents: Vec<_> = entity.fields.iter().map(|f| &f.ident).collect();
    let puts = entity.fields.iter().map(|f| {
        let (ident, ty) = (&f.ident, &f.ty);
        quote_spanned!(ty.span()=> <#ty as #data::Field>::put(&self.#ident, &mut out);)
    });
    let (id, values, take) = if sound {
        (
            quote!(self.id),
            quote!(let mut out = ::std::vec::Vec::with_capacity(Self::META.fields.len() + 4); #(#puts)* out),
            quote!(Ok(Self { #(#idents: #data::Field::take(values)?),* })),
        )
    } else {
        let stub = quote!(::core::unreachable!());
        (stub.clone(), stub.clone(), stub)
    };
    quote! {
        impl #data::Entity for #name {
            const META: &'static #data::Meta = &#data::Meta {
                name: #text,
                table: #table,
                fields: &[#(#fields),*],
                tenant: #tenant,
                versioned: #versioned,
                audited: #audited,
                soft_delete: #soft_delete,
            };

            fn id(&self) -> #core::Id<Self> {
                #id
            }

            fn values(&self) -> ::std::vec::Vec<#data::Value> {
                #values
            }

            #[allow(unused_variables)]
            fn from_values(values: &mut #data::Values) -> #core::Result<Self> {
                #take
            }
        }
    }
}

fn meta(field: &Field, data: &TokenStream) -> TokenStream {
    let (name, ty) = (&field.name, &field.ty);
    let columns = columns(field).into_iter().map(|c| syn::ext::IdentExt::unraw(&c.ident).to_string());
    let rules = rules(&field.rules, data);
    quote_spanned!(ty.span()=> #data::FieldMeta::of::<#ty>(#name, &[#(#columns),*]) #rules)
}

/// `.with(Rules { .. })`, with what is said and nothing else.
fn rules(rules: &Rules, data: &TokenStream) -> Option<TokenStream> {
    let mut said = Vec::new();
    for (name, flag) in [("read_only", &rules.read_only), ("write_only", &rules.write_only), ("unique", &rules.unique)]
    {
        let name = format_ident!("{name}");
        said.extend(flag.as_ref().map(|_| quote!(#name: true)));
    }
    said.extend(rules.max_len.as_ref().map(|n| quote!(max_len: Some(#n))));
    said.extend(rules.min.as_ref().map(|(_, n)| quote!(min: Some(#n))));
    said.extend(rules.max.as_ref().map(|(_, n)| quote!(max: Some(#n))));
    said.extend(rules.pattern.as_ref().map(|p| quote!(pattern: Some(#p))));
    said.extend(rules.pii.as_ref().map(|p| quote!(pii: Some(#p))));
    let one_of = &rules.one_of;
    said.extend((!one_of.is_empty()).then(|| quote!(one_of: &[#(#one_of),*])));
    said.extend(rules.references.as_ref().map(|of| quote!(references: Some(|| <#of as #data::Entity>::META))));
    (!said.is_empty()).then(|| quote!(.with(#data::Rules { #(#said,)* ..#data::Rules::NONE })))
}
