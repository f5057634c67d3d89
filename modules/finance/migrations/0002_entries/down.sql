DROP TABLE finance_open_items;
DROP TABLE finance_balances;
DROP TABLE finance_entry_lines;
DROP TABLE finance_entries;
