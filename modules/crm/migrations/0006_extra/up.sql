-- What tenants and other modules keep of parties.
ALTER TABLE crm_parties ADD COLUMN extra jsonb NOT NULL DEFAULT '{}';
