DROP TABLE cortex_seeds;
DROP TABLE cortex_deliveries;
DROP TABLE cortex_outbox;
DROP TABLE cortex_changes;
