//! What imports over HTTP may bring.

use cortex_core::{ByteSize, Config};

/// The section `[exchange]` of the configuration.
#[derive(Debug, Clone, Config)]
#[config(key = "exchange", crate = cortex_core)]
pub struct ExchangeConfig {
    /// Largest file that is imported over HTTP; the command line has no limit.
    #[config(default = "256 MiB")]
    pub upload_limit: ByteSize,
}
