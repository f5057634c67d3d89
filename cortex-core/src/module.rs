//! Modules: the parts that an application is put together from.

mod command;
mod contributions;
mod health;
mod manifest;
mod plan;
mod registrar;
mod setting;
mod switch;

pub use command::Command;
pub use contributions::{Contributions, Permission};
pub(crate) use health::HealthPart;
pub use manifest::{Manifest, MigrationFile, ModuleName, ModuleNeed};
pub use plan::{Modules, PlanError, PlanProblem};
pub(crate) use plan::{Tier, plan};
pub use registrar::Registrar;
pub use setting::{Setting, SettingError, SettingInfo};
pub use switch::{ModuleSwitch, SwitchError};

/// A part of an application, in the list that `main` names.
///
/// `#[derive(Module)]` writes it from `#[module(name = "fleet")]` and an impl of [`Registers`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a module",
    label = "not a module",
    note = "add `#[derive(Module)]` and `#[module(name = \"..\")]` to `{Self}`"
)]
pub trait Module: Send + Sync + 'static {
    /// What it says about itself.
    fn manifest(&self) -> Manifest;

    /// What it provides and contributes.
    fn register(&self, m: &mut Registrar);
}

/// What a module with `#[derive(Module)]` provides and contributes.
#[diagnostic::on_unimplemented(
    message = "the module `{Self}` does not say what it registers",
    label = "no `impl Registers for {Self}`",
    note = "write `impl Registers for {Self} {{ fn register(&self, m: &mut Registrar) {{ m.provide::<..>(); }} }}`"
)]
pub trait Registers {
    /// Says it to the registrar.
    fn register(&self, m: &mut Registrar);
}
