-- What is posted stays as it is, and what is posted has lines and balances, and its period is open.
CREATE FUNCTION finance_entries_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    difference numeric;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state = 'posted' THEN
            RAISE EXCEPTION 'refused: an entry begins as a draft';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state = 'posted' THEN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'refused: a posted entry cannot be deleted';
        END IF;
        RAISE EXCEPTION 'refused: a posted entry cannot be changed';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.state = 'posted' THEN
        SELECT SUM(l.debit) - SUM(l.credit) INTO difference FROM finance_entry_lines l
        WHERE l.tenant_id = NEW.tenant_id AND l.company_id = NEW.company_id AND l.entry = NEW.id;
        IF COALESCE(difference, 1) <> 0 THEN
            RAISE EXCEPTION 'refused: the entry has no lines or does not balance';
        END IF;
        IF EXISTS (SELECT 1 FROM finance_entry_lines l
            WHERE l.tenant_id = NEW.tenant_id AND l.company_id = NEW.company_id AND l.entry = NEW.id AND l.foreign_amount <> 0
            GROUP BY l.foreign_amount_currency
            HAVING SUM(l.foreign_amount) <> 0 AND MIN(l.foreign_amount) < 0 AND MAX(l.foreign_amount) > 0)
        THEN
            RAISE EXCEPTION 'refused: the entry does not balance in a foreign currency';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM finance_periods p
            WHERE p.tenant_id = NEW.tenant_id AND p.company_id = NEW.company_id AND p.id = NEW.period AND p.state = 'open'
            AND NEW.date BETWEEN p.first AND p.last)
        THEN
            RAISE EXCEPTION 'refused: the period is not open';
        END IF;
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER finance_entries_guard BEFORE INSERT OR UPDATE OR DELETE ON finance_entries
FOR EACH ROW EXECUTE FUNCTION finance_entries_guard();

-- Lines of a posted entry stay as they are. The header is locked as a foreign key locks it, so that the entry is not
-- posted in between.
CREATE FUNCTION finance_lines_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found_state varchar;
BEGIN
    SELECT e.state INTO found_state FROM finance_entries e
    WHERE e.tenant_id = OLD.tenant_id AND e.company_id = OLD.company_id AND e.id = OLD.entry FOR KEY SHARE;
    IF found_state = 'posted' THEN
        RAISE EXCEPTION 'refused: a line of a posted entry cannot be changed or deleted';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END;
$$;

CREATE TRIGGER finance_lines_guard BEFORE UPDATE OR DELETE ON finance_entry_lines
FOR EACH ROW EXECUTE FUNCTION finance_lines_guard();

-- New lines are looked at once per statement, after the foreign keys have waited for a posting that is under way.
CREATE FUNCTION finance_lines_born() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT tenant_id, company_id, entry FROM fresh) f
        JOIN finance_entries e ON e.tenant_id = f.tenant_id AND e.company_id = f.company_id AND e.id = f.entry WHERE e.state = 'posted')
    THEN
        RAISE EXCEPTION 'refused: a posted entry takes no more lines';
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER finance_lines_born AFTER INSERT ON finance_entry_lines
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION finance_lines_born();

CREATE TRIGGER finance_lines_moved AFTER UPDATE ON finance_entry_lines
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION finance_lines_born();
