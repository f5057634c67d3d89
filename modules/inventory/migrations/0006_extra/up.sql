-- What tenants and other modules keep of items.
ALTER TABLE inventory_items ADD COLUMN extra jsonb NOT NULL DEFAULT '{}';
