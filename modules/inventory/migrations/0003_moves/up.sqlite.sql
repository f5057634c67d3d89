-- What was done stays done: it can be cancelled, and a receipt's cost can be amended, but nothing else changes.
CREATE TRIGGER inventory_moves_done_update BEFORE UPDATE ON inventory_moves
WHEN OLD.state IN ('done', 'cancelled') AND (
    NEW.tenant_id IS NOT OLD.tenant_id OR NEW.id IS NOT OLD.id OR NEW.item IS NOT OLD.item
    OR NEW.source IS NOT OLD.source OR NEW.destination IS NOT OLD.destination OR NEW.kind IS NOT OLD.kind
    OR NEW.quantity IS NOT OLD.quantity OR NEW.quantity_unit IS NOT OLD.quantity_unit OR NEW.date IS NOT OLD.date
    OR NEW.returned_move IS NOT OLD.returned_move
    OR NEW.state IS NOT OLD.state AND NOT (OLD.state = 'done' AND NEW.state = 'cancelled')
)
BEGIN
    SELECT RAISE(ABORT, 'refused: a stock move that is done or cancelled cannot be changed');
END;

CREATE TRIGGER inventory_moves_done_delete BEFORE DELETE ON inventory_moves
WHEN OLD.state IN ('done', 'cancelled')
BEGIN
    SELECT RAISE(ABORT, 'refused: a stock move that is done or cancelled cannot be deleted');
END;
