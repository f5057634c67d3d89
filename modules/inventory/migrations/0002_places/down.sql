DROP TABLE inventory_locations;
DROP TABLE inventory_warehouses;
