//! Shows what `#[derive(Config)]` writes.

/// `[fleet]`
#[derive(Config)]
#[config(key = "fleet")]
pub struct FleetConfig {
    /// Days between two inspections.
    #[config(default = 365)]
    inspection_days: i32,
    /// What the workshop knows us by.
    #[config(required, secret)]
    workshop_key: String,
    #[config(nested)]
    mail: MailConfig,
}
