DROP FUNCTION inventory_moves_keep_done();
