//! Derive macros of Codexion Cortex.
