//! `erp`: a small company, ready to look at.

use codexion::prelude::Result;

#[tokio::main]
async fn main() -> Result<()> {
    erp::app().run().await
}
