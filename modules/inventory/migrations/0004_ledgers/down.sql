DROP TABLE inventory_checkpoints;
DROP TABLE inventory_valuations;
DROP TABLE inventory_levels;
DROP TABLE inventory_value_entries;
DROP TABLE inventory_stock_entries;
