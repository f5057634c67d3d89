-- What was done stays done: it can be cancelled, and a receipt's cost can be amended, but nothing else changes.
CREATE FUNCTION inventory_moves_keep_done() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state NOT IN ('done', 'cancelled') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'refused: a stock move that is done or cancelled cannot be deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.tenant_id, NEW.id, NEW.item, NEW.source, NEW.destination, NEW.kind, NEW.quantity, NEW.quantity_unit,
        NEW.date, NEW.returned_move)
        IS DISTINCT FROM
        (OLD.tenant_id, OLD.id, OLD.item, OLD.source, OLD.destination, OLD.kind, OLD.quantity, OLD.quantity_unit,
        OLD.date, OLD.returned_move)
        OR NEW.state <> OLD.state AND NOT (OLD.state = 'done' AND NEW.state = 'cancelled')
    THEN
        RAISE EXCEPTION 'refused: a stock move that is done or cancelled cannot be changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER inventory_moves_done BEFORE UPDATE OR DELETE ON inventory_moves
FOR EACH ROW EXECUTE FUNCTION inventory_moves_keep_done();
