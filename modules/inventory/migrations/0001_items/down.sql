DROP TABLE inventory_items;
DROP TABLE inventory_units;
