//! `#[derive(Module)]`: the manifest of a module from its attribute and its folder of migrations.

mod migrations;

use std::path::Path as FilePath;

use proc_macro2::TokenStream;
use quote::quote;
use semver::VersionReq;
use syn::{DeriveInput, Error, LitStr, Path};

use crate::attr::{self, Mistakes};
use migrations::Migration;

struct Module<'a> {
    input: &'a DeriveInput,
    root: Path,
    name: Option<LitStr>,
    about: Option<LitStr>,
    version: Option<LitStr>,
    needs: Vec<Need>,
    optional: Vec<Need>,
    folder: Option<LitStr>,
    migrations: Vec<Migration>,
}

struct Need {
    text: LitStr,
    name: String,
    range: String,
}

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let mut module = Module::read(input, &mut mistakes);
    module.check(&mut mistakes);
    module.find_migrations(&mut mistakes);
    let expanded = module.expand();
    let mistakes = mistakes.into_tokens();
    quote! { #mistakes #expanded }
}

impl<'a> Module<'a> {
    fn read(input: &'a DeriveInput, mistakes: &mut Mistakes) -> Self {
        let mut module = Self {
            input,
            root: attr::default_root(),
            name: None,
            about: None,
            version: None,
            needs: Vec::new(),
            optional: Vec::new(),
            folder: None,
            migrations: Vec::new(),
        };
        attr::options(&input.attrs, "module", mistakes, |key, value, mistakes| {
            match key.to_string().as_str() {
                "name" => module.name = Some(attr::value(value)?),
                "about" => module.about = Some(attr::value(value)?),
                "version" => module.version = Some(attr::value(value)?),
                "needs" => module.needs.extend(needs(attr::list(value)?, mistakes)),
                "optional" => module.optional.extend(needs(attr::list(value)?, mistakes)),
                "migrations" => module.folder = Some(attr::value(value)?),
                "crate" => module.root = attr::root(value)?,
                _ => return Err(Error::new_spanned(key, UNKNOWN)),
            }
            Ok(())
        });
        module
    }

    fn check(&self, mistakes: &mut Mistakes) {
        match &self.name {
            None => mistakes.at(&self.input.ident, "name it: `#[module(name = \"fleet\")]`"),
            Some(name) if !is_name(&name.value()) => mistakes
                .at(name, "a module's name is lower case letters, digits, `-` and `_`, and starts with a letter"),
            Some(_) => {}
        }
        if let Some(version) = &self.version
            && let Err(reason) = semver::Version::parse(&version.value())
        {
            mistakes.at(version, format!("not a version: {reason}; versions look like `1.4.0`"));
        }
        let own = self.name.as_ref().map(LitStr::value);
        let all: Vec<_> = self.needs.iter().chain(&self.optional).collect();
        for (index, need) in all.iter().enumerate() {
            if own.as_ref() == Some(&need.name) {
                mistakes.at(&need.text, "a module does not need itself");
            }
            if all.iter().take(index).any(|other| other.name == need.name) {
                mistakes.at(&need.text, format!("`{}` is named already", need.name));
            }
        }
    }

    fn find_migrations(&mut self, mistakes: &mut Mistakes) {
        let Some(folder) = &self.folder else { return };
        let Some(home) = std::env::var_os("CARGO_MANIFEST_DIR") else { return };
        let (found, wrong) = migrations::find(FilePath::new(&home), &folder.value());
        for message in wrong {
            mistakes.at(folder, message);
        }
        self.migrations = found;
    }

    fn expand(&self) -> TokenStream {
        let Self { root, input, .. } = self;
        let core = quote! { #root::__private::core };
        let ident = &input.ident;
        let (generics, args, bounds) = input.generics.split_for_impl();
        let name = self.name.as_ref().map_or_else(|| quote! { "" }, |name| quote! { #name });
        let version = match &self.version {
            Some(version) => quote! { #version },
            None => quote! { ::core::env!("CARGO_PKG_VERSION") },
        };
        let about = self.about.clone().or_else(|| attr::doc_line(&input.attrs)).map(|about| quote! { .about(#about) });
        let needs = list(&quote! { needs }, &core, &self.needs);
        let optional = list(&quote! { optional }, &core, &self.optional);
        let migrations = (!self.migrations.is_empty()).then(|| {
            let files = self.migrations.iter().map(|migration| migration.expand(&core));
            quote! { .migrations(const { &[#(#files),*] }) }
        });
        quote! {
            impl #generics #core::Module for #ident #args #bounds {
                fn manifest(&self) -> #core::Manifest {
                    #core::Manifest::new(#name, #version) #about #needs #optional #migrations
                }
                fn register(&self, m: &mut #core::Registrar) {
                    #core::Registers::register(self, m);
                }
            }
        }
    }
}

const UNKNOWN: &str = "unknown option; a module takes `name = \"..\"`, `about = \"..\"`, `version = \"..\"`, \
    `needs = [\"other >=1\"]`, `optional = [\"other >=1\"]`, `migrations = \"folder\"` and `crate = path`";

fn list(method: &TokenStream, core: &TokenStream, needs: &[Need]) -> Option<TokenStream> {
    let (names, ranges): (Vec<_>, Vec<_>) = needs.iter().map(|need| (&need.name, &need.range)).unzip();
    (!needs.is_empty()).then(|| quote! { .#method(const { &[#(#core::ModuleNeed::new(#names, #ranges)),*] }) })
}

/// `"finance >=1, <2"`: a name and a range, which may be left out.
fn needs(texts: Vec<LitStr>, mistakes: &mut Mistakes) -> Vec<Need> {
    let read = |text: LitStr| {
        let value = text.value();
        let (name, range) = value.trim().split_once(char::is_whitespace).unwrap_or((value.trim(), "*"));
        let (name, range) = (name.to_owned(), range.trim().to_owned());
        if !is_name(&name) {
            mistakes.at(&text, format!("`{name}` is not the name of a module; a need looks like `finance >=1, <2`"));
        } else if let Err(reason) = VersionReq::parse(&range) {
            mistakes.at(&text, format!("`{range}` is not a range of versions: {reason}; ranges look like `>=1, <2`"));
        }
        Need { text, name, range }
    };
    texts.into_iter().map(read).collect()
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
}
