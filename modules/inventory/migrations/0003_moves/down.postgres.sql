DROP TRIGGER inventory_moves_done ON inventory_moves;
DROP FUNCTION inventory_moves_keep_done();
