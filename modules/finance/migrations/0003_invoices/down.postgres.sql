DROP FUNCTION finance_invoices_guard() CASCADE;
