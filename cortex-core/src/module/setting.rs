//! Settings: typed values that a tenant may change at run time.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Error, Kind, Refusal, Result};

/// One setting, kept by its module as a constant.
///
/// ```
/// use cortex_core::Setting;
///
/// const SHIP_PARTIAL: Setting<bool> = Setting::new("crm.ship_partial", "Ship what is in stock", || true);
///
/// assert!(SHIP_PARTIAL.read(None)?);
/// assert!(!SHIP_PARTIAL.read(Some(&serde_json::json!(false)))?);
/// assert!(SHIP_PARTIAL.read(Some(&serde_json::json!("no"))).is_err());
/// # Ok::<(), cortex_core::Error>(())
/// ```
pub struct Setting<T> {
    /// Dotted, starting with the module: `finance.rounding`.
    pub name: &'static str,
    /// For people: one line.
    pub about: &'static str,
    default: fn() -> T,
}

impl<T: Serialize + DeserializeOwned + 'static> Setting<T> {
    /// A setting with its default.
    #[must_use]
    pub const fn new(name: &'static str, about: &'static str, default: fn() -> T) -> Self {
        Self { name, about, default }
    }

    /// The value where nobody changed it.
    #[must_use]
    pub fn default_value(&self) -> T {
        (self.default)()
    }

    /// The value as it is stored; the default where nothing is.
    ///
    /// # Errors
    /// `Invalid` when the stored value is not one of this setting.
    pub fn read(&self, stored: Option<&Value>) -> Result<T> {
        let Some(stored) = stored else { return Ok(self.default_value()) };
        T::deserialize(stored).map_err(|error| refusal(self.name, stored, &error).into())
    }

    /// A value as it is stored.
    ///
    /// # Errors
    /// `Invalid` when the value cannot be written as JSON.
    pub fn write(&self, value: &T) -> Result<Value> {
        serde_json::to_value(value).map_err(|error| refusal(self.name, &Value::Null, &error).into())
    }

    /// Name, description, default and check without the type, as modules contribute them.
    ///
    /// # Errors
    /// `Invalid` when the default cannot be written as JSON.
    pub fn info(&self) -> Result<SettingInfo> {
        let name = self.name;
        let check = move |value: &Value| match T::deserialize(value) {
            Ok(_) => Ok(()),
            Err(error) => Err(Error::from(refusal(name, value, &error))),
        };
        let default = self.write(&self.default_value())?;
        Ok(SettingInfo { name, about: self.about, default, check: Box::new(check) })
    }
}

impl<T> fmt::Debug for Setting<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Setting({})", self.name)
    }
}

type Check = Box<dyn Fn(&Value) -> Result<()> + Send + Sync>;

/// A setting without its type, for lists and forms.
pub struct SettingInfo {
    /// Dotted, starting with the module.
    pub name: &'static str,
    /// For people: one line.
    pub about: &'static str,
    /// The value where nobody changed it.
    pub default: Value,
    check: Check,
}

impl SettingInfo {
    /// Whether `value` is one of this setting.
    ///
    /// # Errors
    /// `Invalid` with the reason.
    pub fn check(&self, value: &Value) -> Result<()> {
        (self.check)(value)
    }
}

impl fmt::Debug for SettingInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SettingInfo({} = {})", self.name, self.default)
    }
}

fn refusal(name: &str, value: &Value, error: &serde_json::Error) -> SettingError {
    SettingError { name: name.to_owned(), value: value.to_string(), reason: error.to_string() }
}

/// The value does not fit the setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not a value of the setting `{name}`: {reason}")]
pub struct SettingError {
    name: String,
    value: String,
    reason: String,
}

impl Refusal for SettingError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        "setting"
    }
}
