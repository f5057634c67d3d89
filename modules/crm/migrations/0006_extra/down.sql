ALTER TABLE crm_parties DROP COLUMN extra;
