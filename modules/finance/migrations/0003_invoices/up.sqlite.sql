-- What stands on an invoice that is in the books stays; only its state goes between posted and paid.
CREATE TRIGGER finance_invoices_keep BEFORE UPDATE ON finance_invoices
WHEN OLD.state <> 'draft' AND (
    NEW.state = 'draft' OR (OLD.state = 'cancelled') <> (NEW.state = 'cancelled')
    OR NEW.number IS NOT OLD.number OR NEW.party IS NOT OLD.party OR NEW.date IS NOT OLD.date
    OR NEW.net IS NOT OLD.net OR NEW.tax IS NOT OLD.tax OR NEW.total IS NOT OLD.total
    OR NEW.total_currency IS NOT OLD.total_currency OR NEW.entry IS NOT OLD.entry
    OR NEW.side IS NOT OLD.side OR NEW.kind IS NOT OLD.kind
)
BEGIN
    SELECT RAISE(ABORT, 'refused: an invoice that is posted or cancelled cannot be changed');
END;

CREATE TRIGGER finance_invoices_stay BEFORE DELETE ON finance_invoices WHEN OLD.state <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'refused: an invoice that is posted or cancelled cannot be deleted');
END;
