DROP TABLE cortex_idempotency;
