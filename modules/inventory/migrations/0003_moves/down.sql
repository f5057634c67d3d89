DROP TABLE inventory_moves;
