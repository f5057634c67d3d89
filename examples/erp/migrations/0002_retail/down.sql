DROP TABLE company_retail_imports;
