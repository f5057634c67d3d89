DROP TABLE company_demos;
