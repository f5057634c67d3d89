//! `#[derive(Provider)]`: a struct that the container builds from its fields.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Field, Generics, Ident, Index, Member, Path, Token, Type, bracketed, token};

use crate::attr::{self, Mistakes};

/// How many parts one tuple can have.
const PARTS_MAX: usize = 12;

struct Provider {
    name: Ident,
    generics: Generics,
    root: Path,
    lifetime: Option<Ident>,
    binds: Vec<Type>,
    init: Option<Ident>,
    stop: Option<Ident>,
    parts: Vec<Part>,
}

struct Part {
    member: Member,
    /// The variable that it is built from.
    name: Ident,
    ty: Type,
    /// Not injected: `Default::default()`.
    default: bool,
}

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let provider = Provider::read(input, &mut mistakes);
    provider.check(&mut mistakes);
    if mistakes.is_empty() {
        return provider.expand(&provider.build());
    }
    // What refers to the provider elsewhere in the program is not to blame for these mistakes.
    let owned = provider.lifetimes().next().is_none();
    let stub = owned.then(|| {
        let stub = Provider { parts: Vec::new(), init: None, stop: None, ..provider };
        stub.expand(&quote! { ::core::unreachable!() })
    });
    let mistakes = mistakes.into_tokens();
    quote! { #mistakes #stub }
}

impl Provider {
    fn read(input: &DeriveInput, mistakes: &mut Mistakes) -> Self {
        let mut provider = Self {
            name: input.ident.clone(),
            generics: input.generics.clone(),
            root: attr::default_root(),
            lifetime: None,
            binds: Vec::new(),
            init: None,
            stop: None,
            parts: Vec::new(),
        };
        attr::options(&input.attrs, "provider", mistakes, |key, value, mistakes| {
            match key.to_string().as_str() {
                "singleton" | "scoped" => match provider.lifetime.replace(key.clone()) {
                    Some(other) if other != *key => {
                        mistakes.at(key, format!("it is `{other}` already; a provider has one lifetime"));
                    }
                    _ => {}
                },
                "binds" => types(value)?.into_iter().for_each(|bound| provider.bind(bound, mistakes)),
                "init" => provider.init = Some(method(key, value)?),
                "stop" => provider.stop = Some(method(key, value)?),
                "crate" => provider.root = attr::root(value)?,
                _ => return Err(Error::new_spanned(key, UNKNOWN)),
            }
            Ok(())
        });
        match &input.data {
            Data::Struct(data) => {
                for (index, field) in data.fields.iter().enumerate() {
                    provider.parts.push(Part::read(index, field, mistakes));
                }
            }
            Data::Enum(_) | Data::Union(_) => mistakes.at(&input.ident, "a provider is a struct"),
        }
        provider
    }

    /// Takes a bound that makes sense; the others would only lead to more messages.
    fn bind(&mut self, bound: Type, mistakes: &mut Mistakes) {
        let text = bound.to_token_stream().to_string();
        if !matches!(bound, Type::TraitObject(_)) {
            mistakes.at(bound, format!("a provider is bound to a trait: `binds = dyn {text}`"));
        } else if self.binds.iter().any(|other| other.to_token_stream().to_string() == text) {
            mistakes.at(bound, format!("`{text}` is bound already"));
        } else {
            self.binds.push(bound);
        }
    }

    fn lifetimes(&self) -> impl Iterator<Item = &syn::LifetimeParam> {
        self.generics.lifetimes()
    }

    fn check(&self, mistakes: &mut Mistakes) {
        match &self.lifetime {
            None => mistakes.at(&self.name, "say how long it lives: `#[provider(singleton)]` or `#[provider(scoped)]`"),
            Some(lifetime) if lifetime == "scoped" => {
                for hook in self.init.iter().chain(&self.stop) {
                    mistakes.at(hook, "a scoped provider does not start or stop with the application; only a singleton has `init` and `stop`");
                }
            }
            Some(_) => {}
        }
        for lifetime in self.lifetimes() {
            mistakes.at(lifetime, "a provider owns what it holds; share it as `Arc<..>` instead of borrowing");
        }
    }

    /// Types or patterns of the injected parts as a tuple; as `Both` of tuples where there are many.
    fn tuple(
        &self,
        both: impl Fn(TokenStream, TokenStream) -> TokenStream,
        each: impl Fn(&Part) -> TokenStream,
    ) -> TokenStream {
        let parts: Vec<_> = self.parts.iter().filter(|part| !part.default).collect();
        let mut tuples = parts.chunks(PARTS_MAX).rev().map(|parts| {
            let each = parts.iter().map(|part| each(part));
            let mut tuple = Group::new(Delimiter::Parenthesis, quote! { #(#each,)* });
            tuple.set_span(
                parts.iter().find(|part| part.is_doubtful()).map_or(Span::call_site(), |part| part.ty.span()),
            );
            quote! { #tuple }
        });
        let last = tuples.next().unwrap_or_else(|| quote! { () });
        tuples.fold(last, |rest, tuple| both(tuple, rest))
    }

    fn build(&self) -> TokenStream {
        let parts = self.parts.iter().map(|Part { member, name, ty, default }| match default {
            true => quote_spanned! {ty.span()=> #member: <#ty as ::core::default::Default>::default() },
            false => quote! { #member: #name },
        });
        quote! { ::core::result::Result::Ok(Self { #(#parts),* }) }
    }

    fn expand(&self, build: &TokenStream) -> TokenStream {
        let Self { name, root, binds, .. } = self;
        let core = quote! { #root::__private::core };
        let (generics, args, bounds) = self.generics.split_for_impl();
        let lifetime = match &self.lifetime {
            Some(scoped) if scoped == "scoped" => quote! { Scoped },
            _ => quote! { Singleton },
        };
        let types = self.tuple(|a, b| quote! { #core::Both<#a, #b> }, |part| part.ty.to_token_stream());
        let names = self.tuple(|a, b| quote! { #core::Both(#a, #b) }, |part| part.name.to_token_stream());
        let bindings = (!binds.is_empty()).then(|| {
            quote! {
                fn bindings() -> ::std::vec::Vec<#core::Bound<Self>> {
                    ::std::vec![#(#core::Bound::to::<#binds>()),*]
                }
            }
        });
        let hooks = self.hooks(&core);
        // At the trait, so that what does not implement it is told there.
        let same = binds.iter().map(|bound| quote_spanned! {bound.span()=> this });
        quote! {
            impl #generics #core::Provider for #name #args #bounds {
                const LIFETIME: #core::Lifetime = #core::Lifetime::#lifetime;
                type Parts = #types;
                fn build(#names: Self::Parts) -> #core::Result<Self> {
                    #build
                }
                #bindings
                #hooks
            }
            #(impl #generics #core::Binds<#binds> for #name #args #bounds {
                fn bind(this: ::std::sync::Arc<Self>) -> ::std::sync::Arc<#binds> {
                    #same
                }
            })*
        }
    }

    fn hooks(&self, core: &TokenStream) -> Option<TokenStream> {
        let hooks = [("init", &self.init), ("stop", &self.stop)].into_iter().filter_map(|(stage, method)| {
            let method = method.as_ref()?;
            let stage = Ident::new(stage, method.span());
            let call = quote_spanned! {method.span()=>
                let done: #core::Result<()> = this.#method().await;
                done
            };
            Some(quote! { .#stage(|this| ::std::boxed::Box::pin(async move { #call })) })
        });
        let hooks: TokenStream = hooks.collect();
        (!hooks.is_empty()).then(|| {
            quote! {
                fn hooks() -> #core::Hooks<Self> {
                    #core::Hooks::<Self>::none() #hooks
                }
            }
        })
    }
}

const UNKNOWN: &str =
    "unknown option; a provider takes `singleton` or `scoped`, `binds = dyn Trait`, `init`, `stop` and `crate = path`";

impl Part {
    fn read(index: usize, field: &Field, mistakes: &mut Mistakes) -> Self {
        let mut default = false;
        attr::options(&field.attrs, "provider", mistakes, |key, _, _| match key == "default" {
            true => {
                default = true;
                Ok(())
            }
            false => Err(Error::new_spanned(key, "unknown option; a field of a provider takes `default`")),
        });
        let (member, name) = match &field.ident {
            Some(ident) => (Member::Named(ident.clone()), ident.clone()),
            None => (Member::Unnamed(Index::from(index)), format_ident!("part_{index}")),
        };
        Self { member, name, ty: field.ty.clone(), default }
    }
}

impl Part {
    /// Whether it does not look like something that the container injects, so that a message belongs here.
    fn is_doubtful(&self) -> bool {
        let Type::Path(path) = &self.ty else { return true };
        let name = path.path.segments.last().map(|segment| segment.ident.to_string());
        !matches!(name.as_deref(), Some("Arc" | "Option" | "Inject"))
    }
}

/// `= dyn Trait` or `= [dyn Trait, ..]`.
fn types(input: syn::parse::ParseStream<'_>) -> syn::Result<Vec<Type>> {
    input.parse::<Token![=]>()?;
    if !input.peek(token::Bracket) {
        return Ok(vec![input.parse()?]);
    }
    let content;
    bracketed!(content in input);
    Ok(content.parse_terminated(<Type as syn::parse::Parse>::parse, Token![,])?.into_iter().collect())
}

/// `init` alone, or `init = name`.
fn method(key: &Ident, input: syn::parse::ParseStream<'_>) -> syn::Result<Ident> {
    if input.peek(Token![=]) { attr::value(input) } else { Ok(key.clone()) }
}
