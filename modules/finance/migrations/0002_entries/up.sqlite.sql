-- What is posted stays as it is.
CREATE TRIGGER finance_entries_keep BEFORE UPDATE ON finance_entries WHEN OLD.state = 'posted'
BEGIN
    SELECT RAISE(ABORT, 'refused: a posted entry cannot be changed');
END;

CREATE TRIGGER finance_entries_stay BEFORE DELETE ON finance_entries WHEN OLD.state = 'posted'
BEGIN
    SELECT RAISE(ABORT, 'refused: a posted entry cannot be deleted');
END;

CREATE TRIGGER finance_entries_born BEFORE INSERT ON finance_entries WHEN NEW.state = 'posted'
BEGIN
    SELECT RAISE(ABORT, 'refused: an entry begins as a draft');
END;

CREATE TRIGGER finance_lines_keep BEFORE UPDATE ON finance_entry_lines
WHEN EXISTS (SELECT 1 FROM finance_entries e WHERE e.tenant_id = OLD.tenant_id AND e.company_id = OLD.company_id AND e.id IN (OLD.entry, NEW.entry)
    AND e.state = 'posted')
BEGIN
    SELECT RAISE(ABORT, 'refused: a line of a posted entry cannot be changed or deleted');
END;

CREATE TRIGGER finance_lines_stay BEFORE DELETE ON finance_entry_lines
WHEN EXISTS (SELECT 1 FROM finance_entries e WHERE e.tenant_id = OLD.tenant_id AND e.company_id = OLD.company_id AND e.id = OLD.entry
    AND e.state = 'posted')
BEGIN
    SELECT RAISE(ABORT, 'refused: a line of a posted entry cannot be changed or deleted');
END;

CREATE TRIGGER finance_lines_born BEFORE INSERT ON finance_entry_lines
WHEN EXISTS (SELECT 1 FROM finance_entries e WHERE e.tenant_id = NEW.tenant_id AND e.company_id = NEW.company_id AND e.id = NEW.entry
    AND e.state = 'posted')
BEGIN
    SELECT RAISE(ABORT, 'refused: a posted entry takes no more lines');
END;

-- What is posted has lines and balances, and its period is open.
CREATE TRIGGER finance_entries_post BEFORE UPDATE ON finance_entries
WHEN NEW.state = 'posted' AND OLD.state = 'draft'
BEGIN
    SELECT CASE WHEN COALESCE((SELECT SUM(l.debit) - SUM(l.credit) FROM finance_entry_lines l
        WHERE l.tenant_id = NEW.tenant_id AND l.company_id = NEW.company_id AND l.entry = NEW.id), 1) <> 0
        THEN RAISE(ABORT, 'refused: the entry has no lines or does not balance') END;
    SELECT CASE WHEN EXISTS (SELECT 1 FROM finance_entry_lines l
        WHERE l.tenant_id = NEW.tenant_id AND l.company_id = NEW.company_id AND l.entry = NEW.id AND l.foreign_amount <> 0
        GROUP BY l.foreign_amount_currency
        HAVING SUM(l.foreign_amount) <> 0 AND MIN(l.foreign_amount) < 0 AND MAX(l.foreign_amount) > 0)
        THEN RAISE(ABORT, 'refused: the entry does not balance in a foreign currency') END;
    SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM finance_periods p
        WHERE p.tenant_id = NEW.tenant_id AND p.company_id = NEW.company_id AND p.id = NEW.period AND p.state = 'open'
        AND NEW.date BETWEEN p.first AND p.last)
        THEN RAISE(ABORT, 'refused: the period is not open') END;
END;
