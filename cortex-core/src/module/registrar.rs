//! The registrar: everything that a module says when it is registered.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::container::{Bindings, Root};
use crate::lifecycle::{Hook, Stage, Upgrade};
use crate::module::{Command, Contributions, HealthPart, Permission, Setting};
use crate::{
    Binds, Config, ConfigSection, Container, Error, ErrorPage, Factory, HealthCheck, Key, Lifetime, ModuleName, Need,
    Provider, Result, SectionInfo,
};

/// Collects what a module provides and contributes. Every method answers the registrar, so that calls chain.
///
/// The crates above add their own methods as extension traits over [`contribute`](Self::contribute) and
/// [`need`](Self::need): routes, repositories, jobs.
pub struct Registrar {
    pub(crate) module: ModuleName,
    pub(crate) bindings: Bindings,
    pub(crate) contributions: Contributions,
    /// What modules said wrongly, reported together.
    pub(crate) refused: Vec<Error>,
}

impl Registrar {
    pub(crate) fn new() -> Self {
        Self {
            module: ModuleName::APPLICATION,
            bindings: Bindings::default(),
            contributions: Contributions::default(),
            refused: Vec::new(),
        }
    }

    /// The module that is being registered.
    #[must_use]
    pub fn module(&self) -> ModuleName {
        self.module
    }

    /// Provides `P`, and the trait objects that it binds.
    pub fn provide<P: Provider>(&mut self) -> &mut Self {
        self.bindings.provide::<P>(self.module);
        self
    }

    /// Provides a `T` that `factory` makes once, from arguments that the container injects.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use cortex_core::{Clock, Registrar};
    /// # trait Rates: Send + Sync {}
    /// # struct BankRates(Arc<dyn Clock>);
    /// # impl Rates for BankRates {}
    /// # fn register(m: &mut Registrar) {
    /// m.factory(|clock: Arc<dyn Clock>| Ok(Arc::new(BankRates(clock)) as Arc<dyn Rates>));
    /// # }
    /// ```
    pub fn factory<T: ?Sized + Send + Sync + 'static, A>(&mut self, factory: impl Factory<T, A>) -> &mut Self {
        self.bindings.factory(self.module, Lifetime::Singleton, factory);
        self
    }

    /// Provides a `T` that `factory` makes for every scope in which it is asked for.
    pub fn scoped_factory<T: ?Sized + Send + Sync + 'static, A>(&mut self, factory: impl Factory<T, A>) -> &mut Self {
        self.bindings.factory(self.module, Lifetime::Scoped, factory);
        self
    }

    /// Provides a value that exists already.
    pub fn instance<T: ?Sized + Send + Sync + 'static>(&mut self, value: Arc<T>) -> &mut Self {
        self.bindings.instance(self.module, value);
        self
    }

    /// Provides the section `C` of the configuration. Several modules may name the same one.
    pub fn config<C: ConfigSection>(&mut self) -> &mut Self {
        if self.provides::<C>() {
            return self;
        }
        self.contribute(SectionInfo::of::<C>());
        self.factory::<C, _>(|config: Arc<Config>| config.section().map(Arc::new))
    }

    /// Declares that whoever opens a scope supplies a `T` to it.
    pub fn supplied<T: ?Sized + Send + Sync + 'static>(&mut self) -> &mut Self {
        self.bindings.supplied::<T>(self.module);
        self
    }

    /// Puts `P` in the place of another module's `T`. That module must be a need of this one where a third one
    /// replaces it too.
    pub fn replace<T: ?Sized + Send + Sync + 'static, P: Binds<T>>(&mut self) -> &mut Self {
        self.bindings.replace::<T, P>(self.module);
        self
    }

    /// Puts a value in the place of another module's `T`; mostly a test's.
    pub fn replace_instance<T: ?Sized + Send + Sync + 'static>(&mut self, value: Arc<T>) -> &mut Self {
        self.bindings.replace_instance(self.module, value);
        self
    }

    /// Wraps another module's `T`, which `decorator` is given.
    pub fn decorate<T: ?Sized + Send + Sync + 'static>(
        &mut self,
        decorator: impl Fn(Arc<T>) -> Arc<T> + Send + Sync + 'static,
    ) -> &mut Self {
        self.bindings.decorate(self.module, decorator);
        self
    }

    /// Wraps another module's `T` by a provider: its part `Arc<T>` is the wrapped one.
    pub fn decorate_by<T: ?Sized + Send + Sync + 'static, P: Binds<T>>(&mut self) -> &mut Self {
        self.bindings.decorate_by::<T, P>(self.module);
        self
    }

    /// Declares what something outside the container needs, so that it is part of the check at start. `who` is
    /// how messages name it: `POST /vehicles`.
    pub fn need(&mut self, who: impl Into<String>, needs: impl IntoIterator<Item = Need>) -> &mut Self {
        let root = Root { by: self.module, label: who.into(), needs: needs.into_iter().collect() };
        self.bindings.roots.push(root);
        self
    }

    /// Whether something of this type is provided so far, by this module or one before it.
    #[must_use]
    pub fn provides<T: ?Sized + 'static>(&self) -> bool {
        self.bindings.offers_key(Key::of::<T>())
    }

    /// Adds to the list of all `C`.
    pub fn contribute<C: Send + Sync + 'static>(&mut self, contribution: C) -> &mut Self {
        self.contributions.add(self.module, contribution);
        self
    }

    /// Reports something that the module says wrongly. Nothing starts then; all reports are shown together.
    pub fn refuse(&mut self, error: impl Into<Error>) -> &mut Self {
        self.refused.push(error.into());
        self
    }

    /// Declares a permission.
    pub fn permission(&mut self, name: impl Into<Cow<'static, str>>, about: &'static str) -> &mut Self {
        self.contribute(Permission { name: name.into(), about })
    }

    /// Explains the codes of the module's errors: `m.errors(include_str!("../docs/errors.md"))`, a section for each,
    /// as [`ErrorPage`] shows. A later module may explain a code better than the one it comes from.
    pub fn errors(&mut self, document: &'static str) -> &mut Self {
        match ErrorPage::all_of(document) {
            Ok(pages) => pages.into_iter().fold(self, Self::contribute),
            Err(error) => self.refuse(error),
        }
    }

    /// Declares a setting.
    pub fn setting<T: Serialize + DeserializeOwned + 'static>(&mut self, setting: &Setting<T>) -> &mut Self {
        match setting.info() {
            Ok(info) => self.contribute(info),
            Err(error) => self.refuse(error),
        }
    }

    /// Adds a command to the command line.
    pub fn command(&mut self, command: Command) -> &mut Self {
        self.contribute(command)
    }

    /// Adds a health check.
    pub fn health(&mut self, check: impl HealthCheck) -> &mut Self {
        self.contribute(HealthPart::of(check))
    }

    /// Adds a health check that a module provides: a connection that can say whether it works.
    pub fn health_of<P: HealthCheck>(&mut self) -> &mut Self {
        self.contribute(HealthPart::provided::<P>())
    }

    /// Runs `hook` at a stage of the application's life, within the usual time of that stage.
    pub fn at<F, R>(&mut self, stage: Stage, hook: F) -> &mut Self
    where
        F: Fn(Container) -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        self.contribute(Hook::new(stage, hook))
    }

    /// Runs `hook` at a stage of the application's life, within `limit`.
    pub fn at_within<F, R>(&mut self, stage: Stage, limit: Duration, hook: F) -> &mut Self
    where
        F: Fn(Container) -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        self.contribute(Hook::new(stage, hook).within(limit))
    }

    /// Runs `upgrade` when the stored version of this module is older than the running one; it is given the
    /// stored version.
    pub fn upgrade<F, R>(&mut self, upgrade: F) -> &mut Self
    where
        F: Fn(Container, semver::Version) -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        self.contribute(Upgrade::new(upgrade))
    }
}

impl fmt::Debug for Registrar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Registrar({}, {:?})", self.module, self.contributions)
    }
}
