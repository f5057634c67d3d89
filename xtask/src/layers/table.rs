//! The arrow table: who may depend on whom. A new arrow is a line here and a decision record.

/// What one crate of ours may depend on.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) from: &'static str,
    pub(super) to: &'static [&'static str],
}

const fn row(from: &'static str, to: &'static [&'static str]) -> Row {
    Row { from, to }
}

/// Normal and build dependencies between our crates; what a test needs is not an arrow.
pub(super) const ROWS: &[Row] = &[
    row("cortex-macros", &[]),
    row("cortex-core", &["cortex-macros"]),
    row("cortex-data", &["cortex-core", "cortex-macros"]),
    row("cortex-web", &["cortex-core", "cortex-data", "cortex-macros"]),
    row("cortex-exchange", &["cortex-core", "cortex-data", "cortex-macros", "cortex-web"]),
    row("codexion", &["cortex-core", "cortex-data", "cortex-exchange", "cortex-macros", "cortex-web"]),
    row("cortex-testing", &["codexion"]),
    // The domains are written as an outside author would: the facade is all they see.
    row("finance", &["codexion"]),
    row("inventory", &["codexion"]),
    row("crm", &["codexion"]),
    // Where two domains meet.
    row("crm-inventory", &["codexion", "crm", "inventory"]),
    row("crm-finance", &["codexion", "crm", "finance"]),
    row("finance-inventory", &["codexion", "finance", "inventory"]),
    row("quickstart", &["codexion"]),
    row("erp", &["codexion", "crm", "crm-finance", "crm-inventory", "finance", "finance-inventory", "inventory"]),
    row(
        "benches",
        &[
            "codexion",
            "cortex-testing",
            "crm",
            "crm-finance",
            "crm-inventory",
            "finance",
            "finance-inventory",
            "inventory",
        ],
    ),
    row("xtask", &[]),
];

/// These never depend on each other, not even in their tests: they meet in bridges.
pub(super) const PEERS: &[&str] = &["finance", "inventory", "crm"];

/// A crate and what must not be anywhere in its tree.
#[derive(Debug)]
pub(super) struct Absent {
    pub(super) from: &'static str,
    pub(super) never: &'static [&'static str],
}

/// The core knows no database, no HTTP and no model.
pub(super) const ABSENT: &[Absent] = &[
    Absent {
        from: "cortex-core",
        never: &[
            "aide",
            "axum",
            "candle-core",
            "deadpool",
            "diesel",
            "http",
            "hyper",
            "libsqlite3-sys",
            "ort",
            "pq-sys",
            "tower-http",
        ],
    },
    Absent { from: "cortex-data", never: &["aide", "axum", "hyper", "tower-http"] },
];
