DROP TABLE finance_settlements;
DROP TABLE finance_reconciliations;
DROP TABLE finance_payments;
