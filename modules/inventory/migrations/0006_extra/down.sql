ALTER TABLE inventory_items DROP COLUMN extra;
