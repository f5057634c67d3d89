CREATE FUNCTION inventory_ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'refused: % only grows: append a correction', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END;
$$;

CREATE TRIGGER inventory_stock_entries_only_grows BEFORE UPDATE OR DELETE ON inventory_stock_entries
FOR EACH ROW EXECUTE FUNCTION inventory_ledger_only_grows();

CREATE TRIGGER inventory_value_entries_only_grows BEFORE UPDATE OR DELETE ON inventory_value_entries
FOR EACH ROW EXECUTE FUNCTION inventory_ledger_only_grows();
