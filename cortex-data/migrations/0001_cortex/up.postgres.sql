-- The order in which messages are written.
CREATE SEQUENCE cortex_outbox_position;
