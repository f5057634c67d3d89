CREATE TRIGGER inventory_stock_entries_no_update BEFORE UPDATE ON inventory_stock_entries
BEGIN
    SELECT RAISE(ABORT, 'refused: inventory_stock_entries only grows: append a correction');
END;

CREATE TRIGGER inventory_stock_entries_no_delete BEFORE DELETE ON inventory_stock_entries
BEGIN
    SELECT RAISE(ABORT, 'refused: inventory_stock_entries only grows: append a correction');
END;

CREATE TRIGGER inventory_value_entries_no_update BEFORE UPDATE ON inventory_value_entries
BEGIN
    SELECT RAISE(ABORT, 'refused: inventory_value_entries only grows: append a correction');
END;

CREATE TRIGGER inventory_value_entries_no_delete BEFORE DELETE ON inventory_value_entries
BEGIN
    SELECT RAISE(ABORT, 'refused: inventory_value_entries only grows: append a correction');
END;
