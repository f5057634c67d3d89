ALTER TABLE cortex_outbox DROP COLUMN company_id;
ALTER TABLE cortex_changes DROP COLUMN company_id;
DROP TABLE cortex_companies;
