DROP TABLE exchange_imports;
