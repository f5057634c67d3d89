//! Currencies of ISO 4217 and the number of digits each one is paid in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Kind, Refusal};

/// An active currency of ISO 4217. Metals, test codes and units of account without minor units are not
/// currencies here, because an amount in them has no smallest coin.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(u8);

/// Alphabetic code and number of minor digits, sorted by code.
#[rustfmt::skip]
static TABLE: [(&str, u32); COUNT] = [
    ("AED", 2), ("AFN", 2), ("ALL", 2), ("AMD", 2), ("AOA", 2), ("ARS", 2), ("AUD", 2), ("AWG", 2), ("AZN", 2),
    ("BAM", 2), ("BBD", 2), ("BDT", 2), ("BHD", 3), ("BIF", 0), ("BMD", 2), ("BND", 2), ("BOB", 2), ("BOV", 2),
    ("BRL", 2), ("BSD", 2), ("BTN", 2), ("BWP", 2), ("BYN", 2), ("BZD", 2),
    ("CAD", 2), ("CDF", 2), ("CHE", 2), ("CHF", 2), ("CHW", 2), ("CLF", 4), ("CLP", 0), ("CNY", 2), ("COP", 2),
    ("COU", 2), ("CRC", 2), ("CUP", 2), ("CVE", 2), ("CZK", 2),
    ("DJF", 0), ("DKK", 2), ("DOP", 2), ("DZD", 2), ("EGP", 2), ("ERN", 2), ("ETB", 2), ("EUR", 2),
    ("FJD", 2), ("FKP", 2), ("GBP", 2), ("GEL", 2), ("GHS", 2), ("GIP", 2), ("GMD", 2), ("GNF", 0), ("GTQ", 2),
    ("GYD", 2), ("HKD", 2), ("HNL", 2), ("HTG", 2), ("HUF", 2),
    ("IDR", 2), ("ILS", 2), ("INR", 2), ("IQD", 3), ("IRR", 2), ("ISK", 0), ("JMD", 2), ("JOD", 3), ("JPY", 0),
    ("KES", 2), ("KGS", 2), ("KHR", 2), ("KMF", 0), ("KPW", 2), ("KRW", 0), ("KWD", 3), ("KYD", 2), ("KZT", 2),
    ("LAK", 2), ("LBP", 2), ("LKR", 2), ("LRD", 2), ("LSL", 2), ("LYD", 3),
    ("MAD", 2), ("MDL", 2), ("MGA", 2), ("MKD", 2), ("MMK", 2), ("MNT", 2), ("MOP", 2), ("MRU", 2), ("MUR", 2),
    ("MVR", 2), ("MWK", 2), ("MXN", 2), ("MXV", 2), ("MYR", 2), ("MZN", 2),
    ("NAD", 2), ("NGN", 2), ("NIO", 2), ("NOK", 2), ("NPR", 2), ("NZD", 2), ("OMR", 3),
    ("PAB", 2), ("PEN", 2), ("PGK", 2), ("PHP", 2), ("PKR", 2), ("PLN", 2), ("PYG", 0), ("QAR", 2),
    ("RON", 2), ("RSD", 2), ("RUB", 2), ("RWF", 0),
    ("SAR", 2), ("SBD", 2), ("SCR", 2), ("SDG", 2), ("SEK", 2), ("SGD", 2), ("SHP", 2), ("SLE", 2), ("SOS", 2),
    ("SRD", 2), ("SSP", 2), ("STN", 2), ("SVC", 2), ("SYP", 2), ("SZL", 2),
    ("THB", 2), ("TJS", 2), ("TMT", 2), ("TND", 3), ("TOP", 2), ("TRY", 2), ("TTD", 2), ("TWD", 2), ("TZS", 2),
    ("UAH", 2), ("UGX", 0), ("USD", 2), ("USN", 2), ("UYI", 0), ("UYU", 2), ("UYW", 4), ("UZS", 2),
    ("VED", 2), ("VES", 2), ("VND", 0), ("VUV", 0), ("WST", 2),
    ("XAD", 2), ("XAF", 0), ("XCD", 2), ("XCG", 2), ("XOF", 0), ("XPF", 0),
    ("YER", 2), ("ZAR", 2), ("ZMW", 2), ("ZWG", 2),
];

const COUNT: usize = 165;

impl Currency {
    /// Australian dollar.
    pub const AUD: Self = Self::known("AUD");
    /// Canadian dollar.
    pub const CAD: Self = Self::known("CAD");
    /// Swiss franc.
    pub const CHF: Self = Self::known("CHF");
    /// Yuan renminbi.
    pub const CNY: Self = Self::known("CNY");
    /// Czech koruna.
    pub const CZK: Self = Self::known("CZK");
    /// Danish krone.
    pub const DKK: Self = Self::known("DKK");
    /// Euro.
    pub const EUR: Self = Self::known("EUR");
    /// Pound sterling.
    pub const GBP: Self = Self::known("GBP");
    /// Indian rupee.
    pub const INR: Self = Self::known("INR");
    /// Yen, without minor units.
    pub const JPY: Self = Self::known("JPY");
    /// Kuwaiti dinar, with three minor digits.
    pub const KWD: Self = Self::known("KWD");
    /// Norwegian krone.
    pub const NOK: Self = Self::known("NOK");
    /// Zloty.
    pub const PLN: Self = Self::known("PLN");
    /// Swedish krona.
    pub const SEK: Self = Self::known("SEK");
    /// US dollar.
    pub const USD: Self = Self::known("USD");

    /// The currency with this code, in capital letters.
    ///
    /// # Errors
    /// [`CurrencyError`] when no active currency has it.
    pub fn parse(code: &str) -> Result<Self, CurrencyError> {
        let found = TABLE.binary_search_by(|(known, _)| (*known).cmp(code)).ok();
        found.and_then(|index| u8::try_from(index).ok()).map(Self).ok_or_else(|| CurrencyError(code.to_owned()))
    }

    /// Every currency, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=u8::MAX).take(COUNT).map(Self)
    }

    /// The three letters.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.entry().0
    }

    /// Digits after the decimal point: 2 for the euro, 0 for the yen.
    #[must_use]
    pub const fn minor_units(self) -> u32 {
        self.entry().1
    }

    #[expect(clippy::indexing_slicing, reason = "the index was found in the table")]
    const fn entry(self) -> (&'static str, u32) {
        TABLE[self.0 as usize]
    }

    /// Finds a constant's index while compiling; a code that is not in the table does not compile.
    #[expect(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "evaluated by the compiler only")]
    const fn known(code: &str) -> Self {
        let code = code.as_bytes();
        let mut index = 0;
        loop {
            let entry = TABLE[index].0.as_bytes();
            if entry[0] == code[0] && entry[1] == code[1] && entry[2] == code[2] {
                return Self(index as u8);
            }
            index += 1;
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(code: &str) -> Result<Self, CurrencyError> {
        Self::parse(code)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).map_err(serde::de::Error::custom)
    }
}

/// The text is not the code of an active currency.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an active currency of ISO 4217")]
pub struct CurrencyError(String);

impl Refusal for CurrencyError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        "currency"
    }

    fn help(&self) -> Option<String> {
        Some("write three capital letters, such as `EUR`".to_owned())
    }
}
