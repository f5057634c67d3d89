DROP SEQUENCE cortex_outbox_position;
