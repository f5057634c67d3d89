//! Reading attributes so that every mistake in them is reported, not only the first.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Error, Expr, Ident, Lit, LitStr, Meta, Path, Token, parse_quote};

/// What is wrong, in the order in which it was found.
#[derive(Default)]
pub(crate) struct Mistakes(Vec<Error>);

impl Mistakes {
    /// A mistake at `at`.
    pub(crate) fn at(&mut self, at: impl ToTokens, message: impl std::fmt::Display) {
        self.0.push(Error::new_spanned(at, message));
    }

    /// The value, or its mistake noted.
    pub(crate) fn note<T>(&mut self, read: syn::Result<T>) -> Option<T> {
        read.map_err(|mistake| self.0.push(mistake)).ok()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One `compile_error!` each.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.iter().map(Error::to_compile_error).collect()
    }
}

/// Reads `#[name(option, option = value, ..)]`: `option` is called with each name and stands before its value.
/// After a mistake, reading goes on behind the next comma.
pub(crate) fn options(
    attrs: &[Attribute],
    name: &str,
    mistakes: &mut Mistakes,
    mut option: impl FnMut(&Ident, ParseStream<'_>, &mut Mistakes) -> syn::Result<()>,
) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
        if matches!(attr.meta, Meta::Path(_)) {
            continue; // `#[name]` alone says nothing
        }
        let read = attr.parse_args_with(|input: ParseStream<'_>| {
            while !input.is_empty() {
                let done = input.call(Ident::parse_any).and_then(|key| option(&key, input, mistakes));
                mistakes.note(done.and_then(|()| end_of_option(input)));
                while !input.is_empty() && !input.peek(Token![,]) {
                    input.parse::<proc_macro2::TokenTree>()?;
                }
                input.parse::<Option<Token![,]>>()?;
            }
            Ok(())
        });
        mistakes.note(read);
    }
}

fn end_of_option(input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() || input.peek(Token![,]) { Ok(()) } else { Err(input.error("expected `,`")) }
}

/// `= value` of an option.
pub(crate) fn value<T: Parse>(input: ParseStream<'_>) -> syn::Result<T> {
    input.parse::<Token![=]>()?;
    input.parse()
}

/// `= [value, ..]` of an option.
pub(crate) fn list<T: Parse>(input: ParseStream<'_>) -> syn::Result<Vec<T>> {
    input.parse::<Token![=]>()?;
    if !input.peek(syn::token::Bracket) {
        return Err(input.error("expected a list in brackets: `[\"..\", \"..\"]`"));
    }
    let content;
    syn::bracketed!(content in input);
    Ok(content.parse_terminated(T::parse, Token![,])?.into_iter().collect())
}

/// `= value` or `= [value, ..]` of an option.
pub(crate) fn one_or_more<T: Parse>(input: ParseStream<'_>) -> syn::Result<Vec<T>> {
    let ahead = input.fork();
    ahead.parse::<Token![=]>()?;
    if ahead.peek(syn::token::Bracket) { list(input) } else { Ok(vec![value(input)?]) }
}

/// `= path` of the option `crate`.
pub(crate) fn root(input: ParseStream<'_>) -> syn::Result<Path> {
    input.parse::<Token![=]>()?;
    input.call(Path::parse_mod_style)
}

/// The crate that derived code names, where no attribute says otherwise.
pub(crate) fn default_root() -> Path {
    parse_quote!(::codexion)
}

/// The first line of a doc comment.
pub(crate) fn doc_line(attrs: &[Attribute]) -> Option<LitStr> {
    doc_lines(attrs).next()
}

/// The lines of a doc comment up to the first empty one, as one line.
pub(crate) fn doc_paragraph(attrs: &[Attribute]) -> Option<LitStr> {
    let lines: Vec<LitStr> = doc_lines(attrs).take_while(|line| !line.value().is_empty()).collect();
    let text: Vec<String> = lines.iter().map(LitStr::value).collect();
    lines.first().map(|first| LitStr::new(&text.join(" "), first.span()))
}

fn doc_lines(attrs: &[Attribute]) -> impl Iterator<Item = LitStr> {
    attrs.iter().filter(|attr| attr.path().is_ident("doc")).filter_map(|attr| match &attr.meta {
        Meta::NameValue(doc) => match &doc.value {
            Expr::Lit(text) => match &text.lit {
                Lit::Str(line) => Some(LitStr::new(line.value().trim(), line.span())),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    })
}
