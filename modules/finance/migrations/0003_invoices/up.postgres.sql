-- What stands on an invoice that is in the books stays; only its state goes between posted and paid.
CREATE FUNCTION finance_invoices_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'refused: an invoice that is posted or cancelled cannot be deleted';
    END IF;
    IF NEW.state = 'draft' OR (OLD.state = 'cancelled') <> (NEW.state = 'cancelled')
        OR (NEW.number, NEW.party, NEW.date, NEW.net, NEW.tax, NEW.total, NEW.total_currency, NEW.entry, NEW.side,
        NEW.kind)
        IS DISTINCT FROM
        (OLD.number, OLD.party, OLD.date, OLD.net, OLD.tax, OLD.total, OLD.total_currency, OLD.entry, OLD.side,
        OLD.kind)
    THEN
        RAISE EXCEPTION 'refused: an invoice that is posted or cancelled cannot be changed';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER finance_invoices_guard BEFORE UPDATE OR DELETE ON finance_invoices
FOR EACH ROW EXECUTE FUNCTION finance_invoices_guard();
