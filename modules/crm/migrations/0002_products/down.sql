DROP TABLE crm_counters;
DROP TABLE crm_products;
