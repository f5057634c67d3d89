-- What was answered to requests that carry an idempotency key, written in the transaction that the answer tells about.
CREATE TABLE cortex_idempotency (
    tenant_id uuid NOT NULL,
    actor_id uuid NOT NULL,
    route text NOT NULL,
    request_key text NOT NULL,
    fingerprint text NOT NULL,
    answer text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, actor_id, route, request_key)
);

CREATE INDEX cortex_idempotency_age ON cortex_idempotency (tenant_id, created_at);
