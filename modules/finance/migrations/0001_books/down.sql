DROP TABLE finance_rates;
DROP TABLE finance_series;
DROP TABLE finance_periods;
DROP TABLE finance_years;
DROP TABLE finance_account_roles;
DROP TABLE finance_accounts;
DROP TABLE finance_companies;
