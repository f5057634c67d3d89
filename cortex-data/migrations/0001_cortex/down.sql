DROP TABLE cortex_outbox;
DROP TABLE cortex_changes;
