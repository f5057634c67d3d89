DROP FUNCTION finance_lines_born() CASCADE;
DROP FUNCTION finance_lines_guard() CASCADE;
DROP FUNCTION finance_entries_guard() CASCADE;
