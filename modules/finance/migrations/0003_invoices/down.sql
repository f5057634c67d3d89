DROP TABLE finance_tax_lines;
DROP TABLE finance_invoice_lines;
DROP TABLE finance_invoices;
DROP TABLE finance_taxes;
