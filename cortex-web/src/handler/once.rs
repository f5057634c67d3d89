//! Idempotency keys: a client that did not hear the answer sends the same request again, and gets the same answer.

use aide::generate::GenContext;
use aide::openapi::Operation;
use axum::http::HeaderName;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use cortex_core::Result;
use cortex_data::{OnceKey, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::error::RequestError;
use crate::handler::{Arg, Call};
use crate::openapi::parameter;
use crate::problem::Rejection;

/// The header that carries the key.
pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Longest key: a UUID has 36 characters, and nobody needs much more.
pub(crate) const KEY_LENGTH_MAX: usize = 200;

/// Does a unit of work once per `Idempotency-Key`, where the client sends one.
///
/// ```
/// # use cortex_core::Inject;
/// # use cortex_data::{Tx, Work};
/// # use cortex_web::{Answer, Body, Once};
/// # struct Orders;
/// # impl Orders {
/// #     fn place(&self, _: &mut Tx, _: &Order) -> Answer<Placed> { Ok(Placed {}) }
/// # }
/// # #[derive(serde::Deserialize, schemars::JsonSchema)]
/// # struct Order {}
/// # #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
/// # struct Placed {}
/// async fn place(work: Work, orders: Inject<Orders>, once: Once, body: Body<Order>) -> Answer<Placed> {
///     work.write(move |tx| once.run(tx, |tx| orders.place(tx, &body))).await
/// }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Once(Option<OnceKey>);

impl Once {
    /// Runs `part`, and keeps what it answers in the same transaction. When the same actor has sent the same key and
    /// body to the same route before, answers what was kept instead.
    ///
    /// # Errors
    /// What `part` refuses; the key came with another body before.
    pub fn run<R: Serialize + DeserializeOwned>(
        &self,
        tx: &mut Tx,
        part: impl FnOnce(&mut Tx) -> Result<R>,
    ) -> Result<R> {
        match &self.0 {
            Some(key) => cortex_data::once(tx, key, part),
            None => part(tx),
        }
    }
}

impl Arg for Once {
    const ONCE: bool = true;

    fn describe(_: &mut GenContext, operation: &mut Operation) {
        let about = "A name for this request, unique to the client: the request is then carried out once, however \
                     often it is sent";
        parameter::header(operation, "Idempotency-Key", about);
    }

    async fn take(call: &mut Call<'_>) -> Result<Self, Rejection> {
        let Some(value) = call.parts.headers.get(&IDEMPOTENCY_KEY) else { return Ok(Self(None)) };
        let wrong = |reason: String| RequestError::Header { name: "Idempotency-Key", reason };
        let key = value.to_str().map_err(|_| wrong("only printable ASCII characters are allowed".to_owned()))?;
        if key.is_empty() || key.len() > KEY_LENGTH_MAX {
            return Err(wrong(format!("1 to {KEY_LENGTH_MAX} characters are allowed")).into());
        }
        let key = key.to_owned();
        let body = call.bytes().await?;
        // The path, too: `/orders/1/pay` and `/orders/2/pay` are the same route.
        let mut hash = Sha256::new();
        hash.update(call.parts.uri.path().as_bytes());
        hash.update([0]);
        // So is the company.
        hash.update(call.cx()?.company().uuid());
        hash.update(&body);
        let fingerprint = STANDARD_NO_PAD.encode(hash.finalize());
        Ok(Self(Some(OnceKey { route: call.site.route.clone(), key, fingerprint })))
    }
}
