DROP FUNCTION inventory_ledger_only_grows();
